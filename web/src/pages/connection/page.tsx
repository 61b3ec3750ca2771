/** One connection: how it is and why, what it may, what happened to it, and what can be done with it. */
import { useQuery } from '@tanstack/react-query';
import { Link, useNavigate, useParams, useSearch } from '@tanstack/react-router';
import { ChevronLeft } from 'lucide-react';
import { Tabs } from 'radix-ui';
import { useState, type ReactNode } from 'react';
import { connection as connectionOf, integrations } from '../../api/queries.ts';
import type { Connection, Integration } from '../../api/types.ts';
import { ReconnectDialog } from '../../connect/reconnect-dialog.tsx';
import { buttonLook, Empty, Loading, Logo, Skeleton } from '../../parts/basics.tsx';
import { problemIn } from '../../api/client.ts';
import { StatusBadge } from '../../parts/status.tsx';
import { useTitle } from '../../parts/title.ts';
import { t } from '../../texts.ts';
import { Actions } from './actions.tsx';
import { Activity } from './activity.tsx';
import { Console } from './console.tsx';
import { Overview } from './overview.tsx';
import { Reason } from './reason.tsx';
import { Requests } from './requests.tsx';
import { Settings } from './settings.tsx';

// Tokens are renewed without an event that this page is sent: their age is looked at now and then.
const LOOK_MS = 20_000;

export function ConnectionPage() {
  const { id } = useParams({ from: '/inside/connections/$id' });
  const { data, error } = useQuery({ ...connectionOf(id), refetchInterval: LOOK_MS });
  const { data: catalogue } = useQuery(integrations);
  useTitle(data?.name ?? t.connections.title);
  const integration = catalogue?.data.find((one) => one.id === data?.integrationId);
  return (
    <>
      <Link
        to="/connections"
        search={{}}
        className="mb-4 inline-flex items-center gap-1 text-dim hover:text-ink"
      >
        <ChevronLeft aria-hidden className="size-4" />
        {t.connection.back}
      </Link>
      {error && !data ? (
        <>
          <h1 className="sr-only">{t.connection.loadFailed}</h1>
          <Empty title={t.connection.loadFailed} text={problemIn(error).message}>
            <Link to="/connections" search={{}} className={buttonLook()}>
              {t.connection.back}
            </Link>
          </Empty>
        </>
      ) : data && integration ? (
        <Shown connection={data} integration={integration} />
      ) : (
        <Waiting />
      )}
    </>
  );
}

const TABS = ['overview', 'activity', 'console', 'requests', 'settings'] as const;
type Tab = (typeof TABS)[number];

function Shown({ connection, integration }: { connection: Connection; integration: Integration }) {
  const { tab: asked } = useSearch({ from: '/inside/connections/$id' });
  const navigate = useNavigate({ from: '/connections/$id' });
  const [isReconnecting, setReconnecting] = useState(false);
  const reconnect = () => setReconnecting(true);
  const tab = TABS.find((one) => one === asked) ?? 'overview';
  const show = (value: string) =>
    void navigate({ search: { tab: value === 'overview' ? undefined : value }, replace: true });
  const inside: Record<Tab, ReactNode> = {
    overview: <Overview connection={connection} integration={integration} />,
    activity: <Activity connection={connection} />,
    console: <Console connection={connection} integration={integration} />,
    requests: <Requests connection={connection} />,
    settings: <Settings key={connection.updatedAt} connection={connection} integration={integration} />,
  };
  return (
    <>
      <div className="mb-4 flex flex-wrap items-center gap-x-4 gap-y-3">
        <Logo id={integration.id} size={40} />
        <div className="min-w-0 flex-1 basis-56">
          <h1 className="flex flex-wrap items-center gap-x-2.5 gap-y-1 text-xl leading-7 font-semibold tracking-tight">
            <span className="min-w-0 break-words">{connection.name}</span>
            <span className="text-sm leading-5 tracking-normal" aria-live="polite">
              <StatusBadge connection={connection} />
            </span>
          </h1>
          <p className="truncate text-dim">
            {[integration.name, connection.account?.name].filter(Boolean).join(' · ')}
          </p>
        </div>
        <Actions connection={connection} integration={integration} onReconnect={reconnect} />
      </div>
      <Reason connection={connection} onReconnect={reconnect} />
      {isReconnecting && (
        <ReconnectDialog
          connection={connection}
          integration={integration}
          onClose={() => setReconnecting(false)}
        />
      )}
      <Tabs.Root value={tab} onValueChange={show}>
        <Tabs.List
          aria-label={t.connection.tabsLabel}
          className="mb-5 flex gap-1 overflow-x-auto border-b border-line"
        >
          {TABS.map((value) => (
            <Tabs.Trigger
              key={value}
              value={value}
              className="-mb-px h-9 border-b-2 border-transparent px-2.5 font-medium whitespace-nowrap text-dim -outline-offset-2 hover:text-ink data-[state=active]:border-accent data-[state=active]:text-ink"
            >
              {t.connection.tabs[value]}
            </Tabs.Trigger>
          ))}
        </Tabs.List>
        {TABS.map((value) => (
          <Tabs.Content key={value} value={value} tabIndex={-1} className="outline-none">
            {inside[value]}
          </Tabs.Content>
        ))}
      </Tabs.Root>
    </>
  );
}

function Waiting() {
  return (
    <>
      <Loading />
      <div className="mb-6 flex items-center gap-4">
        <Skeleton className="size-10" />
        <Skeleton className="h-12 w-64" />
      </div>
      <Skeleton className="mb-5 h-9" />
      <div className="grid gap-4 lg:grid-cols-2">
        <Skeleton className="h-72" />
        <Skeleton className="h-72" />
      </div>
    </>
  );
}
