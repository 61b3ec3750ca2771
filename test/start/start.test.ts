/** `npm start` as a newcomer meets it, and as an operator mistreats it. */
import { existsSync, mkdirSync, readFileSync, statSync, writeFileSync } from 'node:fs';
import { createServer } from 'node:net';
import path from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { createPage } from '../setup/accounts.ts';
import { createBrowser, createClient } from '../setup/client.ts';
import { prepareStart, type NpmStart } from '../setup/npm-start.ts';

let env: Record<string, string>;
let folder: string;
let npmStart: NpmStart;

beforeEach(async () => {
  npmStart = await prepareStart();
  ({ env, folder } = npmStart);
});
afterEach(async () => {
  await npmStart.end();
  expect(npmStart.processes()).toEqual([]);
  npmStart.forget();
});

const start: NpmStart['start'] = (...args) => npmStart.start(...args);
const ready: NpmStart['ready'] = (one) => npmStart.ready(one);

const client = () =>
  createClient(
    `http://localhost:${env['HUB_PORT']}`,
    readFileSync(path.join(folder, 'admin-key'), 'utf8').trim(),
  );

async function connectSlack(): Promise<string> {
  const { body } = await client().call('POST', '/api/connections', { integrationId: 'slack' });
  await createBrowser().open(body.authorization.url);
  expect((await client().call('GET', `/api/connections/${body.connection.id}`)).body.status).toBe(
    'connected',
  );
  return body.connection.id as string;
}

describe('npm start', () => {
  it('gets ready by itself, ends cleanly on SIGTERM, and keeps everything for the next start', async () => {
    const first = start(['npm', 'start']);
    await ready(first);
    await expect.poll(() => first.output()).toContain('ihk_');
    const [, token] =
      /first time at http:\/\/localhost:\d+\/welcome#token=(ihi_[\w-]+)$/m.exec(first.output()) ?? [];
    const ada = { name: 'Ada', email: 'ada@example.com', password: 'a password of many letters' };
    const page = createPage(`http://localhost:${env['HUB_PORT']}`);
    expect((await page.call('POST', '/api/welcome', { token, ...ada })).body).toMatchObject({
      user: { id: 'admin', role: 'admin' },
    });
    expect(first.output()).toContain(`Temporal UI at http://localhost:${env['HUB_TEMPORAL_UI_PORT']}`);
    expect(first.output()).toMatch(/sandbox is on.*not to the real provider/);
    for (const secret of ['admin-key', 'encryption-keys'])
      expect(statSync(path.join(folder, secret)).mode & 0o777).toBe(0o600);
    const id = await connectSlack();

    // Commands beside it know its servers and keys by the data folder.
    const create = ['keys', 'create', '--name', 'n8n', '--role', 'builder', '--user', 'ada'];
    const created = start([process.execPath, 'hub/cli/hub.mjs', ...create]);
    expect(await created.ended, created.output()).toBe(0);
    const builder = createClient(`http://localhost:${env['HUB_PORT']}`, created.output().trim());
    expect((await builder.call('GET', '/api/connections')).body).toMatchObject({ data: [] });
    const doctor = [process.execPath, 'hub/cli/hub.mjs', 'doctor'];
    const healthy = start(doctor);
    expect(await healthy.ended, healthy.output()).toBe(0);
    expect(healthy.output()).toContain('✓ integration slack');
    expect(statSync(path.join(folder, 'environment.json')).mode & 0o777).toBe(0o600);

    first.child.kill('SIGTERM');
    expect(await first.ended).toBe(0);
    expect(npmStart.processes()).toEqual([]);
    expect(existsSync(path.join(folder, 'environment.json'))).toBe(false);
    const alone = start(doctor);
    expect(await alone.ended).toBe(1);
    expect(alone.output()).toMatch(/✗ database: DATABASE_URL: needed/);

    const second = start();
    await ready(second);
    expect(second.output()).not.toMatch(/ihk_|ihi_/);
    // Who signed in before the restart still is.
    expect((await page.call('GET', '/api/me')).body).toMatchObject({ user: { id: 'admin' }, via: 'session' });
    const refreshed = await client().call('POST', `/api/connections/${id}/refresh`);
    expect(refreshed.body, refreshed.text).toMatchObject({
      refreshed: true,
      connection: { status: 'connected' },
    });
    second.child.kill('SIGINT');
    second.child.kill('SIGINT');
    expect(await second.ended).toBe(0);
  });

  it.each([100, 700, 1500, 2500])('ends cleanly when it is stopped %i ms into its start', async (ms) => {
    const one = start();
    await expect.poll(() => one.output()).toContain('Starting PostgreSQL');
    await new Promise((resolve) => setTimeout(resolve, ms));
    one.child.kill('SIGINT');
    expect(await one.ended).toBe(0);
  });

  it('recovers from SIGKILL: nothing left over is in the way, and nothing is lost', async () => {
    const first = start();
    await ready(first);
    const id = await connectSlack();
    first.child.kill('SIGKILL');
    await first.ended;
    const second = start();
    await ready(second);
    expect((await client().call('POST', `/api/connections/${id}/test`)).body).toMatchObject({ ok: true });
  });

  it('says in one line that the data folder is in use by another start', async () => {
    const first = start();
    await ready(first);
    const second = start();
    expect(await second.ended).toBe(1);
    expect(second.output()).toMatch(/HUB_DATA_DIR: .* is in use by another npm start/);
    expect((await client().call('GET', '/health/ready')).status).toBe(200);
  });

  it.each(['HUB_PORT', 'HUB_SANDBOX_PORT', 'HUB_TEMPORAL_PORT', 'HUB_TEMPORAL_UI_PORT'])(
    'names %s where its port is taken',
    async (name) => {
      const taken = createServer().listen(Number(env[name]), '127.0.0.1');
      const one = start();
      expect(await one.ended).toBe(1);
      expect(one.output()).toContain(`${name}: port ${env[name]} is taken by another program`);
      taken.close();
    },
  );

  it('lists every wrong variable, one line each', async () => {
    const one = start(undefined, {
      HUB_PORT: 'eighty',
      HUB_SWEEP_INTERVAL: 'often',
      HUB_ADMIN_KEY: 'short',
      DATABASE_URL: 'mysql://x',
    });
    expect(await one.ended).toBe(1);
    for (const name of ['HUB_PORT', 'HUB_SWEEP_INTERVAL', 'HUB_ADMIN_KEY', 'DATABASE_URL'])
      expect(
        one
          .output()
          .split('\n')
          .filter((line) => line.startsWith(`${name}:`)),
      ).toHaveLength(1);
  });

  it('begins the database anew where its making was cut off', async () => {
    const half = path.join(folder, 'postgres', 'data');
    mkdirSync(half, { recursive: true });
    writeFileSync(path.join(half, 'PG_VERSION'), '18\n');
    const one = start();
    await ready(one);
    expect(existsSync(path.join(folder, 'postgres', 'complete'))).toBe(true);
  });

  it('says what to do where the Temporal CLI is not what TEMPORAL_CLI_PATH names', async () => {
    const one = start(undefined, { TEMPORAL_CLI_PATH: '/nowhere/temporal' });
    expect(await one.ended).toBe(1);
    expect(one.output()).toContain('TEMPORAL_CLI_PATH: /nowhere/temporal is not an executable file');
  });

  it('never turns the sandbox on in production', async () => {
    const one = start(undefined, { NODE_ENV: 'production', HUB_SANDBOX: 'on' });
    expect(await one.ended).toBe(1);
    expect(one.output()).toContain('HUB_SANDBOX:');
  });
}, 180_000);
