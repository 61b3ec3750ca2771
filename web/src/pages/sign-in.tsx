/** Signing in: a page for who comes, a dialog over the page for whose session has ended. */
import { queryOptions, useQuery, useQueryClient } from '@tanstack/react-query';
import { useState, type SubmitEvent } from 'react';
import { call } from '../api/client.ts';
import { me, useChange } from '../api/queries.ts';
import { signedInAgain } from '../api/session.ts';
import type { Me, SignInMethods } from '../api/types.ts';
import { Button, Trouble } from '../parts/basics.tsx';
import { Card } from '../parts/card.tsx';
import { Dialog } from '../parts/dialog.tsx';
import { TextField } from '../parts/field.tsx';
import { t } from '../texts.ts';

export function SignInPage() {
  const client = useQueryClient();
  return (
    <Card title={t.signIn.title}>
      <SignInForm onDone={() => client.invalidateQueries()} />
      <p className="mt-4 text-dim">{t.signIn.none}</p>
    </Card>
  );
}

/** Over whatever is on the page, which is left as it is. */
export function SignInAgain() {
  const client = useQueryClient();
  const before = client.getQueryData(me.queryKey);
  const goOn = async () => {
    const now = await call<Me>('GET', '/api/me');
    // Somebody else must not see what is on the page, nor send it.
    if (now.user.id !== before?.user.id) location.reload();
    else signedInAgain();
  };
  return (
    <Dialog title={t.signIn.again}>
      <p className="mb-4 text-dim">{t.signIn.againText}</p>
      <SignInForm email={before?.user.email ?? ''} onDone={goOn} />
    </Dialog>
  );
}

type Props = { email?: string; onDone: () => unknown };
const methods = queryOptions({
  queryKey: ['sign-in-methods'],
  queryFn: ({ signal }) => call<SignInMethods>('GET', '/api/auth/methods', { signal }),
  staleTime: Infinity,
});

function SignInForm({ email: known = '', onDone }: Props) {
  const [email, setEmail] = useState(known);
  const [password, setPassword] = useState('');
  const { data: ways } = useQuery(methods);
  const signIn = useChange(
    (given: { email: string; password: string }) => call('POST', '/api/auth/sign-in/email', { body: given }),
    onDone,
  );
  const submit = (event: SubmitEvent) => {
    event.preventDefault();
    if (!signIn.isPending) signIn.mutate({ email: email.trim(), password });
  };
  return (
    <>
      <form onSubmit={submit} className="grid gap-4">
        <TextField
          label={t.signIn.email}
          type="email"
          name="email"
          autoComplete="username"
          required
          autoFocus={known === ''}
          value={email}
          onText={setEmail}
        />
        <TextField
          label={t.signIn.password}
          type="password"
          name="password"
          autoComplete="current-password"
          required
          autoFocus={known !== ''}
          value={password}
          onText={setPassword}
        />
        <Trouble error={signIn.error} />
        <Button type="submit" look="main" busy={signIn.isPending} className="w-full">
          {signIn.isPending ? t.signIn.working : t.signIn.submit}
        </Button>
      </form>
      {ways?.oidc && (
        // The hub's own form: it leads to the provider of identities, and back to this page.
        <form method="post" action="/sign-in/oidc" className="mt-3">
          <input type="hidden" name="next" value={location.pathname + location.search} />
          <Button type="submit" className="w-full">
            {t.signIn.with(ways.oidc.name)}
          </Button>
        </form>
      )}
    </>
  );
}
