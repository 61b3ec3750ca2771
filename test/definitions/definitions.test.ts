/** What a definition may say, and what is told to whoever got one wrong. */
import { createHmac } from 'node:crypto';
import { mkdtemp, readdir, readFile, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import type { Connected } from '../../integrations/definition/integration.ts';
import { compileDefinition } from '../../hub/definitions/compile.ts';
import { discover } from '../../hub/definitions/discovery.ts';
import { readDefinitions } from '../../hub/definitions/folder.ts';
import { definitionSchema } from '../../hub/definitions/schema.ts';
import { compileTemplate } from '../../hub/definitions/template.ts';

const PROJECT = path.join(import.meta.dirname, '../..');
const EXAMPLES = path.join(PROJECT, 'examples/integrations');

const example = async (id: string) =>
  JSON.parse(await readFile(path.join(EXAMPLES, `${id}.json`), 'utf8')) as Record<string, unknown>;

async function compiled(id: string) {
  const result = compileDefinition(await example(id), null);
  if (!result.ok) throw new Error(JSON.stringify(result.errors));
  return result.integration;
}

const withFields = (
  type: 'api_key' | 'basic' | 'custom',
  fields: Record<string, string>,
  config: Record<string, unknown> = {},
): Connected => ({ config, settings: {}, endpoints: {}, app: null, credentials: { type, fields } });

describe('the examples', () => {
  it('are one of each kind, and all right', async () => {
    const files = (await readdir(EXAMPLES)).filter((file) => file.endsWith('.json'));
    const kinds = await Promise.all(
      files.map(async (file) => (await compiled(file.replace('.json', ''))).authTypes),
    );
    expect(new Set(kinds.flat())).toEqual(new Set(['oauth2', 'api_key', 'basic', 'custom']));
    const definitions = await readDefinitions(EXAMPLES, () => false);
    expect(definitions.map(({ id }) => `${id}.json`)).toEqual(files.sort());
  });

  it('choose the address by the configuration, and let nothing else into it', async () => {
    const { apiBaseUrl } = await compiled('sendgrid');
    const at = (region: string) => apiBaseUrl(withFields('api_key', {}, { region }));
    expect(at('api.eu')).toBe('https://api.eu.sendgrid.com/v3');
    for (const bad of ['evil.example/', 'a@evil.example', 'evil.example:80', 'evil.example#', '..'])
      expect(() => expect(new URL(at(bad)).hostname).toMatch(/\.sendgrid\.com$/)).not.toThrow(/evil/);
  });

  it('sign as the provider documents it', async () => {
    const { sign } = await compiled('coinbase-exchange');
    const secret = Buffer.from('sixteen bytes ..').toString('base64');
    const connected = withFields('custom', { key: 'key', secret, passphrase: 'phrase' });
    const call = { method: 'POST', host: 'api', target: '/orders?a=1', body: Buffer.from('{"size":1}') };
    const made = sign?.(connected, { ...call, at: new Date(1_700_000_000_500), nonce: 'n' });
    const expected = createHmac('sha256', Buffer.from(secret, 'base64'))
      .update('1700000000POST/orders?a=1{"size":1}')
      .digest('base64');
    expect(made?.headers).toEqual({ 'cb-access-timestamp': '1700000000', 'cb-access-sign': expected });
  });

  it('say what answers mean', async () => {
    const { classify } = await compiled('twilio');
    const answer = (status: number, code: number) => classify?.({ status, headers: {}, body: { code } });
    expect(answer(401, 20003)).toEqual({ kind: 'credential_revoked', code: 'unrecognised' });
    expect(answer(400, 20429)?.kind).toBe('rate_limited');
    expect(answer(404, 1)?.kind).toBe('request_at_fault');
    // Down is down: no rule ends a connection for it.
    expect(answer(503, 20003)?.kind).toBe('provider_unavailable');
  });
});

it('the published schema is the one that is checked against', async () => {
  const file = path.join(PROJECT, 'docs/integration.schema.json');
  const text = `${JSON.stringify(definitionSchema, null, 2)}\n`;
  if (process.env['UPDATE_DOCS']) await writeFile(file, text);
  expect(JSON.parse(await readFile(file, 'utf8'))).toEqual(JSON.parse(text));
});

describe('a definition that is wrong', () => {
  type Change = Record<string, unknown>;
  const without = (name: string) => ({ [name]: undefined });
  const key = { api_key: {} };
  const custom = (more: object) => ({ custom: { fields: { secret: { title: 'Secret' } }, ...more } });
  const oauth = (more: object) => ({ oauth2: { scopes: [], ...more } });
  const cases: [string, Change, string, RegExp][] = [
    ['no name', without('name'), '/name', /required/],
    ['an unknown field', { naem: 'x' }, '/naem', /not known/],
    ['no kind', { auth: {} }, '/auth', /fewer than 1/],
    [
      'a host that is an address',
      { hosts: ['*.example.com', 'https://api.example.com'] },
      '',
      /is no host name/,
    ],
    ['a base elsewhere', { apiBaseUrl: 'https://evil.example' }, '/apiBaseUrl', /not in hosts/],
    ['a base that is no address', { apiBaseUrl: 'api.example.com' }, '/apiBaseUrl', /begins with https/],
    ['a base with a password', { apiBaseUrl: 'https://a:b@api.example.com' }, '/apiBaseUrl', /password/],
    [
      'an unknown value',
      { apiBaseUrl: 'https://{{ config.nope }}.example.com' },
      '/apiBaseUrl',
      /config\.nope/,
    ],
    [
      'a secret in an address',
      { auth: key, apiBaseUrl: 'https://api.example.com/{{ credentials.apiKey }}' },
      '/apiBaseUrl',
      /credentials\.apiKey/,
    ],
    ['a loop', { headers: { a: '{% for i in (1..9) %}x{% endfor %}' } }, '/headers/a', /tag "for" not found/],
    ['an unknown filter', { headers: { a: '{{ "x" | shell }}' } }, '/headers/a', /undefined filter/],
    ['an open brace', { headers: { a: '{{ config' } }, '/headers/a', /not closed/],
    ['a header name with a line break', { headers: { 'a\r\nb': 'x' } }, '/headers/a\r\nb', /not known/],
    ['a probe that climbs out', { probe: { path: '/../admin' } }, '/probe/path', /\.\./],
    ['a probe with a host', { probe: { path: 'https://evil.example/' } }, '/probe/path', /begin with \//],
    [
      'a signature read without one',
      { auth: custom({ headers: { s: '{{ signature }}' } }) },
      '/auth/custom/headers/s',
      /signature/,
    ],
    [
      'an unknown field read',
      { auth: custom({ headers: { s: '{{ credentials.key }}' } }) },
      '/auth/custom/headers/s',
      /credentials\.key/,
    ],
    ['no endpoints', { auth: oauth({}) }, '/auth/oauth2/tokenUrl', /no discovery/],
    [
      'a token endpoint elsewhere',
      { auth: oauth({ authorizeUrl: 'https://a.example', tokenUrl: 'https://evil.example/t' }) },
      '/auth/oauth2/tokenUrl',
      /not in hosts/,
    ],
    [
      'a secret configuration',
      { config: { token: { type: 'string', writeOnly: true } } },
      '/config/token',
      /custom/,
    ],
    ['a configuration without a type', { config: { a: { type: 'strnig' } } }, '', /configSchema/],
    ['a logo with a script', { logo: '<svg xmlns="http://www.w3.org/2000/svg"><script/></svg>' }, '', /logo/],
    [
      'a meaning that is none',
      { classify: [{ when: { status: [400] }, means: 'broken' }] },
      '/classify/0/means',
      /one of/,
    ],
    ['a rule about nothing', { classify: [{ when: {}, means: 'ok' }] }, '/classify/0/when', /fewer than 1/],
    ['a prototype', JSON.parse('{"__proto__": {"polluted": true}}') as Change, '/__proto__', /not known/],
  ];

  const good = {
    id: 'acme',
    name: 'Acme',
    description: 'Of the tests.',
    docsUrl: 'https://example.com',
    capabilities: ['try things'],
    hosts: ['*.example.com'],
    apiBaseUrl: 'https://api.example.com',
    auth: key,
    probe: { path: '/me' },
  };

  it('would be right without it', () => {
    expect(compileDefinition(good, null)).toMatchObject({ ok: true });
  });

  it.each(cases)('is told of %s, and where it is', (_name, change, place, message) => {
    const value = Object.fromEntries(
      Object.entries({ ...good }).filter(([name]) => !(name in change && change[name] === undefined)),
    );
    for (const [name, changed] of Object.entries(change))
      if (changed !== undefined)
        Object.defineProperty(value, name, {
          value: changed,
          enumerable: true,
          configurable: true,
          writable: true,
        });
    const result = compileDefinition(value, null);
    expect(result.ok).toBe(false);
    const errors = result.ok ? [] : result.errors;
    expect(errors.map((error) => `${error.path} ${error.message}`)).toContainEqual(
      expect.stringMatching(
        new RegExp(`^${place.replace(/[.*+?^${}()|[\]\\]/g, '\\$&')} .*${message.source}`, 's'),
      ),
    );
    expect(({} as { polluted?: boolean }).polluted).toBeUndefined();
  });

  it.each([null, 7, 'text', [], {}, { id: {} }])('is told of %j, which is none', (value) => {
    expect(compileDefinition(value, null).ok).toBe(false);
  });
});

describe("an issuer's metadata", () => {
  const issuer = 'https://id.example.com';
  const found = (endpoints: object) =>
    discover(
      {
        send: () => {
          const metadata = { issuer, token_endpoint: `${issuer}/token`, ...endpoints };
          return Promise.resolve({
            kind: 'answered',
            answer: { status: 200, headers: {}, body: metadata },
            ms: 1,
          });
        },
      },
      issuer,
      ['id.example.com'],
    );

  it('of an https issuer leads nobody to http', async () => {
    expect(await found({ authorization_endpoint: `${issuer}/authorize` })).toMatchObject({ ok: true });
    expect(await found({ authorization_endpoint: 'http://id.example.com/authorize' })).toEqual({
      ok: false,
      problem: 'its authorization_endpoint is not https',
    });
    expect(
      await found({
        authorization_endpoint: `${issuer}/authorize`,
        token_endpoint: 'http://id.example.com/token',
      }),
    ).toEqual({ ok: false, problem: 'its token_endpoint is not https' });
  });
});

describe('templates', () => {
  it('read nothing but what they are given', () => {
    for (const source of ['{{ constructor }}', '{{ a.__proto__ }}', '{{ toString }}', '{{ process.env }}'])
      expect(() => compileTemplate(source, ['a'])).toThrow(/not there/);
  });

  it('write what has no value as nothing, or as they say', () => {
    const { render } = compileTemplate('[{{ a }}][{{ a | default: "z" }}]', ['a']);
    expect(render({}).toString()).toBe('[][z]');
  });

  it('leave bytes and letters of any language as they are', () => {
    const { render } = compileTemplate('ü{{ a }}{{ b }}', ['a', 'b']);
    expect(render({ a: 'ñ', b: Buffer.from([255, 0]) })).toEqual(
      Buffer.concat([Buffer.from('üñ'), Buffer.from([255, 0])]),
    );
  });
});

describe('a folder of definitions', () => {
  let folder: string;
  beforeEach(async () => {
    folder = await mkdtemp(path.join(tmpdir(), 'definitions-'));
  });
  afterEach(() => rm(folder, { recursive: true }));

  it('that has mistakes says all of them, with file and place', async () => {
    const twilio = await example('twilio');
    await writeFile(path.join(folder, 'a.json'), '{');
    await writeFile(path.join(folder, 'b.json'), JSON.stringify({ ...twilio, hosts: [] }));
    await writeFile(path.join(folder, 'c.json'), JSON.stringify({ ...twilio, id: 'slack' }));
    await writeFile(path.join(folder, 'd.json'), JSON.stringify(twilio));
    await writeFile(path.join(folder, 'e.json'), JSON.stringify(twilio));
    await writeFile(path.join(folder, 'notes.txt'), 'not looked at');
    const problems = await readDefinitions(folder, (id) => id === 'slack').then(
      () => '',
      (error: unknown) => (error as Error).message,
    );
    const lines = problems.split('\n');
    expect(lines.map((line) => path.basename(line.split(': ')[0] ?? ''))).toEqual([
      'a.json',
      'b.json',
      'c.json',
      'e.json',
    ]);
    expect(lines[1]).toMatch(/b\.json: \/hosts /);
  });

  it('that is not there is named', async () => {
    await expect(readDefinitions(path.join(folder, 'none'), () => false)).rejects.toThrow(
      /^HUB_INTEGRATIONS_DIR: .*ENOENT/,
    );
  });
});
