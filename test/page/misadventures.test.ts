/** What goes wrong while somebody uses the page: they lose nothing, and are told what to do. */
import type { Browser, BrowserContext, Page } from 'playwright-core';
import { afterAll, afterEach, beforeAll, beforeEach, expect, it } from 'vitest';
import { makePerson, type Person } from '../setup/accounts.ts';
import { startBrowser } from '../setup/browser.ts';
import { startHub, type TestHub } from '../setup/hub.ts';
import { setUpApps, startTestSandbox, type TestSandbox } from '../setup/sandbox.ts';

let hub: TestHub;
let sandbox: TestSandbox;
let browser: Browser;
let ada: Person;
let context: BrowserContext;
let page: Page;

beforeAll(async () => {
  sandbox = await startTestSandbox('ask');
  hub = await startHub();
  await setUpApps(hub.admin, sandbox);
  browser = await startBrowser();
  ada = await makePerson(hub, { role: 'admin' });
}, 120_000);
beforeEach(async () => {
  context = await browser.newContext({ viewport: { width: 1280, height: 800 } });
  context.setDefaultTimeout(20_000);
  page = await context.newPage();
  await page.goto(hub.url);
  await signIn();
  await page.getByRole('heading', { name: 'Integrations' }).waitFor();
});
afterEach(() => context.close());
afterAll(async () => {
  await browser?.close();
  await hub.close();
  await sandbox.close();
});

async function signIn(): Promise<void> {
  await page.getByLabel('E-mail address').fill(ada.email);
  await page.getByLabel('Password', { exact: true }).fill(ada.password);
  await page.getByRole('button', { name: 'Sign in', exact: true }).click();
}

const dialog = () => page.getByRole('dialog');
const button = (name: string) => page.getByRole('button', { name, exact: true });
const connections = async (integrationId: string) =>
  (await hub.admin.call('GET', `/api/connections?integrationId=${integrationId}`)).body.data;

async function popupOf(press: Promise<void>): Promise<Page> {
  const [there] = await Promise.all([context.waitForEvent('page'), press]);
  await there.getByRole('button', { name: 'Allow' }).waitFor();
  return there;
}

it('a wrong password is refused in plain words, and the address stays', async () => {
  await context.clearCookies();
  await page.reload();
  await page.getByLabel('E-mail address').fill(ada.email);
  await page.getByLabel('Password', { exact: true }).fill('not it at all');
  await button('Sign in').click();
  await page.getByText('E-mail address or password is wrong.').waitFor();
  expect(await page.getByLabel('E-mail address').inputValue()).toBe(ada.email);
});

it('a session that ends in the middle of a form is begun again over it, and nothing typed is lost', async () => {
  await page.goto(`${hub.url}/webhooks`);
  await button('Add webhook').first().click();
  await dialog().getByLabel('Address').fill('https://example.com/hook');
  await context.clearCookies();
  await dialog().getByRole('button', { name: 'Add webhook' }).click();
  await page.getByText('Everything on this page is as you left it.').waitFor();
  await page.getByLabel('Password', { exact: true }).fill(ada.password);
  const email = page.getByLabel('E-mail address');
  if ((await email.inputValue()) === '') await email.fill(ada.email);
  await button('Sign in').click();
  // What was asked for has gone on by itself.
  await page.getByText('The signing secret').waitFor();
  const { data } = (await hub.admin.call('GET', '/api/webhooks')).body;
  expect(data).toMatchObject([{ url: 'https://example.com/hook' }]);
});

it('two quick presses are one', async () => {
  const there = await popupOf(button('Connect Slack').dblclick());
  await there.getByRole('button', { name: 'Allow' }).click();
  await dialog().getByText('Slack is connected').waitFor();
  expect(await connections('slack')).toHaveLength(1);
  await page.goto(`${hub.url}/keys`);
  await button('Make a key').first().click();
  await dialog().getByLabel('Name').fill('Twice');
  await dialog().getByRole('button', { name: 'Make the key' }).dblclick();
  await page.getByText('The new key').waitFor();
  const { data } = (await hub.admin.call('GET', '/api/keys')).body;
  expect(data.filter(({ name }: { name: string }) => name === 'Twice')).toHaveLength(1);
});

it('a window that was closed is opened again, and goes on', async () => {
  const first = await popupOf(button('Connect Discord').click());
  await first.close();
  const there = await popupOf(dialog().getByRole('button', { name: 'Open it again' }).click());
  await there.getByRole('button', { name: 'Allow' }).click();
  await dialog().getByText('Discord is connected').waitFor();
  expect(await connections('discord')).toMatchObject([{ status: 'connected' }]);
});

it('where windows are blocked this one goes, and comes back to the connection', async () => {
  await page.addInitScript('window.open = () => null');
  await page.reload();
  await button('Connect Dropbox').click();
  await page.getByRole('button', { name: 'Allow' }).click();
  await page.getByText('Dropbox is connected').waitFor();
  await page.getByRole('link', { name: 'Open the connection' }).click();
  await page.getByRole('heading', { level: 1 }).getByText('Connected').waitFor();
});

it('back from the provider the page is as it was, and connecting works again', async () => {
  await page.addInitScript('window.open = () => null');
  await page.reload();
  await button('Connect HubSpot').click();
  await page.getByRole('button', { name: 'Allow' }).waitFor();
  await page.goBack();
  await page.getByRole('heading', { name: 'Integrations' }).waitFor();
  await page.reload();
  await button('Connect HubSpot').click();
  await page.getByRole('button', { name: 'Allow' }).click();
  await page.getByText('HubSpot is connected').waitFor();
});

it('two tabs see the same: what one connects appears in the other, and each walk is its own', async () => {
  const other = await context.newPage();
  await other.goto(`${hub.url}/connections`);
  await other.getByRole('heading', { name: 'Connections' }).waitFor();
  await page.bringToFront();
  const there = await popupOf(button('Connect Gmail').click());
  await there.getByRole('button', { name: 'Allow' }).click();
  await dialog().getByText('Gmail is connected').waitFor();
  await other.getByRole('link', { name: /Gmail/ }).waitFor();
});

it('an error of the provider’s is told in its words, as text', async () => {
  await sandbox.control('PUT', '/outlook/behaviour', {
    token: {
      mode: 'answer',
      answer: {
        status: 400,
        body: { error: 'invalid_client', error_description: '<b>AADSTS7000215</b>: Invalid client secret.' },
      },
    },
  });
  const there = await popupOf(button('Connect Outlook').click());
  await there.getByRole('button', { name: 'Allow' }).click();
  await dialog().getByText('Outlook is not connected').waitFor();
  expect(await dialog().locator('b').count()).toBe(0);
  await sandbox.control('PUT', '/outlook/behaviour', {});
  await popupOf(
    dialog()
      .getByRole('button', { name: 'Try again' })
      .click()
      .then(() => dialog().getByRole('button', { name: 'Go on to Outlook' }).click()),
  ).then((again) => again.getByRole('button', { name: 'Allow' }).click());
  await dialog().getByText('Outlook is connected').waitFor();
});

it('a hub that does not answer is said, and what was typed stays', async () => {
  await page.goto(`${hub.url}/links`);
  await button('Make a link').first().click();
  await dialog().getByLabel('Name').fill('Kept');
  await context.setOffline(true);
  await dialog().getByRole('button', { name: 'Make the link' }).click();
  await dialog().getByText('The hub does not answer.').waitFor();
  expect(await dialog().getByLabel('Name').inputValue()).toBe('Kept');
  await context.setOffline(false);
  await dialog().getByRole('button', { name: 'Make the link' }).click();
  await page.getByText('Send this link').waitFor();
});
