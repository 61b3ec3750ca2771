/** An admin brings a provider that the hub does not know: written, mended, connected, tested, changed and removed in a browser. */
import { AxeBuilder } from '@axe-core/playwright';
import path from 'node:path';
import type { Browser, BrowserContext, Page } from 'playwright-core';
import { afterAll, beforeAll, expect, it } from 'vitest';
import { ownDefinitions, secrets, startOwnProvider, type OwnProvider } from '../definitions/provider.ts';
import { makePerson } from '../setup/accounts.ts';
import { startBrowser } from '../setup/browser.ts';
import { startHub, type TestHub } from '../setup/hub.ts';

const SCREENSHOTS = process.env['SCREENSHOTS'];

let hub: TestHub;
let provider: OwnProvider;
let browser: Browser;
let context: BrowserContext;
let page: Page;

beforeAll(async () => {
  provider = await startOwnProvider();
  hub = await startHub();
  browser = await startBrowser();
  const ada = await makePerson(hub, { role: 'admin' });
  context = await browser.newContext({ viewport: { width: 1280, height: 1000 }, reducedMotion: 'reduce' });
  context.setDefaultTimeout(20_000);
  page = await context.newPage();
  await page.goto(hub.url);
  await page.getByLabel('E-mail address').fill(ada.email);
  await page.getByLabel('Password', { exact: true }).fill(ada.password);
  await page.getByRole('button', { name: 'Sign in', exact: true }).click();
  await page.getByRole('heading', { name: 'Integrations' }).waitFor();
}, 120_000);
afterAll(async () => {
  await browser?.close();
  await hub.close();
  provider.close();
});

const button = (name: string) => page.getByRole('button', { name, exact: true });
const editor = () => page.getByLabel('Definition', { exact: true });

async function looksRight(name: string): Promise<void> {
  const { violations } = await new AxeBuilder({ page }).analyze();
  expect(violations.map(({ id, nodes }) => `${id}: ${nodes.map(({ html }) => html).join('\n')}`)).toEqual([]);
  if (SCREENSHOTS !== undefined)
    await page.screenshot({ path: path.join(SCREENSHOTS, `page-own-${name}.png`), fullPage: true });
}

it('begins with an example of its kind', async () => {
  await page.getByRole('link', { name: 'Add your own' }).click();
  await page.getByLabel('Begin with an example').selectOption({ label: 'User name and password (Twilio)' });
  expect(JSON.parse(await editor().inputValue())).toMatchObject({ id: 'twilio' });
  await looksRight('new');
});

it('what is wrong is told by its place, and what was typed stays', async () => {
  await editor().fill('{"id": }');
  await button('Add the integration').click();
  await page.getByText(/This is not JSON/).waitFor();
  await editor().fill(JSON.stringify({ ...ownDefinitions(provider).pair, hosts: [], colour: 'red' }));
  await button('Add the integration').click();
  const faults = page.getByRole('alert');
  await faults.getByText('/hosts').waitFor();
  await faults.getByText('/colour').waitFor();
  expect(await editor().inputValue()).toContain('"colour":"red"');
  await looksRight('faults');
});

it('is there as soon as it is added, and connects', async () => {
  await editor().fill(JSON.stringify(ownDefinitions(provider).pair, null, 2));
  await button('Add the integration').click();
  await page.getByRole('heading', { level: 1, name: 'Own own-pair' }).waitFor();
  await button('Connect').first().click();
  const dialog = page.getByRole('dialog');
  await dialog.getByLabel('User name').fill('ada');
  await dialog.getByLabel('Password', { exact: true }).fill(secrets.password);
  await dialog.getByRole('button', { name: 'Connect' }).click();
  await dialog.getByText('Own own-pair is connected').waitFor();
  await page.goto(`${hub.url}/integrations/own-pair`);
  await page.getByText('Ada').first().waitFor();
});

it('is tested, and each finding is shown', async () => {
  await button('Test everything').click();
  await page.getByText(/^Health check/).waitFor();
  await page.getByText('Fine').waitFor();
  await looksRight('tested');
});

it('is changed for those who use it, and not removed from under them', async () => {
  await page.getByRole('link', { name: 'Change the definition' }).click();
  const definition = JSON.parse(await editor().inputValue()) as Record<string, unknown>;
  await editor().fill(JSON.stringify({ ...definition, name: 'Ledger' }));
  await button('Save the definition').click();
  await page.getByRole('heading', { level: 1, name: 'Ledger' }).waitFor();
  await button('Remove: Ledger').click();
  await page.getByRole('dialog').getByRole('button', { name: 'Remove' }).click();
  await page.getByText(/Connections need this integration as it is/).waitFor();
  await button('Cancel').click();
  for (const { id } of (await hub.admin.call('GET', '/api/connections')).body.data)
    await hub.admin.call('DELETE', `/api/connections/${id}`);
  await button('Remove: Ledger').click();
  await page.getByRole('dialog').getByRole('button', { name: 'Remove' }).click();
  await page.getByRole('heading', { name: 'Integrations' }).waitFor();
  await expect.poll(() => page.getByText('Ledger', { exact: true }).count()).toBe(0);
});

it('one that comes with the hub has no definition to change', async () => {
  await page.goto(`${hub.url}/integrations/slack/definition`);
  await page.getByText(/comes with the hub or from a file/).waitFor();
  await page.goto(`${hub.url}/integrations/slack`);
  await page.getByText('Is everything in place?').waitFor();
  expect(await page.getByText('Change the definition').count()).toBe(0);
});
