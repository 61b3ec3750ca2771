/** Headless Chromium of the system. */
import { existsSync } from 'node:fs';
import { spawnSync } from 'node:child_process';
import { chromium, type Browser } from 'playwright-core';

const PLACES = ['/usr/bin/chromium', '/usr/bin/chromium-browser', '/usr/bin/google-chrome'];

export async function startBrowser(): Promise<Browser> {
  const executablePath =
    process.env['CHROMIUM_PATH'] ?? PLACES.find((place) => existsSync(place)) ?? installed();
  return chromium.launch({ executablePath, args: ['--no-sandbox', '--disable-dev-shm-usage'] });
}

/** Where the tests run as root on a Debian, they bring it; elsewhere a person does. */
function installed(): string {
  if (process.getuid?.() === 0) {
    spawnSync('apt-get', ['update', '-qq'], { stdio: 'ignore' });
    spawnSync('apt-get', ['install', '-y', '-qq', '--no-install-recommends', 'chromium'], {
      stdio: 'ignore',
    });
  }
  const found = PLACES.find((place) => existsSync(place));
  if (!found)
    throw new Error('Chromium is needed: install it (apt-get install chromium) or set CHROMIUM_PATH');
  return found;
}
