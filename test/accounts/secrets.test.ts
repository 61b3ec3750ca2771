/** What signs somebody in, or lets them in, is looked for wherever the hub leaves something behind. */
import { afterAll, beforeAll, expect, it } from 'vitest';
import { ensureAdminKey } from '../../hub/first-run.ts';
import { createPage, tokenIn } from '../setup/accounts.ts';
import { createClient } from '../setup/client.ts';
import { configOf, testEnv, type TestEnv } from '../setup/hub.ts';
import { spawnHub, type HubProcess } from '../setup/processes.ts';
import { setUpApps, startTestSandbox, type TestSandbox } from '../setup/sandbox.ts';
import { databasePlaces, hunt, temporalPlaces } from '../setup/secret-hunt.ts';

let env: TestEnv;
let drop: () => Promise<void>;
let api: HubProcess;
let sandbox: TestSandbox;
beforeAll(async () => {
  ({ env, drop } = await testEnv({ HUB_LOG_LEVEL: 'trace' }));
  await ensureAdminKey(configOf(env), env['HUB_ADMIN_KEY'] ?? '');
  sandbox = await startTestSandbox();
  api = await spawnHub('api', env);
});
afterAll(async () => {
  await api.kill('SIGTERM');
  await sandbox.close();
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
