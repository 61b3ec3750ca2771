/** Webhooks: whose programs are told what. */
import { useQuery, useQueryClient } from '@tanstack/react-query';
import { Link } from '@tanstack/react-router';
import { useState } from 'react';
import { webhooks } from '../api/queries.ts';
import type { Webhook } from '../api/types.ts';
import { Badge, Button, Empty, PageHead } from '../parts/basics.tsx';
import { Listed } from '../parts/listed.tsx';
import { Made } from '../parts/made.tsx';
import { Table } from '../parts/table.tsx';
import { Ago } from '../parts/time.tsx';
import { useTitle } from '../parts/title.ts';
import { t } from '../texts.ts';
import { WebhookForm } from './webhook-form.tsx';

export function Webhooks() {
  useTitle(t.webhooks.title);
  const client = useQueryClient();
  const query = useQuery(webhooks);
  const [isAdding, setAdding] = useState(false);
  const [secret, setSecret] = useState<string | null>(null);
  const add = (
    <Button look="main" onClick={() => setAdding(true)}>
      {t.webhooks.add}
    </Button>
  );
  return (
    <>
      <PageHead title={t.webhooks.title} lead={t.webhooks.text}>
        {add}
      </PageHead>
      <Listed
        query={query}
        empty={
          <Empty title={t.webhooks.none} text={t.webhooks.noneText}>
            {add}
          </Empty>
        }
      >
        {(rows) => (
          <Table
            caption={t.webhooks.title}
            rows={rows}
            keyOf={({ id }) => id}
            columns={[
              {
                title: t.webhooks.url,
                of: ({ id, name, url }) => (
                  <>
                    <Link
                      to="/webhooks/$id"
                      params={{ id }}
                      className="font-medium break-all after:absolute after:inset-0"
                    >
                      {name ?? url}
                    </Link>
                    {name !== null && <span className="block text-xs break-all text-dim">{url}</span>}
                  </>
                ),
              },
              {
                title: t.webhooks.events,
                wide: true,
                of: ({ events }) => <span className="text-dim">{eventsIn(events)}</span>,
              },
              { title: t.webhooks.columns.state, of: (row) => <WebhookState webhook={row} /> },
              {
                title: t.connection.made,
                wide: true,
                of: ({ createdAt }) => (
                  <span className="text-dim">
                    <Ago time={createdAt} />
                  </span>
                ),
              },
            ]}
          />
        )}
      </Listed>
      {isAdding && (
        <WebhookForm
          webhook={null}
          onClose={() => setAdding(false)}
          onSaved={(saved) => {
            setAdding(false);
            if ('secret' in saved) setSecret(saved.secret);
            void client.invalidateQueries({ queryKey: webhooks.queryKey });
          }}
        />
      )}
      {secret !== null && (
        <Made
          title={t.webhooks.secretTitle}
          text={t.webhooks.secretText}
          secret={secret}
          onClose={() => setSecret(null)}
        />
      )}
    </>
  );
}

export const eventsIn = (events: readonly string[]): string =>
  events.some((type) => type.endsWith('*'))
    ? t.webhooks.everything
    : events.map((type) => t.events[type] ?? type).join(', ');

export function WebhookState({ webhook: { enabled, failingSince } }: { webhook: Webhook }) {
  if (!enabled) return <Badge>{t.webhooks.disabled}</Badge>;
  return failingSince === null ? (
    <Badge tone="ok">{t.webhooks.enabled}</Badge>
  ) : (
    <Badge tone="bad">{t.webhooks.failing}</Badge>
  );
}
