/** A bar for each of the last 30 days. */
import { useQuery } from '@tanstack/react-query';
import { call, queryOf } from '../../api/client.ts';
import type { Connection, HubEvent, ListOf } from '../../api/types.ts';
import { cx, Panel, Skeleton, Trouble } from '../../parts/basics.tsx';
import { dayOf } from '../../parts/time.tsx';
import { t } from '../../texts.ts';
import { daysOf, TELLING, type DayState } from './health.ts';

const DAYS = 30;
const MOST_PAGES = 5;

const BAR: Record<DayState, string> = {
  none: 'bg-raised h-3',
  ok: 'bg-ok-bar h-8',
  wait: 'bg-warn-bar h-8',
  down: 'bg-bad-bar h-8',
};

export function HealthStrip({ connection }: { connection: Connection }) {
  const { data, error } = useQuery({
    queryKey: ['connection', connection.id, 'health'],
    queryFn: ({ signal }) => eventsOf(connection.id, signal),
  });
  const days = data ? daysOf(connection, data, DAYS) : [];
  const connected = days.filter(({ state }) => state !== 'none');
  const healthy = connected.filter(({ state }) => state === 'ok');
  return (
    <Panel
      title={t.connection.health}
      action={
        connected.length > 0 && (
          <span className="text-dim">{t.connection.healthSummary(healthy.length, connected.length)}</span>
        )
      }
    >
      <Trouble error={error} />
      {!data && !error && <Skeleton className="h-8" />}
      {data && (
        <>
          <ol className="flex h-8 items-end gap-[2px] sm:gap-1" aria-label={t.connection.health}>
            {days.map(({ start, state }) => (
              <li
                key={start.getTime()}
                title={`${dayOf(start)}: ${t.connection.healthDays[state]}`}
                className={cx('min-w-0 flex-1 rounded-xs', BAR[state])}
              >
                <span className="sr-only">{`${dayOf(start)}: ${t.connection.healthDays[state]}`}</span>
              </li>
            ))}
          </ol>
          <div aria-hidden className="mt-2 flex justify-between text-xs text-dim">
            <span>{days[0] && dayOf(days[0].start)}</span>
            <span>{days.at(-1) && dayOf(days.at(-1)?.start ?? new Date())}</span>
          </div>
        </>
      )}
    </Panel>
  );
}

/** Back to before the first day, newest first; few, for those that come all the time are not among them. */
async function eventsOf(id: string, signal: AbortSignal): Promise<HubEvent[]> {
  const first = Date.now() - (DAYS + 1) * 86_400_000;
  const events: HubEvent[] = [];
  let cursor: string | null = null;
  for (let pages = 0; pages < MOST_PAGES; pages++) {
    const query = queryOf({ order: 'desc', types: TELLING.join(','), limit: 200, cursor });
    const page: ListOf<HubEvent> = await call('GET', `/api/connections/${id}/events${query}`, { signal });
    events.push(...page.data);
    cursor = page.nextCursor;
    if (cursor === null || Date.parse(events.at(-1)?.at ?? '') < first) break;
  }
  return events;
}
