/** Who has an account here, and who is invited; for admins. */
import { useQuery, useQueryClient } from '@tanstack/react-query';
import { useState, type SubmitEvent } from 'react';
import { call, problemIn } from '../api/client.ts';
import { invitations, useChange, useMe, users } from '../api/queries.ts';
import type { Invitation, MadeInvitation, Role, User } from '../api/types.ts';
import { AskButton } from '../parts/ask.tsx';
import { Badge, Button, Empty, PageHead, Panel, Trouble } from '../parts/basics.tsx';
import { Dialog } from '../parts/dialog.tsx';
import { Select, SelectField, TextField } from '../parts/field.tsx';
import { Listed } from '../parts/listed.tsx';
import { Made } from '../parts/made.tsx';
import { roleOptions } from '../parts/roles.ts';
import { faultsUnder } from '../parts/schema.ts';
import { Table } from '../parts/table.tsx';
import { Ago } from '../parts/time.tsx';
import { useTitle } from '../parts/title.ts';
import { t } from '../texts.ts';

export function People() {
  useTitle(t.people.title);
  const client = useQueryClient();
  const me = useMe();
  const query = useQuery(users);
  const [isInviting, setInviting] = useState(false);
  const [made, setMade] = useState<MadeInvitation | null>(null);
  const again = () => client.invalidateQueries({ queryKey: users.queryKey });
  const { columns } = t.people;
  const invite = (
    <Button look="main" onClick={() => setInviting(true)}>
      {t.people.invite}
    </Button>
  );
  return (
    <>
      <PageHead title={t.people.title}>{invite}</PageHead>
      <Listed
        query={query}
        empty={
          <Empty title={t.people.none} text={t.people.noneText}>
            {invite}
          </Empty>
        }
      >
        {(rows) => (
          <Table
            caption={t.people.title}
            rows={rows}
            keyOf={({ id }) => id}
            columns={[
              {
                title: columns.name,
                of: ({ id, name, email }) => (
                  <>
                    <span className="font-medium break-words">{name}</span>
                    {id === me.id && <span className="text-dim"> ({t.people.you})</span>}
                    <span className="block text-xs break-all text-dim">{email}</span>
                  </>
                ),
              },
              {
                title: columns.role,
                of: (user) => <RoleOf user={user} isMe={user.id === me.id} onChanged={again} />,
              },
              {
                title: columns.since,
                wide: true,
                of: ({ createdAt }) => (
                  <span className="text-dim">
                    <Ago time={createdAt} />
                  </span>
                ),
              },
              {
                title: columns.actions,
                silent: true,
                className: 'text-right max-sm:ml-auto',
                of: ({ id, name }) =>
                  id !== me.id && (
                    <AskButton
                      label={t.people.remove}
                      about={name}
                      title={t.people.removeTitle(name)}
                      action={() => call('DELETE', `/api/users/${encodeURIComponent(id)}`)}
                      onDone={again}
                    >
                      {t.people.removeText}
                    </AskButton>
                  ),
              },
            ]}
          />
        )}
      </Listed>
      <Invitations />
      {isInviting && (
        <Invite
          onClose={() => setInviting(false)}
          onMade={(invitation) => {
            setInviting(false);
            setMade(invitation);
            void client.invalidateQueries({ queryKey: invitations.queryKey });
          }}
        />
      )}
      {made && (
        <Made
          title={t.people.madeTitle}
          text={t.people.madeText}
          secret={made.url}
          onClose={() => setMade(null)}
        />
      )}
    </>
  );
}

/** Nobody takes their own rights away by a slip. */
function RoleOf({ user, isMe, onChanged }: { user: User; isMe: boolean; onChanged: () => unknown }) {
  const change = useChange(
    (role: string) => call('PATCH', `/api/users/${encodeURIComponent(user.id)}`, { body: { role } }),
    onChanged,
  );
  if (isMe) return <Badge>{t.roles[user.role]}</Badge>;
  return (
    <>
      <Select
        aria-label={`${t.people.role}: ${user.name}`}
        className="w-32"
        disabled={change.isPending}
        value={user.role}
        options={roleOptions}
        onText={change.mutate}
      />
      <Trouble error={change.error} />
    </>
  );
}

function Invitations() {
  const client = useQueryClient();
  const { data } = useQuery(invitations);
  const again = () => client.invalidateQueries({ queryKey: invitations.queryKey });
  if (!data || data.data.length === 0) return null;
  return (
    <Panel title={t.people.invitations} className="mt-5" flush>
      <ul>
        {data.data.map((one: Invitation) => (
          <li
            key={one.id}
            className="flex flex-wrap items-center gap-x-3 gap-y-1 border-b border-line px-4 py-2 last:border-0"
          >
            <span className="min-w-0 flex-1 basis-48 break-words">{one.email ?? t.people.anybody}</span>
            <Badge>{t.roles[one.role]}</Badge>
            <span className="text-xs text-dim">
              {t.people.runsOut} <Ago time={one.expiresAt} />
            </span>
            <AskButton
              label={t.people.withdraw}
              about={one.email ?? t.people.anybody}
              title={t.people.withdrawTitle}
              action={() => call('DELETE', `/api/invitations/${one.id}`)}
              onDone={again}
            >
              {t.people.withdrawText}
            </AskButton>
          </li>
        ))}
      </ul>
    </Panel>
  );
}

function Invite({ onClose, onMade }: { onClose: () => void; onMade: (made: MadeInvitation) => void }) {
  const [email, setEmail] = useState('');
  const [role, setRole] = useState<Role>('builder');
  const make = useChange(
    () =>
      call<MadeInvitation>('POST', '/api/invitations', {
        body: { role, ...(email.trim() === '' ? {} : { email: email.trim() }) },
      }),
    onMade,
  );
  const faults = make.error ? faultsUnder('', problemIn(make.error).errors) : {};
  const submit = (event: SubmitEvent) => {
    event.preventDefault();
    if (!make.isPending) make.mutate(undefined);
  };
  return (
    <Dialog title={t.people.inviteTitle} onClose={onClose}>
      <form onSubmit={submit} className="grid gap-4">
        <TextField
          label={t.people.email}
          type="email"
          optional
          autoFocus
          autoComplete="off"
          value={email}
          onText={setEmail}
          hint={t.people.emailHint}
          fault={faults['email']}
        />
        <SelectField
          label={t.people.role}
          value={role}
          onText={(value) => setRole(value as Role)}
          options={roleOptions}
          hint={t.roleMeanings[role]}
        />
        <Trouble error={make.error} />
        <div className="flex justify-end gap-2">
          <Button onClick={onClose}>{t.cancel}</Button>
          <Button type="submit" look="main" busy={make.isPending}>
            {t.people.submit}
          </Button>
        </div>
      </form>
    </Dialog>
  );
}
