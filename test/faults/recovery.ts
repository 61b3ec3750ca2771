/** Waits until a hub that is left in peace has mended itself. */
import { setTimeout as sleep } from 'node:timers/promises';
import postgres from 'postgres';
import type { Config } from '../../hub/config.ts';
import { ON_ITS_WAY_MS, type Finding } from './checker.ts';
import { readWorkflows } from './evidence.ts';
import type { Stage } from './stage.ts';

// What is due is taken up by the second sweep at the latest; what needs a look, by the second health interval.
const INTERVALS = 2;

/**
 * @param leastMs until each was looked at: of some nobody has noticed yet that access was taken away
 * @param onItsWayMs what is younger is not waited for
 * @returns what is still not as it should be when the time is over
 */
export async function untilSettled(
  { config }: Pick<Stage, 'config'>,
  say: (line: string) => void,
  leastMs: number,
  onItsWayMs = ON_ITS_WAY_MS,
): Promise<Finding[]> {
  const { healthInterval, reconnectMax, refreshLease, refreshPatience } = config.durations;
  // A request that is never answered keeps its token to itself for so long.
  const limit = INTERVALS * (healthInterval + reconnectMax + refreshLease) + refreshPatience;
  const began = Date.now();
  let left = await unsettled(config, onItsWayMs);
  while ((left.length > 0 && Date.now() - began < limit) || Date.now() - began < leastMs) {
    await sleep(500);
    left = await unsettled(config, onItsWayMs);
  }
  say(
    `settled after ${Math.round((Date.now() - began) / 1000)} s (of ${Math.round(limit / 1000)} s at most)`,
  );
  return left.map((what) => ({ kind: 'not recovered', what }));
}

async function unsettled(config: Config, onItsWayMs: number): Promise<string[]> {
  const sql = postgres(config.databaseUrl ?? '', { max: 1, onnotice: () => {} });
  try {
    const rows = await sql<{ what: string }[]>`
      select id || ' says ' || (status_reason ->> 'code') as what from connections
      where status_reason ->> 'code' in ('RECONNECTING', 'PROVIDER_UNAVAILABLE', 'RATE_LIMITED')
      union all select id || ' has not been refreshed' from connections
      where refresh_due_at < now() - interval '6 seconds'
      union all select id || ' has a token that ran out' from connections
      where status = 'connected' and expires_at < now()
      union all select id || ' has not been looked at' from connections
      where health_due_at < now() - interval '6 seconds'
      union all select 'a circuit is open: ' || integration_id from circuits where opened_at is not null
      union all select 'a message is under way: ' || id from deliveries
      where outcome is null and held_since is null
        and created_at < now() - ${onItsWayMs} * interval '1 millisecond'`;
    const open = (await readWorkflows(config)).filter(
      ({ type, status, began }) =>
        status === 'RUNNING' &&
        began < Date.now() - onItsWayMs &&
        !['refreshSweep', 'healthSweep', 'disconnectConnection'].includes(type),
    );
    return [...rows.map(({ what }) => what), ...open.map(({ type, id }) => `${type} ${id} is open`)];
  } finally {
    await sql.end();
  }
}
