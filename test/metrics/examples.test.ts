/** What examples/monitoring asks for is there: every expression is one, every metric and label is told. */
import { readFileSync } from 'node:fs';
import path from 'node:path';
import { afterAll, beforeAll, describe, expect, it, vi } from 'vitest';
import { parse } from 'yaml';
import { freePort } from '../../hub/embedded/ports.ts';
import { connectMany } from '../setup/bulk.ts';
import type { Json } from '../setup/client.ts';
import { startHub, type TestHub } from '../setup/hub.ts';
import { setUpApps, startTestSandbox, type TestSandbox } from '../setup/sandbox.ts';
import { openOperator, type Operator } from '../setup/temporal.ts';
import { parsePromql } from './promql.ts';

const FOLDER = path.resolve(import.meta.dirname, '../../examples/monitoring');
const read = (file: string) => readFileSync(path.join(FOLDER, file), 'utf8');

const scraping: Json = parse(read('prometheus.yml'));
const rules: Json[] = parse(read('alerts.yml')).groups.flatMap((group: Json) => group.rules);
const dashboard: Json = JSON.parse(read('grafana-dashboard.json'));
const panels: Json[] = dashboard.panels.filter(({ type }: Json) => type !== 'row');
const queries: [name: string, expression: string][] = [
  ...rules.map(({ alert, expr }): [string, string] => [alert, expr]),
  ...panels.flatMap(({ title, targets }) =>
    targets.map(({ refId, expr }: Json): [string, string] => [`${title} ${refId}`, expr]),
  ),
];

/** Told metrics by name, with the labels of their samples. Prometheus itself adds `job`, `instance` and `up`. */
let told: Map<string, Set<string>>;
let hub: TestHub;
let sandbox: TestSandbox;
let operator: Operator;

beforeAll(async () => {
  const listener = `127.0.0.1:${await freePort()}`;
  hub = await startHub({ HUB_PROVIDER_TIMEOUT: '500ms', HUB_WORKER_METRICS: listener });
  sandbox = await startTestSandbox();
  await setUpApps(hub.admin, sandbox);
  operator = await openOperator(hub.config);
  await somethingHappens();
  const wanted = ['hub_refreshes_total', 'hub_probes_total', 'hub_events_total', 'hub_circuits'];
  await vi.waitFor(
    async () => {
      const texts = await Promise.all(
        [hub.url, `http://${listener}`].map(async (url) => (await fetch(`${url}/metrics`)).text()),
      );
      told = samplesIn(texts.join('\n'));
      expect([...told.keys()]).toEqual(expect.arrayContaining(wanted));
    },
    { timeout: 30_000, interval: 500 },
  );
}, 120_000);
afterAll(async () => {
  await operator.close();
  await hub.close();
  await sandbox.close();
});

/** One of everything that has a metric only once it has happened. */
async function somethingHappens(): Promise<void> {
  // It counts events from the first scrape on.
  await fetch(`${hub.url}/metrics`);
  await connectMany(hub.config, sandbox, 'hubspot', 3, { refreshDueAt: new Date(0) });
  await operator.sweep('refreshSweep');
  await connectMany(hub.config, sandbox, 'gmail', 5, { healthDueAt: new Date(0) });
  await sandbox.control('PUT', '/gmail/behaviour', { api: 'down' });
  await operator.sweep('healthSweep', { perIntegration: 1 });
  // An activity that fails: no database takes this for a time.
  const totals = { pages: 0, failedPages: 0, counts: {}, reconnecting: 0 };
  const soFar = { dueBefore: 'tomorrow or so', after: null, busyPages: 0, totals };
  const failing = operator.sweep('refreshSweep', { soFar });
  failing.catch(() => {});
  const { taskQueue } = hub.config.temporal;
  const query = `WorkflowType = 'refreshSweep' AND ExecutionStatus = 'Running' AND TaskQueue = '${taskQueue}'`;
  await vi.waitFor(
    async () => {
      for await (const { workflowId } of operator.client.workflow.list({ query })) {
        const handle = operator.client.workflow.getHandle(workflowId);
        const { raw } = await handle.describe();
        expect(raw.pendingActivities?.[0]?.attempt).toBeGreaterThan(1);
        return handle.terminate();
      }
      throw new Error('it does not run');
    },
    { timeout: 20_000 },
  );
}

function samplesIn(text: string): Map<string, Set<string>> {
  const found = new Map<string, Set<string>>([['up', new Set()]]);
  for (const line of text.split('\n')) {
    const [, name, labels = ''] = /^([a-zA-Z_:][\w:]*)(?:\{(.*)\})? \S+$/.exec(line) ?? [];
    if (name === undefined) continue;
    const there = found.get(name) ?? new Set();
    for (const [, label = ''] of labels.matchAll(/(\w+)="(?:[^"\\]|\\.)*"/g)) there.add(label);
    found.set(name, there);
  }
  return found;
}

const ADDED = ['job', 'instance'];

it.each(queries)('%s', (_name, expression) => {
  const { selectors, groupedBy } = parsePromql(expression);
  // `vector(0)` alone would say nothing of the hub.
  expect(selectors.length).toBeGreaterThan(0);
  for (const { metric, labels } of selectors) {
    expect([...told.keys()]).toContain(metric);
    expect([...(told.get(metric) ?? []), ...ADDED]).toEqual(
      expect.arrayContaining([...labels, ...groupedBy]),
    );
  }
});

describe('the rules', () => {
  it('have names of their own, a severity, and say what to do', () => {
    expect(new Set(rules.map(({ alert }) => alert)).size).toBe(rules.length);
    for (const rule of rules)
      expect(rule).toMatchObject({
        for: expect.stringMatching(/^\d+m$/),
        labels: { severity: expect.stringMatching(/^(page|ticket)$/) },
        annotations: { summary: expect.any(String), description: expect.stringMatching(/\.$/) },
      });
  });

  it('are loaded by the configuration, and ask of its jobs only', () => {
    expect(scraping.rule_files).toEqual(['alerts.yml']);
    const jobs = scraping.scrape_configs.map((one: Json) => one.job_name);
    const asked = queries.flatMap(([, text]) => [...text.matchAll(/job="([^"]*)"/g)].map(([, job]) => job));
    expect(new Set(asked)).toEqual(new Set(jobs));
  });
});

it('the dashboard overlaps nowhere, and leaves the data source to whoever imports it', () => {
  const taken = new Set<string>();
  for (const { gridPos, datasource, type } of dashboard.panels) {
    if (type !== 'row') expect(datasource.uid).toBe('${datasource}');
    const { x: left, y: top, w, h } = gridPos as Record<'x' | 'y' | 'w' | 'h', number>;
    expect(left + w).toBeLessThanOrEqual(24);
    for (let x = left; x < left + w; x++)
      for (let y = top; y < top + h; y++) {
        expect(taken).not.toContain(`${x} ${y}`);
        taken.add(`${x} ${y}`);
      }
  }
  expect(new Set(dashboard.panels.map(({ id }: Json) => id)).size).toBe(dashboard.panels.length);
});

it.each([
  'sum(hub_connections',
  'rate(hub_events_total)',
  'rate(hub_connections) by (x)',
  'hub_connections{status=connected}',
  'sum by hub_connections',
  'hub_connections >',
  'hub_events_total[5m]',
  'nonsense(hub_connections)',
  'histogram_quantile(0.9)',
])('%s is no PromQL', (broken) => {
  expect(() => parsePromql(broken)).toThrow(/expected|not PromQL/);
});
