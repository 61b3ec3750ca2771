/** Invariant 9: one door, and what does not get through it. */
import { createServer, type Server, type ServerResponse } from 'node:http';
import type { AddressInfo } from 'node:net';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { hostMatches, isPublicAddress } from '../../hub/egress/address.ts';
import { createEgress } from '../../hub/egress/egress.ts';

let server: Server;
let base: string;
const seen: { url: string; authorization: string | undefined }[] = [];

const ANSWERS: Record<string, (response: ServerResponse) => void> = {
  '/json': (response) => response.end('{"a":1}'),
  '/redirect': (response) => response.writeHead(302, { location: 'http://elsewhere.invalid/' }).end(),
  '/huge': (response) => {
    response.on('error', () => {});
    const timer = setInterval(() => response.write('x'.repeat(65_536)), 1);
    response.on('close', () => clearInterval(timer));
  },
  '/hang': () => {},
  '/drip': (response) => {
    const timer = setInterval(() => response.write(' '), 20);
    response.on('close', () => clearInterval(timer));
  },
  '/cut': (response) => {
    response.writeHead(200, { 'content-length': '100' }).write('{');
    setImmediate(() => response.destroy());
  },
};

beforeAll(async () => {
  server = createServer((request, response) => {
    seen.push({ url: request.url ?? '', authorization: request.headers.authorization });
    ANSWERS[request.url ?? '']?.(response);
  });
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  base = `http://127.0.0.1:${(server.address() as AddressInfo).port}`;
});
afterAll(() => {
  server.closeAllConnections();
  server.close();
});

const open = createEgress({ allowPrivateNetwork: true, timeoutMs: 300, maxAnswerBytes: 100_000 });
const closed = createEgress({ allowPrivateNetwork: false, timeoutMs: 2_000 });
const get = (url: string) => ({ method: 'GET' as const, url, headers: { authorization: 'Bearer secret' } });
const to = (path: string) => open.send(get(base + path), { hosts: [base] });

describe('an answer', () => {
  it('comes whole, parsed, with its status', async () => {
    expect(await to('/json')).toMatchObject({ kind: 'answered', answer: { status: 200, body: { a: 1 } } });
  });

  it('that redirects is not followed, so credentials go nowhere else', async () => {
    expect(await to('/redirect')).toMatchObject({ kind: 'answered', answer: { status: 302 } });
  });

  it.each(['/huge', '/hang', '/drip', '/cut'])(
    '%s is given up, and it is known that the request was sent',
    async (path) => {
      expect(await to(path)).toMatchObject({ kind: 'unknown' });
    },
  );

  it('is waited for only by what was sent in time: what found no free connection never goes out', async () => {
    const crowd = Array.from({ length: 64 }, () =>
      open.send(get(`${base}/hang`), { hosts: [base], timeoutMs: 1_500 }),
    );
    const late = open.send(get(`${base}/json?late`), { hosts: [base], timeoutMs: 3_000, sendWithinMs: 500 });
    expect(await late).toEqual({ kind: 'unsent', why: 'TIMEOUT' });
    for (const one of await Promise.all(crowd)) expect(one).toEqual({ kind: 'unknown', why: 'TIMEOUT' });
    expect(seen.some(({ url }) => url.includes('late'))).toBe(false);
  });

  it('that is still out when the process ends is not known', async () => {
    const asked = open.send(get(`${base}/hang?on`), { hosts: [base] });
    await expect.poll(() => seen.at(-1)?.url).toBe('/hang?on');
    open.giveUp();
    expect(await asked).toEqual({ kind: 'unknown', why: 'AbortError' });
  });

  it('that nobody gives is known to be unsent', async () => {
    const nobody = 'http://127.0.0.1:1';
    expect(await open.send(get(nobody), { hosts: [nobody] })).toMatchObject({
      kind: 'unsent',
      why: 'ECONNREFUSED',
    });
  });
});

describe('a request', () => {
  it.each([
    'http://127.0.0.1:9/',
    'https://evil.example/',
    'https://api.example.com.evil.example/',
    'https://api.example.com:8443/',
    'https://user@api.example.com/',
  ])('to %s is refused where the integration names only api.example.com', async (url) => {
    const before = seen.length;
    expect(await open.send(get(url), { hosts: ['api.example.com'] })).toMatchObject({ kind: 'refused' });
    expect(seen).toHaveLength(before);
  });

  it.each([
    'https://127.0.0.1/',
    'https://[::1]/',
    'https://[::ffff:127.0.0.1]/',
    'https://10.0.0.1/',
    'https://169.254.169.254/latest/meta-data/',
    'https://0.0.0.0/',
    'https://2130706433/',
    'https://0x7f.1/',
    'https://localhost/',
    'http://93.184.216.34/',
  ])('to %s is refused where private networks are not allowed', async (url) => {
    const { origin } = new URL(url);
    expect(await closed.send(get(url), { hosts: [origin] })).toMatchObject({ kind: 'refused' });
  });
});

describe('an address', () => {
  it.each([
    '127.0.0.1',
    '10.1.2.3',
    '172.16.0.1',
    '192.168.1.1',
    '169.254.169.254',
    '100.64.0.1',
    '0.0.0.0',
    '::1',
    '::',
    'fe80::1',
    'fc00::1',
    '::ffff:10.0.0.1',
    '64:ff9b::7f00:1',
    '2002:7f00:1::',
    '224.0.0.1',
    '255.255.255.255',
  ])('%s is not public', (address) => expect(isPublicAddress(address)).toBe(false));
  it.each(['93.184.216.34', '8.8.8.8', '2606:4700::1111'])('%s is public', (address) =>
    expect(isPublicAddress(address)).toBe(true),
  );
});

describe('a host pattern', () => {
  it('matches labels, not endings', () => {
    const patterns = ['*.salesforce.com', 'slack.com'];
    for (const host of ['acme.my.salesforce.com', 'login.salesforce.com', 'slack.com', 'SLACK.com'])
      expect(hostMatches(host, patterns), host).toBe(true);
    for (const host of [
      'salesforce.com',
      'evilsalesforce.com',
      'salesforce.com.evil.example',
      'api.slack.com',
      'notslack.com',
    ])
      expect(hostMatches(host, patterns), host).toBe(false);
  });
});
