/** Where links with a secret lead, in a real browser. */
import type { Browser, Page } from 'playwright-core';
import { afterAll, beforeAll, expect, it } from 'vitest';
import { startBrowser } from '../setup/browser.ts';
import { startHub, type TestHub } from '../setup/hub.ts';
import { setUpApps, startTestSandbox, type TestSandbox } from '../setup/sandbox.ts';

let hub: TestHub;
let sandbox: TestSandbox;
let browser: Browser;
let page: Page;
const asked: string[] = [];
beforeAll(async () => {
  sandbox = await startTestSandbox('ask');
  hub = await startHub();
  await setUpApps(hub.admin, sandbox);
  browser = await startBrowser();
  page = await (await browser.newContext()).newPage();
  page.on('request', (request) => asked.push(request.url()));
});
afterAll(async () => {
  await browser.close();
  await hub.close();
  await sandbox.close();
});

it('an invitation makes an account and signs in, and its token is in no address that was asked for', async () => {
  const { body } = await hub.admin.call('POST', '/api/invitations', {
    role: 'builder',
    email: 'ada@example.com',
  });
  const token = body.url.split('#token=')[1] as string;
  await page.goto(body.url);
  await page.getByLabel('Your name').fill('Ada');
  expect(await page.getByLabel('E-mail address').inputValue()).toBe('ada@example.com');
  expect(page.url()).toBe(`${hub.url}/welcome`);
  await page.getByLabel('Password', { exact: true }).fill('correct horse battery');
  await page.getByRole('button', { name: 'Make the account' }).click();
  await page.getByRole('heading', { name: 'Integrations' }).waitFor();
  await page.reload();
  const me = await page.evaluate('fetch("/api/me").then((answer) => answer.json())');
  expect(me).toMatchObject({ user: { name: 'Ada', role: 'builder' }, via: 'session' });
  expect(asked.filter((url) => url.includes(token))).toEqual([]);

  await page.goto(body.url);
  await page
    .getByRole('alert')
    .getByText(/invitation/i)
    .waitFor();
});

it('a second link in the same tab is the one that counts', async () => {
  await page.context().clearCookies();
  for (const email of ['eve@example.com', 'fay@example.com']) {
    const { body } = await hub.admin.call('POST', '/api/invitations', { role: 'builder', email });
    await page.goto(body.url);
    await expect.poll(() => page.getByLabel('E-mail address').inputValue()).toBe(email);
    expect(page.url()).toBe(`${hub.url}/welcome`);
  }
});

it('the page and the API agree on how short a password may be', async () => {
  const { body } = await hub.admin.call('POST', '/api/invitations', { role: 'builder' });
  await page.context().clearCookies();
  await page.goto('about:blank');
  await page.goto(body.url);
  await page.getByLabel('Your name').fill('Bea');
  await page.getByLabel('E-mail address').fill('bea@example.com');
  const password = page.getByLabel('Password', { exact: true });
  const hint = await page.getByText(/characters or more\. A sentence/).textContent();
  const least = Number(/^\d+/.exec(hint ?? '')?.[0]);
  const ask = (length: number) =>
    hub.admin.call('POST', '/api/welcome', {
      token: body.url.split('#token=')[1] as string,
      name: 'Bea',
      email: 'bea@example.com',
      password: 'x'.repeat(length),
    });
  expect((await ask(least - 1)).body.errors).toMatchObject([{ path: '/password' }]);
  await password.fill('x'.repeat(least - 1));
  await page.getByRole('button', { name: 'Make the account' }).click();
  await page.getByText(`${least} or more characters are needed`).waitFor();
  await password.fill('x'.repeat(least));
  await page.getByRole('button', { name: 'Make the account' }).click();
  await page.getByRole('heading', { name: 'Integrations' }).waitFor();
});

it('a connect link connects an account for somebody who has none here', async () => {
  const { body } = await hub.admin.call('POST', '/api/connect-links', {
    integrationId: 'hubspot',
    name: 'Sales',
  });
  await page.context().clearCookies();
  await page.goto(body.url);
  await page.getByRole('button', { name: 'Go on to HubSpot' }).click();
  await page.getByRole('button', { name: 'Allow' }).click();
  await page.getByText('Thank you: it is connected').waitFor();
  const { data } = (await hub.admin.call('GET', '/api/connections?integrationId=hubspot')).body;
  expect(data).toMatchObject([{ status: 'connected' }]);
});

it('a link that is cut off says so', async () => {
  // Another tab: this one keeps its links for a reload.
  const page = await (await browser.newContext()).newPage();
  await page.goto(`${hub.url}/connect`);
  await page.getByText('the link you were given, whole').waitFor();
  await page.goto(`${hub.url}/welcome#token=nonsense`);
  await page
    .getByRole('alert')
    .getByText(/invitation/i)
    .waitFor();
});
