/** The same connection, allowed again or given a new key. */
import { useQueryClient } from '@tanstack/react-query';
import { useRef, useState, type SubmitEvent } from 'react';
import { call, problemIn } from '../api/client.ts';
import { useChange } from '../api/queries.ts';
import type { Connection, Integration, Started } from '../api/types.ts';
import { Button, Note, Trouble } from '../parts/basics.tsx';
import { Dialog } from '../parts/dialog.tsx';
import { SchemaFields } from '../parts/schema-form.tsx';
import { faultsUnder, propertiesOf, read } from '../parts/schema.ts';
import { t } from '../texts.ts';
import { outcomeOf, useConsent, type Flow } from './flow.ts';
import { Waiting } from './dialog.tsx';
import { Done, Failed, Progress } from './progress.tsx';

/** How a connection was made; without credentials it says so no more, and its integration's first way is taken. */
export const kindOf = (connection: Connection, integration: Integration) =>
  connection.credentials?.type ?? integration.authType;

type Props = { connection: Connection; integration: Integration; onClose: () => void };

export function ReconnectDialog({ connection, integration, onClose }: Props) {
  const isByKey = kindOf(connection, integration) !== 'oauth2';
  return (
    <Dialog
      title={isByKey ? t.connection.newKeyTitle(connection.name) : t.connect.again(integration.name)}
      onClose={onClose}
    >
      {isByKey ? (
        <NewKey connection={connection} integration={integration} onClose={onClose} />
      ) : (
        <Again connection={connection} integration={integration} onClose={onClose} />
      )}
    </Dialog>
  );
}

function Again({ connection, integration, onClose }: Props) {
  // Who it was, before anybody consents: afterwards it may be another.
  const before = useRef(connection.account);
  const consent = useConsent((returnUrl) =>
    call<Started>('POST', `/api/connections/${connection.id}/reconnect`, { body: { returnUrl } }),
  );
  const { flow } = consent;
  const { name } = integration;
  switch (flow.at) {
    case 'idle':
      return (
        <div className="grid gap-4">
          <p className="text-dim">{t.connect.opens(name)}</p>
          <Trouble error={flow.problem} />
          <div className="flex justify-end gap-2">
            <Button onClick={onClose}>{t.cancel}</Button>
            <Button look="main" data-first="" onClick={() => consent.go()}>
              {t.connect.go(name)}
            </Button>
          </div>
        </div>
      );
    case 'leaving':
      return <Note tone="accent">{t.connect.blocked}</Note>;
    case 'opening':
    case 'testing':
      return <Progress at={flow.at} name={name} />;
    case 'waiting':
      return (
        <Waiting
          name={name}
          onAgain={consent.openAgain}
          onCancel={() => {
            consent.reset();
            onClose();
          }}
        />
      );
    case 'failed':
      return <Failed connection={flow.connection} name={name} again={consent.reset} />;
    case 'done':
      return (
        <Outcome flow={flow} former={before.current} name={name} onAgain={consent.reset} onClose={onClose} />
      );
  }
}

type OutcomeProps = {
  flow: Extract<Flow, { at: 'done' }>;
  former: Connection['account'];
  name: string;
  onAgain: () => void;
  onClose: () => void;
};

/** Another account than before is not refused: it is said, and asked. */
function Outcome({ flow, former, name, onAgain, onClose }: OutcomeProps) {
  const now = flow.test.account ?? flow.connection.account;
  const isOther = former !== null && now !== null && former.id !== now.id;
  if (!isOther) return <Done connection={flow.connection} test={flow.test} name={name} onGo={onClose} />;
  return (
    <div role="alert" className="grid gap-4">
      <Note tone="warn">
        <p className="font-semibold">{t.connect.otherAccount(former.name, now.name)}</p>
        <p className="mt-1">{t.connect.otherAccountText}</p>
      </Note>
      <div className="flex flex-wrap justify-end gap-2">
        <Button onClick={onAgain}>{t.connect.useFormer}</Button>
        <Button look="main" onClick={onClose}>
          {t.connect.keep(now.name)}
        </Button>
      </div>
    </div>
  );
}

function NewKey({ connection, integration, onClose }: Props) {
  const client = useQueryClient();
  const properties = propertiesOf(integration.credentialSchemas[kindOf(connection, integration)]);
  const [typed, setTyped] = useState<Record<string, string>>({});
  const [tried, setTried] = useState(false);
  const [flow, setFlow] = useState<Flow | null>(null);
  const { values, faults } = read(properties, typed);
  const change = useChange(
    () =>
      call<Started>('POST', `/api/connections/${connection.id}/reconnect`, { body: { credentials: values } }),
    async (answer) => {
      await client.invalidateQueries({ queryKey: ['connection', connection.id] });
      setFlow(await outcomeOf(answer.connection));
    },
  );
  if (flow?.at === 'done')
    return <Done connection={flow.connection} test={flow.test} name={integration.name} onGo={onClose} />;
  const submit = (event: SubmitEvent) => {
    event.preventDefault();
    setTried(true);
    if (Object.keys(faults).length === 0 && !change.isPending) change.mutate(undefined);
  };
  const said = change.error ? problemIn(change.error).errors : [];
  return (
    <form onSubmit={submit} noValidate className="grid gap-4">
      <SchemaFields
        properties={properties}
        typed={typed}
        faults={{ ...faultsUnder('/credentials', said), ...(tried ? faults : {}) }}
        onType={setTyped}
      />
      <Trouble error={change.error} />
      <div className="flex justify-end gap-2">
        <Button onClick={onClose}>{t.cancel}</Button>
        <Button type="submit" look="main" busy={change.isPending}>
          {t.connection.reconnect}
        </Button>
      </div>
    </form>
  );
}
