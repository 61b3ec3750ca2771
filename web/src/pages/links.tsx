/** Links by which somebody without an account connects theirs. */
import { useQuery, useQueryClient } from '@tanstack/react-query';
import { Link } from '@tanstack/react-router';
import { useState, type SubmitEvent } from 'react';
import { call } from '../api/client.ts';
import { connectLinks, integrations, useChange } from '../api/queries.ts';
import type { ConnectLink, MadeConnectLink } from '../api/types.ts';
import { AskButton } from '../parts/ask.tsx';
import { Badge, Button, Empty, Logo, PageHead, Trouble, type Tone } from '../parts/basics.tsx';
import { Dialog } from '../parts/dialog.tsx';
import { SelectField, TextField } from '../parts/field.tsx';
import { Listed } from '../parts/listed.tsx';
import { Made } from '../parts/made.tsx';
import { Table } from '../parts/table.tsx';
import { Ago } from '../parts/time.tsx';
import { useTitle } from '../parts/title.ts';
import { t } from '../texts.ts';

const TONES: Record<ConnectLink['status'], Tone> = {
  open: 'accent',
  used: 'ok',
  expired: 'plain',
  revoked: 'plain',
};

export function Links() {
  useTitle(t.links.title);
  const client = useQueryClient();
  const query = useQuery(connectLinks);
  const { data: catalogue } = useQuery(integrations);
  const [isMaking, setMaking] = useState(false);
  const [made, setMade] = useState<MadeConnectLink | null>(null);
  const again = () => client.invalidateQueries({ queryKey: connectLinks.queryKey });
  const nameOf = (id: string) => catalogue?.data.find((one) => one.id === id)?.name ?? id;
  const { columns } = t.links;
  const add = (
    <Button look="main" onClick={() => setMaking(true)}>
      {t.links.add}
    </Button>
  );
  return (
    <>
      <PageHead title={t.links.title} lead={t.links.text}>
        {add}
      </PageHead>
      <Listed
        query={query}
        empty={
          <Empty title={t.links.none} text={t.links.noneText}>
            {add}
          </Empty>
        }
      >
        {(rows) => (
          <Table
            caption={t.links.title}
            rows={rows}
            keyOf={({ id }) => id}
            columns={[
              {
                title: columns.what,
                of: ({ integrationId, name }) => (
                  <span className="flex items-center gap-2.5">
                    <Logo id={integrationId} size={24} />
                    <span className="min-w-0">
                      <span className="block font-medium break-words">{name ?? nameOf(integrationId)}</span>
                      {name !== null && (
                        <span className="block text-xs text-dim">{nameOf(integrationId)}</span>
                      )}
                    </span>
                  </span>
                ),
              },
              {
                title: columns.state,
                of: ({ status }) => <Badge tone={TONES[status]}>{t.links.states[status]}</Badge>,
              },
              {
                title: columns.expires,
                of: ({ expiresAt }) => (
                  <span className="text-dim">
                    <Ago time={expiresAt} />
                  </span>
                ),
              },
              {
                title: columns.actions,
                silent: true,
                className: 'text-right max-sm:ml-auto',
                of: (link) => (
                  <LinkActions link={link} name={link.name ?? nameOf(link.integrationId)} onDone={again} />
                ),
              },
            ]}
          />
        )}
      </Listed>
      {isMaking && (
        <NewLink
          onClose={() => setMaking(false)}
          onMade={(link) => {
            setMaking(false);
            setMade(link);
            void again();
          }}
        />
      )}
      {made && (
        <Made
          title={t.links.madeTitle}
          text={t.links.madeText}
          secret={made.url}
          onClose={() => setMade(null)}
        />
      )}
    </>
  );
}

function LinkActions({ link, name, onDone }: { link: ConnectLink; name: string; onDone: () => unknown }) {
  if (link.connectionId !== null)
    return (
      <Link
        to="/connections/$id"
        params={{ id: link.connectionId }}
        search={{}}
        className="font-medium text-accent hover:underline"
      >
        {t.links.see}
      </Link>
    );
  if (link.status !== 'open') return null;
  return (
    <AskButton
      label={t.links.revoke}
      about={name}
      title={t.links.revokeTitle}
      action={() => call('DELETE', `/api/connect-links/${link.id}`)}
      onDone={onDone}
    >
      {t.links.revokeText}
    </AskButton>
  );
}

function NewLink({ onClose, onMade }: { onClose: () => void; onMade: (link: MadeConnectLink) => void }) {
  const { data: catalogue } = useQuery(integrations);
  const usable = (catalogue?.data ?? []).filter(
    ({ configured, authTypes }) => configured || authTypes.some((type) => type !== 'oauth2'),
  );
  const [integrationId, setIntegrationId] = useState('');
  const [name, setName] = useState('');
  const [expiresIn, setExpiresIn] = useState('7d');
  const chosen = integrationId || (usable[0]?.id ?? '');
  const make = useChange(
    () =>
      call<MadeConnectLink>('POST', '/api/connect-links', {
        body: { integrationId: chosen, expiresIn, ...(name.trim() === '' ? {} : { name: name.trim() }) },
      }),
    onMade,
  );
  const submit = (event: SubmitEvent) => {
    event.preventDefault();
    if (chosen !== '' && !make.isPending) make.mutate(undefined);
  };
  return (
    <Dialog title={t.links.add} onClose={onClose}>
      <form onSubmit={submit} className="grid gap-4">
        <SelectField
          label={t.links.integration}
          value={chosen}
          onText={setIntegrationId}
          options={usable.map((one) => ({ value: one.id, label: one.name }))}
        />
        <TextField
          label={t.links.name}
          optional
          maxLength={200}
          value={name}
          onText={setName}
          hint={t.links.nameHint}
        />
        <SelectField
          label={t.links.expires}
          value={expiresIn}
          onText={setExpiresIn}
          options={Object.entries(t.links.expiries).map(([value, label]) => ({ value, label }))}
        />
        <Trouble error={make.error} />
        <div className="flex justify-end gap-2">
          <Button onClick={onClose}>{t.cancel}</Button>
          <Button type="submit" look="main" busy={make.isPending}>
            {t.links.submit}
          </Button>
        </div>
      </form>
    </Dialog>
  );
}
