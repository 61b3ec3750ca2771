/**
 * The metrics of Prometheus. Labels hold integrations, routes' patterns, statuses and outcomes; never an id, a
 * host or a user. What the database says is the whole hub's, and the same at every API process.
 */
import { collectDefaultMetrics, Counter, Gauge, Histogram, Registry } from 'prom-client';
import { countEventsFromNow, readFigures, type Figures } from '../database/figures.ts';
import type { Hub } from '../hub.ts';
import { countKeys, type KeyUse } from '../rotation/census.ts';
import type { CallOutcome, UsageObserver } from '../usage/recorder.ts';

export type Metrics = {
  contentType: string;
  observe: (request: { method: string; route: string; status: number }, seconds: number) => void;
  /** Calls and tokens, as they are counted. */
  usage: UsageObserver;
  /** Never throws: a database that does not answer is one of the metrics. */
  text: () => Promise<string>;
};

// Scrapes come every 15 s from each of several servers; counting a million connections takes a tenth of a second.
const KEPT_MS = 5_000;
// Sealed values are counted row by row, and change their keys only while keys are rotated.
const KEYS_KEPT_MS = 5 * 60_000;

export function createMetrics({ db, vault }: Pick<Hub, 'db' | 'vault'>): Metrics {
  const registry = new Registry();
  collectDefaultMetrics({ register: registry });
  const duration = new Histogram({
    name: 'hub_http_request_duration_seconds',
    help: 'How long answers took, by route',
    labelNames: ['method', 'route', 'status'],
    buckets: [0.002, 0.005, 0.01, 0.025, 0.05, 0.1, 0.25, 0.5, 1, 2.5, 5, 10, 30],
    registers: [registry],
  });
  const usage = usageMetrics(registry);
  const show = databaseMetrics(registry);
  const isUp = new Gauge({
    name: 'hub_database_up',
    help: '1: the database answers, and what is told of connections is true',
    registers: [registry],
  });

  const showKeys = keyMetrics(registry);
  let keys: { at: number; counted: Promise<KeyUse[]> } | null = null;
  const lookAtKeys = async () => {
    if (keys === null || Date.now() - keys.at > KEYS_KEPT_MS)
      keys = { at: Date.now(), counted: countKeys(db, vault) };
    const { counted } = keys;
    try {
      showKeys(await counted);
    } catch (error) {
      keys = null;
      throw error;
    }
  };

  let known: { at: number; shown: Promise<void> } | null = null;
  let countEvents: Awaited<ReturnType<typeof countEventsFromNow>> | null = null;
  const look = async () => {
    try {
      countEvents ??= await countEventsFromNow(db);
      show(await readFigures(db), await countEvents());
      await lookAtKeys();
      isUp.set(1);
    } catch {
      show(NOTHING, new Map());
      showKeys([]);
      isUp.set(0);
    }
  };

  return {
    contentType: registry.contentType,
    usage,
    observe: ({ method, route, status }, seconds) => duration.observe({ method, route, status }, seconds),
    async text() {
      if (known === null || Date.now() - known.at > KEPT_MS) known = { at: Date.now(), shown: look() };
      await known.shown;
      return registry.metrics();
    },
  };
}

/** Of this process. */
function usageMetrics(registry: Registry): UsageObserver {
  const registers = [registry];
  const calls = new Counter({
    name: 'hub_provider_calls_total',
    help: 'Requests sent to providers through the proxy, by what came of them',
    labelNames: ['integration', 'outcome'],
    registers,
  });
  const duration = new Histogram({
    name: 'hub_provider_call_duration_seconds',
    help: 'How long providers took to begin their answers',
    labelNames: ['integration'],
    buckets: [0.01, 0.025, 0.05, 0.1, 0.25, 0.5, 1, 2.5, 5, 10, 30, 60],
    registers,
  });
  const bytes = new Counter({
    name: 'hub_provider_bytes_total',
    help: 'Bytes of bodies that went through the proxy',
    labelNames: ['integration', 'direction'],
    registers,
  });
  const tokens = new Counter({
    name: 'hub_tokens_handed_out_total',
    help: 'Access tokens handed out',
    labelNames: ['integration'],
    registers,
  });
  const dropped = new Counter({
    name: 'hub_usage_dropped_total',
    help: 'Uses that are in no usage figure: the database was away for too long',
    registers,
  });
  return {
    call(integration, { outcome, ms, bytesSent, bytesReceived }) {
      calls.inc({ integration, outcome: OUTCOME_LABELS[outcome] });
      duration.observe({ integration }, ms / 1000);
      bytes.inc({ integration, direction: 'sent' }, bytesSent);
      bytes.inc({ integration, direction: 'received' }, bytesReceived);
    },
    token: (integration) => tokens.inc({ integration }),
    dropped: () => dropped.inc(),
  };
}

const OUTCOME_LABELS: Record<CallOutcome, string> = {
  ok: 'ok',
  abandoned: 'abandoned',
  repeated: 'repeated',
  rateLimited: 'rate_limited',
  credentialsRefused: 'credentials_refused',
  clientErrors: 'client_error',
  serverErrors: 'server_error',
  unanswered: 'unanswered',
};

function keyMetrics(registry: Registry) {
  const values = new Gauge({
    name: 'hub_sealed_values',
    help: 'Sealed values, by the id of the key they are under: the first, an old one, or one that this process lacks',
    labelNames: ['key', 'state'],
    registers: [registry],
  });
  return (keys: readonly KeyUse[]) => {
    values.reset();
    for (const { id, state, values: count } of keys) values.set({ key: id, state }, count);
  };
}

const NOTHING: Figures = {
  connections: [],
  tallies: [],
  circuits: [],
  lag: { refresh: NaN, health: NaN },
  due: { refresh: NaN, health: NaN },
  deliveriesWaiting: NaN,
};

function databaseMetrics(registry: Registry) {
  const registers = [registry];
  const connections = new Gauge({
    name: 'hub_connections',
    help: 'Connections',
    labelNames: ['integration', 'status'],
    registers,
  });
  const tokenAge = new Gauge({
    name: 'hub_token_age_seconds',
    help: 'Age of the oldest token that can be refreshed',
    labelNames: ['integration', 'status'],
    registers,
  });
  const expired = new Gauge({
    name: 'hub_expired_tokens',
    help: 'Tokens that could be refreshed and have run out',
    labelNames: ['integration', 'status'],
    registers,
  });
  const refreshes = new Counter({
    name: 'hub_refreshes_total',
    help: 'Token requests to renew credentials, by what came of them',
    labelNames: ['integration', 'outcome'],
    registers,
  });
  const probes = new Counter({
    name: 'hub_probes_total',
    help: 'Test calls, by what they said',
    labelNames: ['integration', 'outcome'],
    registers,
  });
  const events = new Counter({
    name: 'hub_events_total',
    help: 'Lifecycle events since this process began to count',
    labelNames: ['type'],
    registers,
  });
  const circuits = new Gauge({
    name: 'hub_circuits',
    help: 'Hosts of providers that are not asked at the moment',
    labelNames: ['integration', 'state'],
    registers,
  });
  const lag = new Gauge({
    name: 'hub_sweep_lag_seconds',
    help: 'How long what is due has been waiting, at most; connections of a provider that is down not counted',
    labelNames: ['sweep'],
    registers,
  });
  const due = new Gauge({
    name: 'hub_due_connections',
    help: 'Connections that a sweep has still to come to',
    labelNames: ['sweep'],
    registers,
  });
  const deliveries = new Gauge({
    name: 'hub_deliveries_waiting',
    help: 'Messages to webhooks that are under way or wait for their next attempt',
    registers,
  });

  return (figures: Figures, counts: Map<string, number>) => {
    for (const metric of [connections, tokenAge, expired, refreshes, probes, events, circuits, lag, due])
      metric.reset();
    for (const { integrationId, status, count, ...tokens } of figures.connections) {
      const labels = { integration: integrationId, status };
      connections.set(labels, count);
      tokenAge.set(labels, tokens.oldestToken / 1000);
      expired.set(labels, tokens.expired);
    }
    for (const { kind, integrationId, outcome, count } of figures.tallies)
      (kind === 'refresh' ? refreshes : probes).inc({ integration: integrationId, outcome }, count);
    for (const [type, count] of counts) events.inc({ type }, count);
    for (const { integrationId, state, count } of figures.circuits)
      circuits.set({ integration: integrationId, state }, count);
    for (const [sweep, ms] of Object.entries(figures.lag)) lag.set({ sweep }, ms / 1000);
    for (const [sweep, count] of Object.entries(figures.due)) due.set({ sweep }, count);
    deliveries.set(figures.deliveriesWaiting);
  };
}
