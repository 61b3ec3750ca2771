/** A newcomer's way from `npm start`'s ready line to eleven connections, by what is seen. The steps build on each other. */
import { tmpdir } from 'node:os';
import path from 'node:path';
import type { Browser, BrowserContext, Page } from 'playwright-core';
import { afterAll, afterEach, beforeAll, expect, it } from 'vitest';
import { startBrowser } from '../setup/browser.ts';
import type { Json } from '../setup/client.ts';
import { prepareStart, type NpmStart, type Started } from '../setup/npm-start.ts';

let npmStart: NpmStart;
let started: Started;
let browser: Browser;
let context: BrowserContext;
let page: Page;
const complaints: string[] = [];

beforeAll(async () => {
  npmStart = await prepareStart();
  started = npmStart.start(undefined, { HUB_SANDBOX_CONSENT: 'ask' });
  await npmStart.ready(started);
  browser = await startBrowser();
  context = await browser.newContext({ viewport: { width: 1280, height: 800 } });
  context.setDefaultTimeout(6_000);
  // What the page's policy forbids, and what goes wrong in a script, is said on the console.
  context.on('console', (message) => {
    if (message.type() === 'error' && message.page()?.url().startsWith(npmStart.url))
      complaints.push(`${message.text()} (${message.location().url})`);
  });
  context.on('weberror', (error) => complaints.push(error.error().message));
  page = await context.newPage();
}, 120_000);
afterEach(async ({ task }) => {
  if (task.result?.state === 'fail')
    await page
      .screenshot({ path: path.join(tmpdir(), `integration-hub-${task.name.replaceAll(/\W+/g, '-')}.png`) })
      .catch(() => {});
});
afterAll(async () => {
  await browser?.close();
  await npmStart.end();
  npmStart.forget();
});

const button = (name: string | RegExp) => page.getByRole('button', { name, exact: typeof name === 'string' });
const dialog = () => page.getByRole('dialog');
const status = (text: string) => page.getByRole('heading', { level: 1 }).getByText(text, { exact: true });

/** Presses what opens a provider's window, and answers there. */
async function consent(
  press: () => Promise<void>,
  answer: 'Allow' | 'Deny',
  before?: (there: Page) => Promise<void>,
) {
  const [there] = await Promise.all([context.waitForEvent('page'), press()]);
  await there.getByRole('button', { name: answer }).waitFor();
  await before?.(there);
  await there.getByRole('button', { name: answer }).click();
}

const control = async (pathname: string, method: string, body?: unknown): Promise<Json> => {
  const answer = await fetch(`${npmStart.sandboxUrl}/_sandbox${pathname}`, {
    method,
    ...(body === undefined
      ? {}
      : { headers: { 'content-type': 'application/json' }, body: JSON.stringify(body) }),
  });
  expect(answer.ok, await answer.clone().text()).toBe(true);
  return answer.status === 204 ? null : answer.json();
};

it('is connected after six interactions, from the line that npm start prints', async () => {
  let interactions = 0;
  const does = async (interaction: Promise<unknown>) => {
    interactions += 1;
    await interaction;
  };
  const [, link = ''] = /Sign in for the first time at (\S+)/.exec(started.output()) ?? [];
  await page.goto(link);
  await does(page.getByLabel('Your name').fill('Ada Lovelace'));
  await does(page.getByLabel('E-mail address').fill('ada@example.com'));
  await does(page.getByLabel('Password', { exact: true }).fill('correct horse battery'));
  await does(button('Make the account').click());
  await consent(
    () => does(button('Connect HubSpot').click()),
    'Allow',
    // Counted before it is done: the press itself is the helper's.
    async () => void (interactions += 1),
  );
  await dialog().getByText('HubSpot is connected').waitFor();
  expect(
    await dialog()
      .getByText(/First test passed in \d+ ms/)
      .isVisible(),
  ).toBe(true);
  expect(interactions).toBeLessThanOrEqual(6);
  await dialog().getByRole('link', { name: 'Open the connection' }).click();
  await status('Connected').waitFor();
});

it('the catalogue has all eleven, and finds them by name and by task', async () => {
  await page.getByRole('link', { name: 'Integrations' }).click();
  await button('Connect Slack').waitFor();
  expect(await page.getByRole('button', { name: /^Connect / }).count()).toBe(11);
  await page.getByRole('searchbox').fill('invoice');
  await page.getByText('Nothing found').waitFor();
  await button('Clear the search').click();
  await page.getByRole('searchbox').fill('drive');
  await expect.poll(() => page.getByRole('button', { name: /^Connect / }).count()).toBe(1);
  await page.getByRole('searchbox').fill('');
});

it.each([
  ['GoHighLevel'],
  ['Salesforce'],
  ['Gmail'],
  ['Outlook'],
  ['Meta Ads'],
  ['Google Ads'],
  ['Google Drive'],
  ['Dropbox'],
  ['Slack'],
  ['Discord'],
])('%s is connected by one press and one Allow', async (name) => {
  await consent(() => button(`Connect ${name}`).click(), 'Allow');
  await dialog().getByText(`${name} is connected`).waitFor();
  await dialog().getByRole('button', { name: 'Close' }).click();
  await dialog().waitFor({ state: 'detached' });
});

it('one is connected by its API key, and a wrong one is refused in plain words', async () => {
  const { standIns } = await control('', 'GET');
  const { staticKey } = standIns.find(({ id }: { id: string }) => id === 'hubspot');
  const [there] = await Promise.all([context.waitForEvent('page'), button('Connect HubSpot').click()]);
  await there.getByRole('button', { name: 'Allow' }).waitFor();
  await dialog().getByRole('button', { name: 'Other ways, settings' }).click();
  await there.close();
  await dialog().getByLabel('API key').check();
  await dialog().getByLabel('Access token').fill('pat-na1-wrong');
  await dialog().getByRole('button', { name: 'Connect', exact: true }).click();
  await dialog().getByRole('alert').waitFor();
  expect(await dialog().getByLabel('Access token').inputValue()).toBe('pat-na1-wrong');
  await dialog().getByLabel('Access token').fill(staticKey);
  await dialog().getByRole('button', { name: 'Connect', exact: true }).click();
  await dialog().getByText('HubSpot is connected').waitFor();
  await dialog().getByRole('button', { name: 'Close' }).click();
});

/** Where the steps from here on begin. */
const goTo = (place: string) => page.goto(npmStart.url + place);

it('one is denied: it says so, leaves nothing behind, and can be tried again', async () => {
  await goTo('/');
  await consent(() => button('Connect Dropbox').click(), 'Deny');
  await dialog().getByText('Dropbox is not connected').waitFor();
  expect(await dialog().getByRole('alert').innerText()).toMatch(/denied|not allowed/i);
  await dialog().getByRole('button', { name: 'Close' }).last().click();
  await page.getByRole('link', { name: 'Connections' }).click();
  await expect.poll(() => page.getByRole('link', { name: /Dropbox/ }).count()).toBe(1);
});

it('one is connected with narrower scopes, and the missing ones are named', async () => {
  await goTo('/');
  await consent(
    () => button('Connect Gmail').click(),
    'Allow',
    async (there) => {
      const boxes = there.locator('input[name=scope]:not([disabled])');
      expect(await boxes.count()).toBeGreaterThan(1);
      await boxes.first().uncheck();
    },
  );
  await dialog().getByText('Gmail is connected').waitFor();
  await dialog()
    .getByText(/1 permission was not granted/)
    .waitFor();
  await dialog().getByRole('link', { name: 'Open the connection' }).click();
  await page.getByText('1 missing').waitFor();
});

it('one is configured anew, and what does not fit is refused beside its field', async () => {
  await goTo('/connections');
  await page.getByRole('searchbox').fill('GoHighLevel');
  await page
    .getByRole('link', { name: /GoHighLevel/ })
    .first()
    .click();
  await page.getByRole('tab', { name: 'Settings' }).click();
  const field = page.getByRole('tabpanel').getByRole('textbox').first();
  await field.fill('not a version');
  await button('Save').click();
  await expect.poll(() => field.getAttribute('aria-invalid')).toBe('true');
  await field.fill('2021-07-28');
  await button('Save').click();
  await page.getByText('Saved').waitFor();
  await page.reload();
  expect(await page.getByRole('tabpanel').getByRole('textbox').first().inputValue()).toBe('2021-07-28');
});

it('a ready-made example answers in the test console', async () => {
  await goTo('/connections');
  await page.getByRole('searchbox').fill('Slack');
  await page.getByRole('link', { name: /Slack/ }).first().click();
  await page.getByRole('tab', { name: 'Try it' }).click();
  await button('Send').click();
  await page
    .getByRole('region', { name: /Answer/ })
    .or(page.locator('pre'))
    .first()
    .waitFor();
  await page.getByText('200', { exact: true }).waitFor();
  await button('Test').click();
  await page.getByText(/Works: answered in \d+ ms/).waitFor();
});

it('a revocation at the provider arrives live, and reconnecting mends it', async () => {
  await status('Connected').waitFor();
  await control('/slack/revoke', 'POST', {});
  await control('/slack/expire', 'POST');
  // Somebody else's program uses it; this page is told.
  const id = new URL(page.url()).pathname.split('/').at(-1) ?? '';
  const other = await context.newPage();
  await other.goto(`${npmStart.url}/connections/${id}`);
  await other.getByRole('button', { name: 'Test', exact: true }).click();
  await status('Needs attention').waitFor();
  await page.getByText('Access was taken back at the provider.').first().waitFor();
  await expect.poll(() => button(/^Notifications/).getAttribute('aria-label')).toMatch(/[1-9] unread/);
  await other.close();

  await button('Reconnect now').click();
  await consent(() => dialog().getByRole('button', { name: 'Go on to Slack' }).click(), 'Allow');
  await dialog().getByText('Slack is connected').waitFor();
  await dialog().getByRole('link', { name: 'Open the connection' }).click();
  await status('Connected').waitFor();
});

it('consent by another account is said, and asked', async () => {
  await button('Reconnect').click();
  await consent(
    () => dialog().getByRole('button', { name: 'Go on to Slack' }).click(),
    'Allow',
    (there) => there.getByLabel(/Sandbox Two/).check(),
  );
  await dialog()
    .getByText(/another account than before: Sandbox Two, not Sandbox One/)
    .waitFor();
  await dialog().getByRole('button', { name: 'Keep Sandbox Two' }).click();
  await dialog().waitFor({ state: 'detached' });
});

it('disconnecting asks first, says what stops, and is seen', async () => {
  await button('More').click();
  await page.getByRole('menuitem', { name: 'Disconnect' }).click();
  await dialog().getByText('clients that were allowed to use it').waitFor();
  await dialog().getByRole('button', { name: 'Cancel' }).click();
  await status('Connected').waitFor();
  await button('More').click();
  await page.getByRole('menuitem', { name: 'Disconnect' }).click();
  await dialog().getByRole('button', { name: 'Disconnect' }).click();
  await status('Disconnected').waitFor();
  await page.getByRole('tab', { name: 'Activity' }).click();
  await page.getByRole('tabpanel').getByText('Disconnected', { exact: true }).waitFor();
  const workflow = page.getByRole('link', { name: 'Open this run in the Temporal UI' }).first();
  expect(await workflow.getAttribute('href')).toMatch(
    /^http:\/\/localhost:\d+\/namespaces\/[\w-]+\/workflows\//,
  );
});

it('no script failed on the way, and nothing that the policy forbids was tried', () => {
  // A wrong key, a configuration that does not fit, a refused test: the browser itself notes the statuses.
  expect(complaints.filter((text) => !/status of (401|409|422)/.test(text))).toEqual([]);
});
