/** The audit log on the page: found, narrowed, opened, taken away, verified. */
import { AxeBuilder } from '@axe-core/playwright';
import { mkdirSync, readFileSync } from 'node:fs';
import path from 'node:path';
import type { Browser, BrowserContext, Locator, Page } from 'playwright-core';
import { afterAll, afterEach, beforeAll, beforeEach, expect, it } from 'vitest';
import { chained, openSql, unguarded, type Sql } from '../audit/log.ts';
import { makePerson, type Person } from '../setup/accounts.ts';
import { startBrowser } from '../setup/browser.ts';
import { createBrowser, createClient } from '../setup/client.ts';
import { startHub, type TestHub } from '../setup/hub.ts';
import { setUpApps, startTestSandbox, type TestSandbox } from '../setup/sandbox.ts';

// As in pages.test.ts.
const SCREENSHOTS = process.env['SCREENSHOTS'];

let hub: TestHub;
let sandbox: TestSandbox;
let sql: Sql;
let browser: Browser;
let ada: Person;
let context: BrowserContext;
let page: Page;
let slack: string;
/** The key of a program that is refused what it asks for. */
let nightly: string;

beforeAll(async () => {
  sandbox = await startTestSandbox();
  hub = await startHub();
  sql = openSql(hub.env);
  await setUpApps(hub.admin, sandbox);
  browser = await startBrowser();
  ada = await makePerson(hub, { role: 'admin' });
  const { body } = await hub.admin.call('POST', '/api/connections', {
    integrationId: 'slack',
    name: 'Sales',
  });
  await createBrowser().open(body.authorization.url);
  slack = body.connection.id as string;
  await hub.admin.call('PATCH', `/api/connections/${slack}`, { name: 'Sales team' });
  nightly = (await hub.admin.call('POST', '/api/keys', { name: 'Nightly', role: 'operator' })).body
    .key as string;
  await createClient(hub.url, nightly).call('GET', `/api/connections/${slack}/token`);
}, 120_000);
beforeEach(async () => {
  await chained(sql);
  context = await browser.newContext({ viewport: { width: 1280, height: 800 }, reducedMotion: 'reduce' });
  context.setDefaultTimeout(20_000);
  await signIn(ada);
  page = await context.newPage();
});
afterEach(() => context.close());
afterAll(async () => {
  await browser?.close();
  await sql.end();
  await hub.close();
  await sandbox.close();
});

async function signIn({ email, password }: Person): Promise<void> {
  const answer = await context.request.post(`${hub.url}/api/auth/sign-in/email`, {
    data: { email, password },
    headers: { origin: hub.url },
  });
  expect(answer.ok()).toBe(true);
}

async function open(query = ''): Promise<void> {
  await page.goto(`${hub.url}/audit${query}`);
  await page.getByText(/Chained up to entry/).waitFor();
}

const rows = () => page.getByRole('row').filter({ has: page.getByRole('cell') });
const row = (text: string | RegExp) => rows().filter({ hasText: text });
const nightlyMade = () => row(/Make an API key.*Nightly/);
const dialog = () => page.getByRole('dialog');
const clear = () => page.getByRole('button', { name: 'Clear filters' });
const asked = () => new URL(page.url()).searchParams;

async function look(name: string): Promise<void> {
  if (SCREENSHOTS !== undefined) {
    mkdirSync(SCREENSHOTS, { recursive: true });
    for (const colorScheme of ['light', 'dark'] as const)
      for (const width of [1280, 390]) {
        await page.emulateMedia({ colorScheme });
        await page.setViewportSize({ width, height: 844 });
        await page.screenshot({ path: path.join(SCREENSHOTS, `page-${name}-${colorScheme}-${width}.png`) });
      }
    await page.emulateMedia({ colorScheme: 'light' });
    await page.setViewportSize({ width: 1280, height: 800 });
  }
  expect((await new AxeBuilder({ page }).analyze()).violations).toEqual([]);
}

const all = (found: Locator) =>
  found.evaluateAll((elements) => elements.map(({ textContent }) => textContent));

it('is reached from a connection, shows what concerns it, and all of it again by one press', async () => {
  await page.goto(`${hub.url}/connections/${slack}?tab=activity`);
  await page.getByRole('tabpanel').getByRole('link', { name: 'Audit log' }).click();
  await page.getByText('Connection: Sales team').waitFor();
  await row('Make a connection').waitFor();
  expect(await nightlyMade().count()).toBe(0);
  await page.getByRole('button', { name: 'Show all connections, not only Sales team' }).click();
  await nightlyMade().waitFor();
  expect(asked().toString()).toBe('');
});

it('is narrowed by what one chooses; the address has it, a reload keeps it, one press clears it', async () => {
  await open();
  await nightlyMade().waitFor();
  await page.getByRole('combobox', { name: 'Outcome' }).selectOption('Refused');
  await nightlyMade().waitFor({ state: 'detached' });
  await page.reload();
  await row('Sales team').getByText('Nightly').waitFor();
  expect(await all(rows().locator('td:nth-child(3)'))).toEqual(['Refused']);
  await page.getByRole('combobox', { name: 'Outcome' }).selectOption('Any outcome');
  await page.getByRole('combobox', { name: 'Who' }).selectOption('Nightly');
  await page.getByRole('combobox', { name: 'Action' }).selectOption('Make an API key');
  await page.getByText('No entry fits these filters').waitFor();
  await clear().first().click();
  await nightlyMade().waitFor();
  await page.getByRole('combobox', { name: 'Order' }).selectOption('Oldest first');
  await expect.poll(() => asked().get('order')).toBe('asc');
  await expect
    .poll(async () => all(rows().locator('time')))
    .toEqual((await all(rows().locator('time'))).sort());
});

it('is narrowed by time, and says where an end is before its beginning', async () => {
  await open();
  await page.getByLabel('To').fill('2020-01-01T00:00');
  await page.getByText('No entry fits these filters').waitFor();
  await page.getByLabel('From').fill('2021-01-01T00:00');
  await page.getByText('This is not after the beginning').waitFor();
  await page.getByText('These filters cannot be used').waitFor();
  await page.getByLabel('To').fill('');
  await nightlyMade().waitFor();
  expect([asked().get('from'), asked().get('to')]).toEqual([
    new Date('2021-01-01T00:00').toISOString(),
    null,
  ]);
});

it('says what of a mistyped address it cannot use, and goes on', async () => {
  await open('?outcome=odd&from=yesterday&cursor=nonsense');
  await page.getByText(/outcome must be/).waitFor();
  await look('audit-unusable');
  await page.getByRole('alert').getByRole('button', { name: 'Clear filters' }).click();
  await nightlyMade().waitFor();
});

it('opens an entry by the keyboard: whole, without a secret, and the keyboard is back where it was', async () => {
  await open('?outcome=refused');
  await page.getByRole('button', { name: 'Access' }).focus();
  await page.keyboard.press('Enter');
  await dialog().getByText('It was not allowed').waitFor();
  for (const text of [
    'FORBIDDEN',
    'Nightly',
    'access.refused',
    'GET /api/connections/:id/token',
    '127.0.0.1',
  ])
    await dialog().getByText(text).first().waitFor();
  await look('audit-entry');
  expect(await page.content()).not.toContain(nightly);
  await page.keyboard.press('Escape');
  await dialog().waitFor({ state: 'detached' });
  expect(await page.evaluate('document.activeElement.textContent')).toBe('Access');
  await page.keyboard.press('Enter');
  await dialog().getByRole('link', { name: 'All about this connection' }).click();
  await row('Make a connection').waitFor();
  expect(Object.fromEntries(asked())).toEqual({ connectionId: slack });
  await row('Connected').getByRole('button').click();
  await dialog().getByText('The hub').waitFor();
  await dialog().getByRole('link', { name: 'Sales team' }).click();
  await page.getByRole('heading', { name: 'Sales team' }).waitFor();
});

it('is taken away as a file, narrowed as it is shown', async () => {
  await open('?outcome=refused');
  await page.getByRole('button', { name: 'Export' }).click();
  const [download] = await Promise.all([
    page.waitForEvent('download'),
    page.getByRole('menuitem', { name: 'CSV' }).click(),
  ]);
  expect(download.suggestedFilename()).toBe('audit.csv');
  const lines = readFileSync(await download.path(), 'utf8')
    .trim()
    .split('\n');
  expect(lines).toHaveLength(2);
  expect(lines[1]).toContain('access.refused');
});

it('goes page by page, and back', async () => {
  for (let count = 0; count < 60; count++)
    await hub.admin.call('PATCH', `/api/connections/${slack}`, { name: 'Sales team' });
  await chained(sql);
  await open(`?connectionId=${slack}`);
  await expect.poll(() => rows().count()).toBe(50);
  expect(await row('Make a connection').count()).toBe(0);
  await page.getByRole('button', { name: 'Older' }).click();
  await row('Make a connection').waitFor();
  await page.reload();
  await row('Make a connection').waitFor();
  expect(await page.getByRole('button', { name: 'Older' }).isDisabled()).toBe(true);
  await look('audit-page-two');
  await page.getByRole('button', { name: 'Newer' }).click();
  await expect.poll(() => rows().count()).toBe(50);
  expect(asked().get('cursor')).toBeNull();
});

it('shows what is new by itself', async () => {
  await open('?action=key.create');
  await nightlyMade().waitFor();
  await hub.admin.call('POST', '/api/keys', { name: 'Just made', role: 'builder' });
  await row('Just made').waitFor();
});

it('says that the hub does not answer, keeps what there is, and tries again', async () => {
  await open();
  await row('Change a connection').first().waitFor();
  await context.setOffline(true);
  await page.getByRole('combobox', { name: 'Order' }).selectOption('Oldest first');
  await page.getByText('The hub does not answer.').waitFor();
  await context.setOffline(false);
  await page.getByRole('button', { name: 'Try again' }).click();
  await page.getByText('The hub does not answer.').waitFor({ state: 'detached' });
  await row('Make an account').waitFor();
});

it('is for admins: others are told so, and find it in no menu', async () => {
  await context.clearCookies();
  await signIn(await makePerson(hub, { role: 'operator' }));
  await page.goto(`${hub.url}/audit`);
  await page.getByText('Your role does not allow that.').waitFor();
  expect(await page.getByRole('link', { name: 'Audit log' }).count()).toBe(0);
  await page.goto(`${hub.url}/connections/${slack}?tab=activity`);
  await page.getByRole('tabpanel').getByText('Connected').first().waitFor();
  expect(await page.getByRole('link', { name: 'Audit log' }).count()).toBe(0);
});

it('is verified: a head that was kept is compared, and what was changed is named', async () => {
  await open();
  await page.getByRole('button', { name: 'Verify' }).click();
  const kept = dialog().getByLabel('A head that was kept');
  await kept.fill('42');
  const verify = dialog().getByRole('button', { name: /Verify/ });
  await verify.click();
  await dialog().getByText('A number, a colon and 64 hexadecimal digits').waitFor();
  await kept.fill((await dialog().locator('code[aria-label]').textContent()) ?? '');
  await verify.click();
  await dialog()
    .getByText(/^[\d,]+ entries are as they were written\.$/)
    .waitFor();
  await kept.fill(`1:${'0'.repeat(64)}`);
  await verify.click();
  await dialog().getByText('Entry 1 is another one than was noted.').waitFor();
  await kept.fill('');
  await unguarded(sql, (tx) => tx`update audit_entries set user_id = 'eve' where sequence = 7`);
  await verify.click();
  await dialog()
    .getByText(/^entry 7 is not what was written/)
    .waitFor();
  await dialog().getByText('Up to entry 6 all is well.').waitFor();
  await look('audit-verify');
  await page.keyboard.press('Escape');
  await page.getByText('Broken').waitFor();
});
