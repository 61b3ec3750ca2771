/** What signs somebody in, or lets them in, is looked for wherever the hub leaves something behind. */
import postgres from 'postgres';
import { afterAll, beforeAll, expect, it } from 'vitest';
import { ensureAdminKey } from '../../hub/first-run.ts';
import { createPage, tokenIn } from '../setup/accounts.ts';
import { createClient } from '../setup/client.ts';
import { configOf, testEnv, type TestEnv } from '../setup/hub.ts';
import { spawnHub, type HubProcess } from '../setup/processes.ts';
import { setUpApps, startTestSandbox, type TestSandbox } from '../setup/sandbox.ts';
import { startTcpProxy, type TcpProxy } from '../setup/tcp-proxy.ts';
import { databasePlaces, hunt, temporalPlaces } from '../setup/secret-hunt.ts';

let env: TestEnv;
let drop: () => Promise<void>;
let api: HubProcess;
let sandbox: TestSandbox;
let database: TcpProxy;
beforeAll(async () => {
  ({ env, drop } = await testEnv({ HUB_LOG_LEVEL: 'trace' }));
  await ensureAdminKey(configOf(env), env['HUB_ADMIN_KEY'] ?? '');
  sandbox = await startTestSandbox();
  const url = new URL(env['DATABASE_URL'] ?? '');
  database = await startTcpProxy({ host: url.hostname, port: Number(url.port) });
  url.port = String(database.port);
  api = await spawnHub('api', { ...env, DATABASE_URL: url.href });
});
afterAll(async () => {
  await api.kill('SIGTERM');
  await Promise.all([sandbox.close(), database.close()]);
  await drop();
});

it('no password, session or link is in logs, database, or Temporal', async () => {
  const url = `http://localhost:${env['HUB_PORT']}`;
  const admin = createClient(url, env['HUB_ADMIN_KEY'] ?? '');
  await setUpApps(admin, sandbox);
  const secrets = new Map<string, string>();
  const invitation = (await admin.call('POST', '/api/invitations', { role: 'builder' })).body;
  secrets.set('invitation', tokenIn(invitation.url));
  secrets.set('password', 'first password of many letters');
  secrets.set('new password', 'second password of many letters');
  secrets.set('wrong password', 'third password of many letters');

  const page = createPage(url);
  const email = 'ada@example.com';
  const password = secrets.get('password') ?? '';
  const token = secrets.get('invitation');
  expect((await page.call('POST', '/api/welcome', { token, name: 'Ada', email, password })).status).toBe(201);
  const keep = (label: string) => {
    const cookie = decodeURIComponent(page.jar.get('hub_session') ?? '');
    secrets.set(`${label}, cookie`, cookie);
    secrets.set(`${label}, token`, cookie.split('.')[0] ?? '');
  };
  keep('first session');
  await page.signIn({ email, password: secrets.get('wrong password') ?? '' });
  await page.call('POST', '/api/auth/change-password', {
    currentPassword: password,
    newPassword: secrets.get('new password'),
  });
  keep('second session');
  await page.call('POST', '/api/auth/sign-in/email', '{"password": "broken');
  await page.call('GET', `/sign-in?next=/welcome&token=${secrets.get('invitation')}`);

  const link = (await page.call('POST', '/api/connect-links', { integrationId: 'slack' })).body;
  secrets.set('connect link', tokenIn(link.url));
  const visitor = createPage(url);
  const path = `/api/connect-links/${tokenIn(link.url)}`;
  expect((await visitor.call('GET', path)).status).toBe(200);
  expect((await visitor.call('POST', `${path}/connections`)).status).toBe(201);
  secrets.set('browser of the link', visitor.jar.get('hub_link') ?? '');
  await visitor.call('POST', `${path}/connections`, { nonsense: true });
  await createPage(url).call('POST', `${path}/connections`);

  for (const [label, secret] of secrets) expect(secret.length, label).toBeGreaterThanOrEqual(20);
  const places = [
    { where: 'log of the API', text: api.output() },
    ...(await databasePlaces(env['DATABASE_URL'] ?? '')),
    ...(await temporalPlaces(configOf(env))),
  ];
  expect(api.output()).toContain('/api/connect-links/:token');
  expect(places.some(({ where }) => where.startsWith('decoded history'))).toBe(true);
  expect(hunt(secrets, places)).toEqual([]);
  // What hides so well must be findable: the hunt sees what is planted.
  expect(hunt(secrets, [{ where: 'planted', text: `x ${secrets.get('connect link')} y` }])).toEqual([
    'connect link in planted',
  ]);
});

it('nor where the database fails: that is said, and told from a wrong password', async () => {
  const url = `http://localhost:${env['HUB_PORT']}`;
  const admin = createClient(url, env['HUB_ADMIN_KEY'] ?? '');
  const page = createPage(url);
  const ada = { email: 'failing@example.com', password: 'fourth password of many letters' };
  const { body } = await admin.call('POST', '/api/invitations', { role: 'builder' });
  await page.call('POST', '/api/welcome', { token: tokenIn(body.url), name: 'Ada', ...ada });

  // The statement that would have written the new password's hash fails, and its error quotes it.
  const sql = postgres(env['DATABASE_URL'] ?? '', { max: 1, onnotice: () => {} });
  await sql`create function no_change() returns trigger language plpgsql as
    'begin raise exception ''no column of this table may change'' using detail = new.password_hash; end'`;
  await sql`create trigger no_change before update on accounts for each row execute function no_change()`;
  const newPassword = 'fifth password of many letters';
  const change = { currentPassword: ada.password, newPassword };
  expect((await page.call('POST', '/api/auth/change-password', change)).status).toBe(500);
  await sql`drop trigger no_change on accounts`;
  await sql.end();

  database.cut();
  expect((await page.call('GET', '/api/me')).body.code).toBe('DATABASE_UNAVAILABLE');
  expect((await createPage(url).signIn(ada)).body.code).toBe('DATABASE_UNAVAILABLE');
  database.mend();
  await expect.poll(async () => (await page.call('GET', '/api/me')).status).toBe(200);
  expect((await createPage(url).signIn(ada)).status).toBe(200);

  const log = api.output();
  expect(log).toContain('Failed query: update');
  const secrets = new Map([
    ['password', ada.password],
    ['new password', newPassword],
  ]);
  expect(hunt(secrets, [{ where: 'log', text: log }])).toEqual([]);
  // As scrypt's salt and hash are written.
  expect(log).not.toMatch(/[0-9a-f]{32}:[0-9a-f]{32}/);
});
