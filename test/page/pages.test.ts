/** Every page as it is drawn: for those who cannot see it, in the dark, on a phone, and over a slow line. */
import { AxeBuilder } from '@axe-core/playwright';
import { brotliCompressSync } from 'node:zlib';
import { mkdirSync } from 'node:fs';
import path from 'node:path';
import type { Browser, BrowserContext, Page } from 'playwright-core';
import { afterAll, beforeAll, describe, expect, it, vi } from 'vitest';
import { makePerson, type Person } from '../setup/accounts.ts';
import { startBrowser } from '../setup/browser.ts';
import { createBrowser, createClient } from '../setup/client.ts';
import { startHub, type TestHub } from '../setup/hub.ts';
import { setUpApps, startTestSandbox, type TestSandbox } from '../setup/sandbox.ts';

const HOSTILE = '<img src=x onerror="document.title=1"><script>document.title=2</script>';
// Where somebody wants to look at them: SCREENSHOTS=docs/images npx vitest run test/page/pages.test.ts
const SCREENSHOTS = process.env['SCREENSHOTS'];

let hub: TestHub;
let sandbox: TestSandbox;
let browser: Browser;
let ada: Person;
/** Where each page is, and what is on it when it is there. */
let pages: Record<string, { at: string; shows: string | RegExp; draws?: string }>;

beforeAll(async () => {
  sandbox = await startTestSandbox();
  hub = await startHub();
  await setUpApps(hub.admin, sandbox);
  browser = await startBrowser();
  ada = await makePerson(hub, { role: 'admin', email: 'ada@example.com' });
  pages = await fill();
}, 120_000);
afterAll(async () => {
  await browser?.close();
  await hub.close();
  await sandbox.close();
});

/** A hub with something on every page. */
async function fill(): Promise<typeof pages> {
  const ids: string[] = [];
  for (const integrationId of ['slack', 'gmail', 'hubspot']) {
    const { body } = await hub.admin.call('POST', '/api/connections', { integrationId });
    await createBrowser().open(body.authorization.url);
    ids.push(body.connection.id);
  }
  const [slack = '', gmail = '', hubspot = ''] = ids;
  await hub.admin.call('PATCH', `/api/connections/${hubspot}`, { name: HOSTILE });
  await sandbox.control('POST', '/gmail/revoke', {});
  await sandbox.control('POST', '/gmail/expire');
  await hub.admin.call('POST', `/api/connections/${gmail}/test`, {});
  const webhook = await hub.admin.call('POST', '/api/webhooks', {
    url: `${sandbox.url}/nowhere`,
    events: ['*'],
    name: HOSTILE,
  });
  await hub.admin.call('POST', `/api/connections/${slack}/refresh`, {});
  await hub.admin.call('PUT', `/api/connections/${slack}/debug`, {
    until: new Date(Date.now() + 3_600_000).toISOString(),
  });
  for (const path of ['/auth.test', '/conversations.list', '/none'])
    await hub.admin.call('POST', `/api/connections/${slack}/request`, { method: 'POST', path });
  const calls = async () =>
    (await hub.admin.call('GET', `/api/connections/${slack}/usage`)).body.data.at(-1).calls as number;
  await vi.waitUntil(async () => (await calls()) > 0, { timeout: 20_000 });
  const link = await hub.admin.call('POST', '/api/connect-links', { integrationId: 'slack', name: HOSTILE });
  const { key } = (await hub.admin.call('POST', '/api/keys', { name: 'Nightly report', role: 'operator' }))
    .body;
  await createClient(hub.url, key).call('GET', `/api/connections/${slack}/token`);
  const invitation = await hub.admin.call('POST', '/api/invitations', { role: 'builder' });
  return {
    catalogue: { at: '/', shows: 'Google Drive' },
    integration: { at: '/integrations/gmail', shows: 'OAuth app' },
    definition: { at: '/add-integration', shows: 'Begin with an example' },
    connections: { at: '/connections', shows: 'Sandbox One' },
    connection: { at: `/connections/${slack}`, shows: /Healthy on/, draws: '.uplot canvas' },
    trouble: { at: `/connections/${gmail}`, shows: 'Reconnect now' },
    activity: { at: `/connections/${slack}?tab=activity`, shows: 'Token renewed' },
    console: { at: `/connections/${slack}?tab=console`, shows: 'Which workspace is this' },
    requests: { at: `/connections/${slack}?tab=requests`, shows: '/conversations.list' },
    settings: { at: `/connections/${hubspot}?tab=settings`, shows: 'Settings' },
    webhooks: { at: '/webhooks', shows: 'Standard Webhooks' },
    webhook: { at: `/webhooks/${webhook.body.id}`, shows: 'Deliveries' },
    links: { at: '/links', shows: 'Take back' },
    people: { at: '/people', shows: 'Open invitations' },
    keys: { at: '/keys', shows: 'Make a key' },
    audit: { at: '/audit', shows: 'Invite somebody' },
    'audit-narrowed': { at: `/audit?connectionId=${hubspot}`, shows: 'Change a connection' },
    lost: { at: '/connections/none', shows: 'no such connection' },
    welcome: { at: new URL(invitation.body.url).href.replace(hub.url, ''), shows: 'Make the account' },
    'connect-link': { at: new URL(link.body.url).href.replace(hub.url, ''), shows: 'Go on to Slack' },
    'sign-in': { at: '/sign-in', shows: 'Password' },
  };
}

async function signedInContext(options: Parameters<Browser['newContext']>[0]): Promise<BrowserContext> {
  const context = await browser.newContext(options);
  context.setDefaultTimeout(20_000);
  const answer = await context.request.post(`${hub.url}/api/auth/sign-in/email`, {
    data: { email: ada.email, password: ada.password },
    headers: { origin: hub.url },
  });
  expect(answer.ok(), await answer.text()).toBe(true);
  return context;
}

async function open(page: Page, name: string): Promise<void> {
  const { at, shows, draws } = pages[name] ?? { at: '/', shows: '' };
  await page.goto(hub.url + at);
  await page.getByText(shows).filter({ visible: true }).first().waitFor();
  if (draws !== undefined) await page.locator(draws).waitFor();
  await page.evaluate('document.fonts.ready.then(() => null)');
}

const NAMES = [
  'catalogue',
  'integration',
  'definition',
  'connections',
  'connection',
  'trouble',
  'activity',
  'console',
  'requests',
  'settings',
  'webhooks',
  'webhook',
  'links',
  'people',
  'keys',
  'audit',
  'audit-narrowed',
  'lost',
  'welcome',
  'connect-link',
  'sign-in',
];

describe.each([
  { colorScheme: 'light', viewport: { width: 1280, height: 800 }, device: 'desktop' },
  { colorScheme: 'dark', viewport: { width: 1280, height: 800 }, device: 'desktop' },
  { colorScheme: 'light', viewport: { width: 390, height: 844 }, device: 'phone' },
  { colorScheme: 'dark', viewport: { width: 390, height: 844 }, device: 'phone' },
] as const)('$colorScheme, on a $device', ({ colorScheme, viewport, device }) => {
  let context: BrowserContext;
  let page: Page;
  const complaints: string[] = [];
  beforeAll(async () => {
    context = await signedInContext({ colorScheme, viewport, reducedMotion: 'reduce' });
    page = await context.newPage();
    page.on('console', (message) => {
      if (message.type() === 'error') complaints.push(message.text());
    });
    page.on('pageerror', (error) => complaints.push(error.message));
  });
  afterAll(() => context.close());

  it.each(NAMES)('%s: axe finds nothing, and nothing is wider than the screen', async (name) => {
    await open(page, name);
    if (SCREENSHOTS !== undefined) {
      mkdirSync(SCREENSHOTS, { recursive: true });
      const file = `page-${name}-${colorScheme}-${device}.png`;
      await page.screenshot({ path: path.join(SCREENSHOTS, file), fullPage: device === 'phone' });
    }
    const { violations } = await new AxeBuilder({ page }).analyze();
    expect(violations.map(({ id, nodes }) => `${id}: ${nodes.map(({ html }) => html).join('\n')}`)).toEqual(
      [],
    );
    expect(
      await page.evaluate('document.documentElement.scrollWidth - document.documentElement.clientWidth'),
    ).toBe(0);
    expect(await page.title()).not.toMatch(/^[12]$/);
  });

  it('no script failed, and nothing was tried that the policy forbids', () => {
    expect(complaints.filter((text) => !/status of 404/.test(text))).toEqual([]);
  });
});

it('debug mode is turned on, shows a request as it happens, without its secrets, and is turned off', async () => {
  const context = await signedInContext({ reducedMotion: 'reduce' });
  const page = await context.newPage();
  await page.goto(`${hub.url}${pages['settings']?.at.replace('settings', 'requests')}`);
  await page.getByText('No requests kept').waitFor();
  await page.getByRole('button', { name: 'Turn on' }).click();
  await page.getByText('Debug mode is on.').waitFor();
  const id = new URL(page.url()).pathname.split('/').at(-1) ?? '';
  await hub.admin.call('POST', `/api/connections/${id}/request`, {
    method: 'GET',
    path: '/crm/v3/objects/contacts?limit=1',
  });
  const line = page.getByRole('button', { name: /contacts\?limit=1/ });
  await line.click();
  const request = page.getByRole('region', { name: 'Request' });
  await request.getByText('[redacted]').first().waitFor();
  expect(await request.textContent()).not.toContain('Bearer');
  await page.getByRole('region', { name: 'Answer' }).locator('pre').waitFor();
  expect((await new AxeBuilder({ page }).analyze()).violations).toEqual([]);
  if (SCREENSHOTS !== undefined)
    await page.screenshot({ path: path.join(SCREENSHOTS, 'page-request.png'), fullPage: true });
  const [har] = await Promise.all([
    page.waitForEvent('download'),
    page.getByRole('link', { name: 'HAR' }).click(),
  ]);
  expect(har.suggestedFilename()).toBe(`connection-${id}.har`);
  await page.getByRole('button', { name: 'Forget' }).click();
  await page.getByText('Waiting for the first request').waitFor();
  await page.getByRole('button', { name: 'Turn off' }).click();
  await page.getByText('No requests kept').waitFor();
  await context.close();
});

it('the first page is under 200 kB of compressed script, styles included, and asks nobody else', async () => {
  const context = await signedInContext({});
  const page = await context.newPage();
  const sizes: [string, number][] = [];
  const foreign: string[] = [];
  page.on('response', async (response) => {
    if (!response.url().startsWith(hub.url) && !response.url().startsWith('data:'))
      foreign.push(response.url());
    if (/\.(js|css)$/.test(new URL(response.url()).pathname)) {
      const body = await response.body();
      sizes.push([response.url(), brotliCompressSync(body).length]);
      if (response.url().includes('/assets/')) expect(response.headers()['content-encoding']).toBe('br');
    }
  });
  await page.goto(hub.url);
  await page.getByText('Google Drive').waitFor();
  await page.waitForLoadState('networkidle');
  expect(sizes.length).toBeGreaterThan(1);
  expect(sizes.reduce((sum, [, size]) => sum + size, 0)).toBeLessThan(200_000);
  expect(foreign).toEqual([]);
  await context.close();
});

it('the keyboard alone goes everywhere: skip link, dialog kept in, Escape, focus back', async () => {
  const context = await signedInContext({ viewport: { width: 1280, height: 800 } });
  const page = await context.newPage();
  await open(page, 'links');
  await page.keyboard.press('Tab');
  expect(await page.evaluate('document.activeElement.textContent')).toBe('Skip to content');
  await page.keyboard.press('Enter');
  expect(await page.evaluate('document.activeElement.id')).toBe('content');
  const opener = page.getByRole('button', { name: 'Make a link' });
  await opener.focus();
  await page.keyboard.press('Enter');
  await page.getByRole('dialog').waitFor();
  for (let step = 0; step < 12; step++) {
    await page.keyboard.press('Tab');
    expect(
      await page.evaluate(
        "document.activeElement === document.body || document.querySelector('dialog').contains(document.activeElement)",
      ),
    ).toBe(true);
  }
  await page.keyboard.press('Escape');
  await page.getByRole('dialog').waitFor({ state: 'detached' });
  expect(await page.evaluate('document.activeElement.textContent')).toBe('Make a link');
  await context.close();
});

it('a slow line shows where things will be, and nothing jumps', async () => {
  const context = await signedInContext({ viewport: { width: 1280, height: 800 } });
  const page = await context.newPage();
  let letGo = () => {};
  const held = new Promise<void>((resolve) => {
    letGo = resolve;
  });
  await page.route('**/api/integrations?*', async (route) => {
    await held;
    await route.continue();
  });
  await page.addInitScript(
    'window.shift = 0; new PerformanceObserver((list) => { for (const entry of list.getEntries()) if (!entry.hadRecentInput) window.shift += entry.value; }).observe({ type: "layout-shift", buffered: true });',
  );
  await page.goto(hub.url);
  await page.getByText('Loading …').first().waitFor({ state: 'attached' });
  letGo();
  await page.getByText('Google Drive').waitFor();
  // 0.1 is what Web Vitals call good.
  expect(await page.evaluate('window.shift')).toBeLessThan(0.1);
  await context.close();
});
