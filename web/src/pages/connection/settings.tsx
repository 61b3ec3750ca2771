/** A connection's configuration, as its integration's configSchema asks for it. */
import { useQueryClient } from '@tanstack/react-query';
import { useState, type SubmitEvent } from 'react';
import { call, problemIn } from '../../api/client.ts';
import { connection as connectionOf, useChange, useMe } from '../../api/queries.ts';
import type { Connection, Integration } from '../../api/types.ts';
import { Button, Empty, Panel, Trouble } from '../../parts/basics.tsx';
import { SchemaFields } from '../../parts/schema-form.tsx';
import { faultsUnder, propertiesOf, read, typedFrom } from '../../parts/schema.ts';
import { toast } from '../../parts/toasts.tsx';
import { t } from '../../texts.ts';

export function Settings({ connection, integration }: { connection: Connection; integration: Integration }) {
  const client = useQueryClient();
  const { role } = useMe();
  const properties = propertiesOf(integration.configSchema);
  const [typed, setTyped] = useState(() => typedFrom(properties, connection.config));
  const [tried, setTried] = useState(false);
  const { values, faults } = read(properties, typed);
  const save = useChange(
    () => call<Connection>('PATCH', `/api/connections/${connection.id}`, { body: { config: values } }),
    (changed) => {
      client.setQueryData(connectionOf(connection.id).queryKey, changed);
      toast(t.connection.saved);
    },
  );
  if (properties.length === 0)
    return (
      <Panel title={t.connection.config}>
        <Empty title={t.connection.noConfig} />
      </Panel>
    );
  const submit = (event: SubmitEvent) => {
    event.preventDefault();
    setTried(true);
    if (Object.keys(faults).length === 0 && !save.isPending) save.mutate(undefined);
  };
  const said = save.error ? faultsUnder('/config', problemIn(save.error).errors) : {};
  return (
    <Panel title={t.connection.config} className="max-w-2xl">
      <form onSubmit={submit} noValidate className="grid gap-4">
        <fieldset disabled={role === 'operator'} className="contents">
          <SchemaFields
            properties={properties}
            typed={typed}
            faults={{ ...said, ...(tried ? faults : {}) }}
            onType={setTyped}
          />
        </fieldset>
        <Trouble error={save.error} />
        {role !== 'operator' && (
          <div>
            <Button type="submit" look="main" busy={save.isPending}>
              {t.connection.save}
            </Button>
          </div>
        )}
      </form>
    </Panel>
  );
}
