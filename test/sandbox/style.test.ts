import { createHash } from 'node:crypto';
import { afterAll, beforeAll, expect, it } from 'vitest';
import { startSandbox, type Sandbox } from '../../hub/sandbox/sandbox.ts';

let sandbox: Sandbox;
beforeAll(async () => {
  sandbox = await startSandbox({ port: 0, consent: 'ask' });
});
afterAll(() => sandbox.close());

it('the policy of a page allows the very style that is in it', async () => {
  const page = await fetch(`${sandbox.url}/`);
  const [, style = ''] = /<style>([^]*)<\/style>/.exec(await page.text()) ?? [];
  const hash = createHash('sha256').update(style).digest('base64');
  expect(style.length).toBeGreaterThan(500);
  expect(page.headers.get('content-security-policy')).toContain(`'sha256-${hash}'`);
});
