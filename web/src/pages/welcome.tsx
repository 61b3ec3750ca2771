/** Where an invitation leads: somebody makes their account. The invitation is behind the `#`, which no server sees. */
import { useQuery, useQueryClient } from '@tanstack/react-query';
import { useNavigate } from '@tanstack/react-router';
import { useState, type SubmitEvent } from 'react';
import { call, problemIn } from '../api/client.ts';
import { useChange } from '../api/queries.ts';
import type { OpenInvitation } from '../api/types.ts';
import { Button, Note, Skeleton, Trouble } from '../parts/basics.tsx';
import { Card } from '../parts/card.tsx';
import { SecretField, TextField } from '../parts/field.tsx';
import { faultsUnder } from '../parts/schema.ts';
import { useTokenOfLink } from '../parts/token.ts';
import { t } from '../texts.ts';

export function Welcome() {
  const token = useTokenOfLink();
  const { data, error, isPending } = useQuery({
    queryKey: ['invitation', token],
    queryFn: ({ signal }) =>
      call<OpenInvitation>('POST', '/api/welcome/invitation', { body: { token }, signal }),
    enabled: token !== '',
    staleTime: Infinity,
  });
  return (
    <Card title={t.welcome.title}>
      {token === '' ? (
        <Note>{t.welcome.noToken}</Note>
      ) : error ? (
        <Trouble error={error} />
      ) : isPending ? (
        <Skeleton className="h-72" />
      ) : (
        <AccountForm key={token} token={token} invitation={data} />
      )}
    </Card>
  );
}

function AccountForm({ token, invitation }: { token: string; invitation: OpenInvitation }) {
  const client = useQueryClient();
  const navigate = useNavigate();
  const [name, setName] = useState('');
  const [email, setEmail] = useState(invitation.email ?? '');
  const [password, setPassword] = useState('');
  const [tried, setTried] = useState(false);
  const make = useChange(
    () => call('POST', '/api/welcome', { body: { token, name: name.trim(), email: email.trim(), password } }),
    async () => {
      client.clear();
      await navigate({ to: '/', replace: true, search: {} });
    },
  );
  const faults = make.error ? faultsUnder('', problemIn(make.error).errors) : {};
  const { least } = invitation.password;
  const isTooShort = password.length < least;
  const submit = (event: SubmitEvent) => {
    event.preventDefault();
    setTried(true);
    if (!isTooShort && !make.isPending) make.mutate(undefined);
  };
  return (
    <form onSubmit={submit} className="grid gap-4">
      <p className="text-dim">{t.welcome.text(invitation.role)}</p>
      <TextField
        label={t.welcome.name}
        name="name"
        autoComplete="name"
        required
        autoFocus
        maxLength={200}
        value={name}
        onText={setName}
        fault={faults['name']}
      />
      <TextField
        label={t.signIn.email}
        type="email"
        name="email"
        autoComplete="username"
        required
        readOnly={invitation.email !== null}
        value={email}
        onText={setEmail}
        fault={faults['email']}
      />
      <SecretField
        label={t.welcome.password}
        name="password"
        autoComplete="new-password"
        required
        value={password}
        onText={setPassword}
        hint={t.welcome.passwordHint(least)}
        fault={tried && isTooShort ? t.form.tooShort(least) : faults['password']}
      />
      <Trouble error={make.error} />
      <Button type="submit" look="main" busy={make.isPending} className="w-full">
        {t.welcome.submit}
      </Button>
    </form>
  );
}
