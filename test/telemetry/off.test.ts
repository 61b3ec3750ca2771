/** Without an endpoint there is no trace of traces; and where a collector is in trouble, nobody else is. */
import { execFile } from 'node:child_process';
import path from 'node:path';
import { promisify } from 'node:util';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { ensureAdminKey } from '../../hub/first-run.ts';
import { connect } from '../proxy/provider.ts';
import { createClient } from '../setup/client.ts';
import { configOf, testEnv } from '../setup/hub.ts';
import { spawnHub } from '../setup/processes.ts';
import { setUpApps, startTestSandbox, type TestSandbox } from '../setup/sandbox.ts';
import { temporalPlaces } from '../setup/secret-hunt.ts';
import { openOperator } from '../setup/temporal.ts';
import { startCollector } from './collector.ts';

const ROOT = path.join(import.meta.dirname, '../..');
const TRACEPARENT = '00-0af7651916cd43dd8448eb211c80319c-b7ad6b7169203331-01';

let sandbox: TestSandbox;
beforeAll(async () => {
  sandbox = await startTestSandbox();
});
afterAll(() => sandbox.close());

async function hubOf(overrides: Record<string, string>) {
  const { env, drop } = await testEnv({ HUB_LOG_LEVEL: 'info', ...overrides });
  await ensureAdminKey(configOf(env), env['HUB_ADMIN_KEY'] ?? '');
  const [api, worker] = await Promise.all([spawnHub('api', env), spawnHub('worker', env)]);
  const client = createClient(`http://localhost:${env['HUB_PORT']}`, env['HUB_ADMIN_KEY'] ?? '');
  await setUpApps(client, sandbox);
  const refresh = async (id: string, traceparent = TRACEPARENT) =>
    (
      await fetch(`http://localhost:${env['HUB_PORT']}/api/connections/${id}/refresh`, {
        method: 'POST',
        headers: { authorization: `Bearer ${client.key}`, traceparent },
      })
    ).status;
  const end = async () => {
    await Promise.all([api.kill('SIGTERM'), worker.kill('SIGTERM')]);
    await drop();
  };
  return { env, api, worker, client, refresh, end };
}

describe('off', () => {
  it('nothing is sent, and no header goes into a history', async () => {
    const hub = await hubOf({ OTEL_SERVICE_NAME: 'hub', OTEL_TRACES_SAMPLER: 'always_on' });
    const id = await connect(hub.client, 'hubspot');
    expect(await hub.refresh(id)).toBe(200);
    const histories = await temporalPlaces(configOf(hub.env));
    expect(histories.length).toBeGreaterThan(0);
    expect(histories.filter(({ text }) => /traceparent|_tracer-data/.test(text))).toEqual([]);
    await hub.end();
  }, 120_000);

  it('no OpenTelemetry SDK is loaded, by the API or the worker', async () => {
    const program = `
      import { registerHooks } from 'node:module';
      const loaded = new Set();
      registerHooks({ load(url, context, next) { loaded.add(url); return next(url, context); } });
      await import('./hub/api/start-api.ts');
      await import('./hub/temporal/start-worker.ts');
      const { openTelemetry } = await import('./hub/telemetry/telemetry.ts');
      await openTelemetry(null, 'api', null);
      console.log(JSON.stringify([...loaded].map((url) => url.split('node_modules/').at(-1))));`;
    const { stdout } = await promisify(execFile)(process.execPath, ['--input-type=module', '-e', program], {
      cwd: ROOT,
      maxBuffer: 16 * 1024 * 1024,
    });
    const loaded = JSON.parse(stdout) as string[];
    expect(loaded.some((module) => module.startsWith('fastify/'))).toBe(true);
    expect(
      loaded.filter((module) => /^@opentelemetry\/(?!api\/)|interceptors-opentelemetry/.test(module)),
    ).toEqual([]);
  }, 60_000);
});

describe('on', () => {
  it('sends protobuf unless told otherwise, what the sampler lets through, and the rest at the end', async () => {
    const first = await startCollector();
    const hub = await hubOf({
      OTEL_EXPORTER_OTLP_ENDPOINT: `${first.url}/`,
      OTEL_EXPORTER_OTLP_COMPRESSION: 'gzip',
      OTEL_SERVICE_NAME: 'a hub of mine',
      OTEL_TRACES_SAMPLER: 'parentbased_always_off',
      // Only the end sends.
      OTEL_BSP_SCHEDULE_DELAY: '3600000',
    });
    const id = await connect(hub.client, 'hubspot');
    const operator = await openOperator(configOf(hub.env));
    await operator.sweep('refreshSweep');
    await operator.close();
    expect(await hub.refresh(id, TRACEPARENT.replace(/01$/, '00'))).toBe(200);
    expect(await hub.refresh(id)).toBe(200);
    expect(first.exports).toEqual([]);
    await hub.end();
    expect(first.exports.length).toBeGreaterThan(0);
    const text = first.exports.map((one) => one.text).join('');
    for (const { path: asked, headers } of first.exports)
      expect([asked, headers['content-type'], headers['content-encoding']]).toEqual([
        '/v1/traces',
        'application/x-protobuf',
        'gzip',
      ]);
    const count = (name: string) => text.split(name).length - 1;
    expect(count('a hub of mine')).toBe(2);
    expect(count('POST /api/connections/:id/refresh')).toBe(1);
    expect(count('RunWorkflow:refreshCredentials')).toBe(1);
    expect(text).not.toMatch(/refreshSweep|authorizeConnection/);
    first.close();
  }, 120_000);

  it('a collector that refuses is said once, and hurts nobody; one that hangs does not keep the end', async () => {
    const first = await startCollector();
    first.answer(400);
    const hub = await hubOf({
      OTEL_EXPORTER_OTLP_ENDPOINT: first.url,
      OTEL_BSP_SCHEDULE_DELAY: '20',
    });
    const id = await connect(hub.client, 'hubspot');
    for (let n = 0; n < 3; n++) {
      const before = first.exports.length;
      expect(await hub.refresh(id)).toBe(200);
      await expect.poll(() => first.exports.length).toBeGreaterThan(before + 1);
    }
    const said = () => hub.api.output().split('traces cannot be sent').length - 1;
    expect(said()).toBe(1);
    expect(hub.api.output()).toContain('"why":"400"');
    first.answer(200);
    await hub.refresh(id);
    await expect.poll(() => hub.api.output()).toContain('traces are sent again');
    first.hang();
    await hub.refresh(id);
    await hub.end();
    first.close();
  }, 120_000);
});
