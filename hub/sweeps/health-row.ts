/** One connection that is to be tried at its provider. */
import type { ConnectionWithApp } from '../database/connections.ts';
import { putOff } from '../database/due.ts';
import type { Origin } from '../database/events.ts';
import type { Hub } from '../hub.ts';
import { spread } from '../oauth/health-due.ts';
import { tryConnection } from '../oauth/repair.ts';
import type { Done } from './page.ts';
import { handOver, settled } from './refresh-row.ts';

export async function checkRow(hub: Hub, row: ConnectionWithApp, origin: Origin): Promise<Done> {
  if (row.statusReason?.code === 'RECONNECTING') {
    await putOff(hub.db, 'health', row, spread(hub.durations.healthInterval));
    return handOver(hub, row, 'reconnecting', row.statusReason.message);
  }
  const trial = await tryConnection(hub, row, origin);
  switch (trial.outcome) {
    case 'tried':
      return { outcome: trial.facts.outcome };
    case 'blocked': {
      if (trial.why === 'open') return { outcome: 'waiting' };
      await putOff(hub.db, 'health', row, spread(trial.until.getTime() - Date.now()));
      return { outcome: 'deferred' };
    }
    case 'refresh': {
      const { result } = trial;
      // Not put off by a look: the sweep for refreshes comes to it as well, and to all that wait with it.
      if (result.outcome === 'blocked') return { outcome: result.why === 'open' ? 'waiting' : 'deferred' };
      if (result.outcome === 'failed')
        return result.verdict === 'provider_unavailable'
          ? handOver(hub, row, result.verdict, result.message)
          : { outcome: result.verdict };
      return (await settled(hub, row, result)) ?? { outcome: result.outcome };
    }
  }
}
