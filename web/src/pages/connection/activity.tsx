/** What happened to a connection, newest first; each with the run that did it. */
import { useInfiniteQuery, useQuery } from '@tanstack/react-query';
import { Link } from '@tanstack/react-router';
import { ExternalLink, ScrollText } from 'lucide-react';
import { call, queryOf } from '../../api/client.ts';
import { hub, useMe } from '../../api/queries.ts';
import type { Connection, HubEvent, ListOf } from '../../api/types.ts';
import { Button, buttonLook, cx, Empty, Panel, Skeleton, Trouble } from '../../parts/basics.tsx';
import { Ago } from '../../parts/time.tsx';
import { t } from '../../texts.ts';

const PAGE = 50;

export function Activity({ connection }: { connection: Connection }) {
  const { data, error, hasNextPage, isFetchingNextPage, fetchNextPage, refetch } = useInfiniteQuery({
    queryKey: ['connection', connection.id, 'events'],
    queryFn: ({ pageParam, signal }) =>
      call<ListOf<HubEvent>>(
        'GET',
        `/api/connections/${connection.id}/events${queryOf({ order: 'desc', limit: PAGE, cursor: pageParam })}`,
        { signal },
      ),
    initialPageParam: null as string | null,
    getNextPageParam: (last) => last.nextCursor,
  });
  const { data: facts } = useQuery(hub);
  const { role } = useMe();
  const events = data?.pages.flatMap((page) => page.data) ?? [];
  return (
    <Panel
      title={t.connection.timeline}
      flush
      action={
        role === 'admin' && (
          <Link to="/audit" search={{ connectionId: connection.id }} className={buttonLook('quiet')}>
            <ScrollText aria-hidden className="size-4" />
            {t.audit.title}
          </Link>
        )
      }
    >
      {error && !data && (
        <div className="p-4">
          <Trouble error={error} again={refetch} />
        </div>
      )}
      {!data && !error && <Skeleton className="m-4 h-40" />}
      {data && events.length === 0 && <Empty title={t.connection.timelineEmpty} />}
      <ol>
        {events.map((event) => (
          <Line key={event.id} event={event} temporalUi={facts?.temporalUi ?? null} />
        ))}
      </ol>
      {hasNextPage && (
        <div className="border-t border-line p-3 text-center">
          <Button busy={isFetchingNextPage} onClick={() => void fetchNextPage()}>
            {t.connection.older}
          </Button>
        </div>
      )}
    </Panel>
  );
}

const DOTS: Partial<Record<string, string>> = {
  'connection.connected': 'bg-ok-bar',
  'connection.recovered': 'bg-ok-bar',
  'connection.error': 'bg-bad-bar',
  'connection.reauthorization_required': 'bg-bad-bar',
  'connection.reconnecting': 'bg-warn-bar',
};

function Line({ event, temporalUi }: { event: HubEvent; temporalUi: string | null }) {
  const { type, at, reason, workflowId, runId } = event;
  return (
    <li className="flex items-baseline gap-3 border-b border-line px-4 py-2.5 last:border-0">
      <span
        aria-hidden
        className={cx('size-2 shrink-0 translate-y-[-1px] rounded-full', DOTS[type] ?? 'bg-line-strong')}
      />
      <div className="min-w-0 flex-1">
        <span className="font-medium">{t.events[type] ?? type}</span>
        {reason !== undefined && <span className="text-dim"> · {t.reasons[reason] ?? reason}</span>}
      </div>
      {temporalUi !== null && workflowId !== undefined && runId !== undefined && (
        <a
          href={`${temporalUi}/${encodeURIComponent(workflowId)}/${encodeURIComponent(runId)}`}
          target="_blank"
          rel="noreferrer"
          aria-label={t.connection.openWorkflow}
          title={t.connection.openWorkflow}
          className="inline-flex items-center gap-1 text-accent hover:underline"
        >
          {t.connection.workflow}
          <ExternalLink aria-hidden className="size-3" />
        </a>
      )}
      <span className="w-24 shrink-0 text-right text-xs text-dim">
        <Ago time={at} />
      </span>
    </li>
  );
}
