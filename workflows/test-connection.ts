import { atProvider, untilDone } from './activity-policies.ts';
import { endOrphan } from './disconnect-connection.ts';
import { setOutcome } from './outcome.ts';

export type TestConnectionInput = { connectionId: string };
/** What POST …/test answers. */
export type TestOutcome = {
  ok: boolean;
  outcome: string;
  message: string;
  latencyMs: number;
  checkedAt: string;
  account: { id: string; name: string } | null;
};

/** The probe; an expired token is refreshed once and tried again before anything is said of the connection. */
export async function testConnection({ connectionId }: TestConnectionInput): Promise<TestOutcome> {
  let facts = await atProvider.probeConnection(connectionId);
  if (facts.outcome === 'credential_expired') {
    const wish = { connectionId, seenVersion: facts.version, force: true, minTtlMs: 0 };
    const refreshed = await atProvider.refreshCredentials(wish);
    if (refreshed.outcome === 'unstored')
      await untilDone.storeRefreshed(connectionId, refreshed.version, refreshed.credentials);
    if (refreshed.outcome === 'disconnected') await endOrphan(connectionId, refreshed.orphan);
    if (refreshed.outcome === 'rejected')
      facts = { ...facts, outcome: 'credential_revoked', message: refreshed.message };
    else if (refreshed.outcome === 'failed')
      facts = { ...facts, outcome: refreshed.verdict, message: refreshed.message };
    else facts = await atProvider.probeConnection(connectionId);
  }
  await untilDone.recordProbe(connectionId, facts);
  setOutcome(facts.outcome);
  const { outcome, message, check, account } = facts;
  return { ok: outcome === 'ok', outcome, message, latencyMs: check.latencyMs, checkedAt: check.at, account };
}
