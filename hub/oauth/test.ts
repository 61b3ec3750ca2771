/** Is this connection good, right now? */
import type { Account } from '../../integrations/definition/integration.ts';
import {
  changeStatus,
  findConnection,
  findConnectionWithApp,
  reasonNow,
  recordHealthCheck,
  type ConnectionRow,
} from '../database/connections.ts';
import type { Origin } from '../database/events.ts';
import type { ReasonCode } from '../database/schema.ts';
import { recordStillWell } from '../database/still-well.ts';
import { HubError } from '../errors.ts';
import type { Hub } from '../hub.ts';
import { nextHealthAt } from './health-due.ts';
import { probe, probeHostOf, type ProbeFacts } from './probe.ts';
import { openRow, type Opened } from './setup.ts';

/** `version`: of the credentials that were tried. */
export type TestFacts = ProbeFacts & { version: number };

/** What POST …/test answers. */
export type TestResult = {
  ok: boolean;
  outcome: string;
  message: string;
  latencyMs: number;
  checkedAt: string;
  account: Account | null;
};

export async function probeConnection(hub: Hub, connectionId: string): Promise<TestFacts> {
  const row = await findConnectionWithApp(hub.db, connectionId);
  if (!row) throw new HubError('CONNECTION_NOT_FOUND');
  return probeOpened(hub, openRow(hub, row));
}

export async function probeOpened(hub: Hub, { row, integration, connected }: Opened): Promise<TestFacts> {
  const watch = hub.traces.watch(row, integration, connected);
  const facts = await probe(hub, integration, connected, watch);
  const key = { integrationId: integration.id, host: probeHostOf(integration, connected) };
  await hub.circuits.report(key, row.id, { kind: facts.outcome, retryAfterMs: facts.retryAfterMs });
  hub.tallies.count('probe', integration.id, facts.outcome);
  return { ...facts, version: row.version, account: facts.account ?? row.account };
}

/** What a probe's outcome makes of the status. Only a clear answer changes it (invariant 3). */
const REASONS: Partial<Record<ProbeFacts['outcome'], ReasonCode>> = {
  credential_revoked: 'CREDENTIAL_REVOKED',
  credential_expired: 'CREDENTIAL_EXPIRED',
  permission_missing: 'PERMISSION_MISSING',
};

export async function recordProbe(
  hub: Hub,
  connectionId: string,
  facts: TestFacts,
  origin: Origin,
): Promise<void> {
  const row = await findConnection(hub.db, connectionId);
  if (row) await recordFacts(hub, row, facts, origin);
}

export async function recordFacts(
  hub: Hub,
  { id, lastHealthCheck }: Pick<ConnectionRow, 'id' | 'lastHealthCheck'>,
  facts: TestFacts,
  origin: Origin,
): Promise<void> {
  const { outcome, version } = facts;
  const check = { ...facts.check, ok: outcome === 'ok', outcome };
  const healthDueAt = nextHealthAt(hub.durations, facts, lastHealthCheck);
  if (outcome === 'ok' && (await recordStillWell(hub.db, { id, version, check, healthDueAt }))) return;
  const code = REASONS[outcome];
  if (code === undefined && outcome !== 'ok')
    return recordHealthCheck(hub.db, id, version, check, healthDueAt, origin);
  const to =
    code === undefined
      ? { status: 'connected' as const, reason: null }
      : { status: 'error' as const, reason: reasonNow(code, facts.message) };
  await changeStatus(hub.db, id, version, { ...to, check, healthDueAt }, origin);
}
