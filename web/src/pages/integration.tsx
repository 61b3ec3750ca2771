/** One integration: what it can do, who can use it, its connections; and for admins its OAuth app. */
import { useQuery } from '@tanstack/react-query';
import { Link, useParams } from '@tanstack/react-router';
import { ChevronLeft, ExternalLink } from 'lucide-react';
import { useState } from 'react';
import { connections, integrations, useMe } from '../api/queries.ts';
import type { Integration } from '../api/types.ts';
import { ConnectDialog } from '../connect/dialog.tsx';
import { beginConnecting, type Connecting } from '../connect/window.ts';
import { Button, Empty, Loading, Logo, Note, Panel, Skeleton, Trouble } from '../parts/basics.tsx';
import { StatusBadge } from '../parts/status.tsx';
import { useTitle } from '../parts/title.ts';
import { t } from '../texts.ts';
import { AppPanel } from './app-panel.tsx';
import { OwnPanel } from './own-panel.tsx';
import { TestPanel } from './test-panel.tsx';
import { Marks } from './catalogue.tsx';
import { NotFound } from './lost.tsx';

export function IntegrationPage() {
  const { id } = useParams({ from: '/inside/integrations/$id' });
  const { data, error, refetch } = useQuery(integrations);
  const found = data?.data.find((one) => one.id === id);
  useTitle(found?.name ?? t.catalogue.title);
  if (error) return <Trouble error={error} again={refetch} />;
  if (!data) return <Waiting />;
  return found ? <Shown integration={found} /> : <NotFound />;
}

function Shown({ integration }: { integration: Integration }) {
  const { role } = useMe();
  const [connecting, setConnecting] = useState<Connecting | null>(null);
  const connect = () => setConnecting(beginConnecting(integration));
  const { name, description, category, status, configured, authTypes } = integration;
  const canConnect = role !== 'operator' && (configured || authTypes.some((type) => type !== 'oauth2'));
  return (
    <>
      <Link to="/" className="mb-4 inline-flex items-center gap-1 text-dim hover:text-ink">
        <ChevronLeft aria-hidden className="size-4" />
        {t.catalogue.title}
      </Link>
      <div className="mb-6 flex flex-wrap items-start gap-4">
        <Logo id={integration.id} size={56} />
        <div className="min-w-0 flex-1 basis-64">
          <h1 className="flex flex-wrap items-center gap-2 text-xl leading-7 font-semibold tracking-tight">
            {name}
            <span className="text-sm tracking-normal">
              <Marks integration={integration} />
            </span>
          </h1>
          <p className="text-xs text-dim">{category}</p>
          <p className="mt-1.5 max-w-[65ch] text-dim">{description}</p>
        </div>
        {canConnect && (
          <Button look="main" onClick={connect}>
            {t.catalogue.connect}
          </Button>
        )}
      </div>
      {status !== 'active' && <Note className="mb-4">{t.integration[status]}</Note>}
      <div className="grid items-start gap-4 lg:grid-cols-[minmax(0,5fr)_minmax(0,3fr)]">
        <div className="grid gap-4">
          <Yours integration={integration} onConnect={canConnect ? connect : null} />
          {role === 'admin' && authTypes.includes('oauth2') && <AppPanel integration={integration} />}
          {role === 'admin' && <TestPanel integration={integration} />}
        </div>
        <div className="grid gap-4">
          <Panel title={t.integration.can}>
            <ul className="grid gap-1.5">
              {integration.capabilities.map((one) => (
                <li key={one} className="flex gap-2 first-letter:uppercase">
                  <span aria-hidden className="mt-2 size-1 shrink-0 rounded-full bg-dim" />
                  <span className="first-letter:uppercase">{one}</span>
                </li>
              ))}
            </ul>
            <a
              href={integration.docsUrl}
              target="_blank"
              rel="noreferrer"
              className="mt-3 inline-flex items-center gap-1 font-medium text-accent hover:underline"
            >
              {t.integration.docs}
              <ExternalLink aria-hidden className="size-3.5" />
            </a>
          </Panel>
          <Who integration={integration} />
          {role === 'admin' && integration.source !== 'built_in' && <OwnPanel integration={integration} />}
        </div>
      </div>
      {connecting && <ConnectDialog {...connecting} onClose={() => setConnecting(null)} />}
    </>
  );
}

function Who({
  integration: { authTypes, configured, scopes, scopeMeanings },
}: {
  integration: Integration;
}) {
  const needsApp = authTypes.includes('oauth2') && !configured;
  return (
    <Panel title={t.integration.whoTitle}>
      <p>{needsApp ? t.integration.who.notSetUp : t.integration.who.oauth2}</p>
      {needsApp && authTypes.length > 1 && <p className="mt-1">{t.integration.who.keyOnly}</p>}
      <p className="mt-3 text-xs font-medium text-dim">{t.integration.ways}</p>
      <p>{authTypes.map((type) => t.integration.wayOf[type]).join(', ')}</p>
      {scopes.length > 0 && (
        <details className="mt-3">
          <summary className="text-xs font-medium text-dim">{t.integration.asks}</summary>
          <ul className="mt-2 grid gap-1.5">
            {scopes.map((scope) => (
              <li key={scope}>
                {scopeMeanings[scope]}
                <code className="block font-mono text-xs break-all text-dim">{scope}</code>
              </li>
            ))}
          </ul>
        </details>
      )}
    </Panel>
  );
}

const SHOWN = 6;

function Yours({ integration, onConnect }: { integration: Integration; onConnect: (() => void) | null }) {
  const { data } = useQuery(connections({ integrationId: integration.id, limit: SHOWN }));
  return (
    <Panel
      flush
      title={t.integration.yours}
      action={
        data?.nextCursor && (
          <Link
            to="/connections"
            search={{ integrationId: integration.id }}
            className="text-accent hover:underline"
          >
            {t.integration.seeAll}
          </Link>
        )
      }
    >
      {!data && <Skeleton className="m-4 h-16" />}
      {data?.data.length === 0 && (
        <Empty title={t.integration.noneYet(integration.name)}>
          {onConnect && <Button onClick={onConnect}>{t.catalogue.connect}</Button>}
        </Empty>
      )}
      <ul>
        {data?.data.map((one) => (
          <li
            key={one.id}
            className="relative flex items-center gap-3 border-b border-line px-4 py-2.5 last:border-0 hover:bg-raised/60"
          >
            <div className="min-w-0 flex-1">
              <Link
                to="/connections/$id"
                params={{ id: one.id }}
                search={{}}
                className="block truncate font-medium after:absolute after:inset-0"
              >
                {one.name}
              </Link>
              <p className="truncate text-xs text-dim">{one.account?.name ?? '—'}</p>
            </div>
            <StatusBadge connection={one} />
          </li>
        ))}
      </ul>
    </Panel>
  );
}

function Waiting() {
  return (
    <>
      <Loading />
      <Skeleton className="mb-4 h-5 w-28" />
      <div className="mb-6 flex gap-4">
        <Skeleton className="size-14" />
        <Skeleton className="h-20 flex-1" />
      </div>
      <Skeleton className="h-64" />
    </>
  );
}
