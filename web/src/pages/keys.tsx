/** API keys, for admins. */
import { useQuery, useQueryClient } from '@tanstack/react-query';
import { useState, type SubmitEvent } from 'react';
import { call, problemIn } from '../api/client.ts';
import { keys, useChange, users } from '../api/queries.ts';
import type { CreatedKey, Role } from '../api/types.ts';
import { AskButton } from '../parts/ask.tsx';
import { Badge, Button, Empty, PageHead, Trouble } from '../parts/basics.tsx';
import { Dialog } from '../parts/dialog.tsx';
import { SelectField, TextField } from '../parts/field.tsx';
import { Listed } from '../parts/listed.tsx';
import { Made } from '../parts/made.tsx';
import { roleOptions } from '../parts/roles.ts';
import { faultsUnder } from '../parts/schema.ts';
import { Table } from '../parts/table.tsx';
import { Ago } from '../parts/time.tsx';
import { useTitle } from '../parts/title.ts';
import { t } from '../texts.ts';

export function Keys() {
  useTitle(t.keys.title);
  const client = useQueryClient();
  const query = useQuery(keys);
  const { data: people } = useQuery(users);
  const [isMaking, setMaking] = useState(false);
  const [made, setMade] = useState<CreatedKey | null>(null);
  const again = () => client.invalidateQueries({ queryKey: keys.queryKey });
  const nameOf = (userId: string) => people?.data.find(({ id }) => id === userId)?.name ?? userId;
  const { columns } = t.keys;
  const add = (
    <Button look="main" onClick={() => setMaking(true)}>
      {t.keys.add}
    </Button>
  );
  return (
    <>
      <PageHead title={t.keys.title} lead={t.keys.text}>
        {add}
      </PageHead>
      <Listed query={query} empty={<Empty title={t.keys.none} text={t.keys.noneText} />}>
        {(rows) => (
          <Table
            caption={t.keys.title}
            rows={rows}
            keyOf={({ id }) => id}
            columns={[
              {
                title: columns.name,
                of: ({ name }) => <span className="font-medium break-words">{name}</span>,
              },
              { title: columns.role, of: ({ role }) => <Badge>{t.roles[role]}</Badge> },
              {
                title: columns.user,
                wide: true,
                of: ({ userId }) => <span className="break-all text-dim">{nameOf(userId)}</span>,
              },
              {
                title: columns.used,
                of: ({ lastUsed }) => (
                  <span className="text-dim">
                    <Ago time={lastUsed} none={t.connections.never} />
                  </span>
                ),
              },
              {
                title: columns.made,
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
                of: ({ id, name }) => (
                  <AskButton
                    label={t.keys.revoke}
                    about={name}
                    title={t.keys.revokeTitle(name)}
                    action={() => call('DELETE', `/api/keys/${id}`)}
                    onDone={again}
                  >
                    {t.keys.revokeText}
                  </AskButton>
                ),
              },
            ]}
          />
        )}
      </Listed>
      {isMaking && (
        <NewKey
          onClose={() => setMaking(false)}
          onMade={(key) => {
            setMaking(false);
            setMade(key);
            void again();
          }}
        />
      )}
      {made && (
        <Made
          title={t.keys.madeTitle}
          text={t.keys.madeText}
          secret={made.key}
          onClose={() => setMade(null)}
        />
      )}
    </>
  );
}

function NewKey({ onClose, onMade }: { onClose: () => void; onMade: (key: CreatedKey) => void }) {
  const [name, setName] = useState('');
  const [role, setRole] = useState<Role>('builder');
  const [userId, setUserId] = useState('');
  const make = useChange(
    () =>
      call<CreatedKey>('POST', '/api/keys', {
        body: { name: name.trim(), role, ...(userId.trim() === '' ? {} : { userId: userId.trim() }) },
      }),
    onMade,
  );
  const faults = make.error ? faultsUnder('', problemIn(make.error).errors) : {};
  const submit = (event: SubmitEvent) => {
    event.preventDefault();
    if (name.trim() !== '' && !make.isPending) make.mutate(undefined);
  };
  return (
    <Dialog title={t.keys.add} onClose={onClose}>
      <form onSubmit={submit} className="grid gap-4">
        <TextField
          label={t.keys.name}
          required
          autoFocus
          maxLength={200}
          value={name}
          onText={setName}
          fault={faults['name']}
        />
        <SelectField
          label={t.keys.role}
          value={role}
          onText={(value) => setRole(value as Role)}
          options={roleOptions}
          hint={t.roleMeanings[role]}
        />
        <TextField
          label={t.keys.user}
          optional
          maxLength={200}
          value={userId}
          onText={setUserId}
          hint={t.keys.userHint}
          fault={faults['userId']}
        />
        <Trouble error={make.error} />
        <div className="flex justify-end gap-2">
          <Button onClick={onClose}>{t.cancel}</Button>
          <Button type="submit" look="main" busy={make.isPending}>
            {t.keys.submit}
          </Button>
        </div>
      </form>
    </Dialog>
  );
}
