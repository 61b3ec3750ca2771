/** A headless Chromium: the one named, the system's, Debian's package, or Playwright's own download. */
import { spawnSync } from 'node:child_process';
import { existsSync } from 'node:fs';
import { createRequire } from 'node:module';
import path from 'node:path';
import { chromium, type Browser } from 'playwright-core';

const PLACES = [
  '/usr/bin/chromium',
  '/usr/bin/chromium-browser',
  '/usr/bin/google-chrome',
  '/Applications/Google Chrome.app/Contents/MacOS/Google Chrome',
];

export async function startBrowser(): Promise<Browser> {
  return chromium.launch({
    executablePath: named() ?? onSystem() ?? fromDebian() ?? fromPlaywright(),
    args: ['--no-sandbox', '--disable-dev-shm-usage'],
  });
}

function named(): string | undefined {
  const place = process.env['CHROME_PATH'];
  if (place !== undefined && !existsSync(place)) throw new Error(`CHROME_PATH: there is no ${place}`);
  return place;
}

const onSystem = () => PLACES.find((place) => existsSync(place));

/** Where the tests may install packages, they do. */
function fromDebian(): string | undefined {
  if (process.getuid?.() !== 0) return undefined;
  const apt = (...args: string[]) => spawnSync('apt-get', ['-qq', ...args], { stdio: 'ignore' });
  apt('update');
  apt('install', '-y', '--no-install-recommends', 'chromium');
  return onSystem();
}

function fromPlaywright(): string {
  const known = () => (existsSync(chromium.executablePath()) ? chromium.executablePath() : undefined);
  const there = known();
  if (there !== undefined) return there;
  const cli = path.join(
    path.dirname(createRequire(import.meta.url).resolve('playwright-core/package.json')),
    'cli.js',
  );
  spawnSync(process.execPath, [cli, 'install', '--only-shell', 'chromium'], { stdio: 'ignore' });
  const fetched = known();
  if (fetched === undefined)
    throw new Error('Chromium is needed: install it (apt-get install chromium) or name one in CHROME_PATH');
  return fetched;
}
