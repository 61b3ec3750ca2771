import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import path from 'node:path';
import fc from 'fast-check';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { createCatalogue, loadCatalogue } from '../../hub/catalogue.ts';
import type { Integration } from '../../integrations/definition/integration.ts';
import { catalogue, integrationOf } from './connected.ts';

const slack = integrationOf('slack');

describe('the catalogue', () => {
  test('holds the eleven, under their ids and categories', () => {
    const held = Object.fromEntries(catalogue.list().map(({ id, category }) => [id, category]));
    expect(held).toEqual({
      gohighlevel: 'CRM',
      salesforce: 'CRM',
      hubspot: 'CRM',
      gmail: 'Email',
      outlook: 'Email',
      'meta-ads': 'Marketing',
      'google-ads': 'Marketing',
      'google-drive': 'Storage',
      dropbox: 'Storage',
      slack: 'Communication',
      discord: 'Communication',
    });
    expect(catalogue.get('toString')).toBeUndefined();
  });

  test('takes a key for the five that have one', () => {
    const keyed = catalogue.list().filter(({ authTypes }) => authTypes.some((type) => type === 'api_key'));
    expect(keyed.map(({ id }) => id)).toEqual(['discord', 'gohighlevel', 'hubspot', 'meta-ads', 'slack']);
    for (const { authTypes } of catalogue.list()) expect(authTypes[0]).toBe('oauth2');
  });

  test('tells each integration in a sentence or two, with a picture of its own', () => {
    const logos = new Set(catalogue.list().map(({ logo }) => logo));
    expect(logos.size).toBe(catalogue.list().length);
    for (const { description, docsUrl } of catalogue.list()) {
      expect(description).toMatch(/^[A-Z].{60,220}\.$/s);
      expect(new URL(docsUrl).protocol).toBe('https:');
    }
  });

  test('works with an empty configuration everywhere, and leaves the one it was given as it was', () => {
    for (const integration of catalogue.list()) {
      const given = Object.freeze({});
      expect(catalogue.validateConfig(integration, given)).toMatchObject({ ok: true });
    }
    expect(catalogue.validateConfig(integrationOf('outlook'), {})).toEqual({
      ok: true,
      config: { tenant: 'common' },
    });
  });

  test('points at the field at fault', () => {
    const errors = (value: unknown) => {
      const checked = catalogue.validateConfig(integrationOf('salesforce'), value);
      return checked.ok ? [] : checked.errors.map(({ path: at }) => at);
    };
    expect(errors({ domain: 'evil.example' })).toEqual(['/domain']);
    expect(errors({ domian: 'x', sessionMinutes: 1 })).toEqual(['/domian', '/sessionMinutes']);
    for (const value of ['text', null, [], 1]) expect(errors(value)).toEqual(['']);
  });

  test('names the settings that are secret', () => {
    expect(catalogue.secretSettings(integrationOf('google-ads'))).toEqual(['developerToken']);
    expect(catalogue.secretSettings(integrationOf('discord'))).toEqual([]);
    expect(catalogue.secretSettings(integrationOf('gmail'))).toEqual([]);
  });

  test('takes a developer token for Google Ads, and settings of nobody who has none', () => {
    const check = (id: string, value: unknown) => catalogue.validateAppSettings(integrationOf(id), value);
    expect(check('google-ads', {})).toEqual({ ok: true, settings: {} });
    expect(check('google-ads', { developerToken: 'dev-token' })).toMatchObject({ ok: true });
    expect(check('gmail', undefined)).toEqual({ ok: true, settings: {} });
    expect(check('gmail', { x: 1 })).toMatchObject({ ok: false });
  });

  test('takes credentials of the types an integration has', () => {
    expect(catalogue.validateCredentials(slack, 'api_key', { apiKey: 'xoxb-1' })).toEqual({
      ok: true,
      fields: { apiKey: 'xoxb-1' },
    });
    expect(catalogue.validateCredentials(slack, 'basic', { user: 'u' })).toMatchObject({ ok: false });
    expect(catalogue.validateCredentials(integrationOf('gmail'), 'api_key', { apiKey: 'k' })).toMatchObject({
      ok: false,
    });
    expect(catalogue.validateCredentials(slack, 'api_key', {})).toEqual({
      ok: false,
      errors: [{ path: '/apiKey', message: 'is required' }],
    });
  });

  test('never repeats a secret in an error, wherever it was typed', () => {
    const secret = fc.string({ minLength: 6, maxLength: 40 }).map((text) => `s3cr€t ${text}`);
    const typed = (value: string) => [
      { apiKey: value },
      { apiKey: [value] },
      { apiKey: { [value]: value } },
      { [value]: value },
      value,
      [value],
    ];
    fc.assert(
      fc.property(secret, (value) => {
        for (const credentials of typed(value)) {
          const checked = catalogue.validateCredentials(slack, 'api_key', credentials);
          expect(checked.ok).toBe(false);
          expect(JSON.stringify(checked)).not.toContain('s3cr€t');
        }
        for (const settings of [
          { developerToken: value },
          { [value]: 1 },
          { developerToken: 'd', [value]: 1 },
        ]) {
          const checked = catalogue.validateAppSettings(integrationOf('google-ads'), settings);
          expect(checked.ok).toBe(false);
          expect(JSON.stringify(checked)).not.toContain('s3cr€t');
        }
      }),
    );
  });
});

describe('a definition with a mistake stops the start and says where', () => {
  test.each<[string, Partial<Integration>, RegExp]>([
    ['an id with capitals', { id: 'Slack' }, /^Slack\.ts: id: /],
    ['OAuth named but not told', { authTypes: ['oauth2'], oauth: undefined as never }, /slack\.ts: oauth: /],
    ['OAuth told but not named', { authTypes: ['api_key'] }, /slack\.ts: oauth: /],
    [
      'a type without its schema',
      { authTypes: ['oauth2', 'basic'] },
      /slack\.ts: credentialSchemas\.basic: /,
    ],
    ['no hosts', { hosts: [] }, /slack\.ts: hosts: /],
    ['a host with a path', { hosts: ['slack.com/api'] }, /slack\.ts: hosts: "slack\.com\/api"/],
    ['a logo that is none', { logo: 'logo.png' }, /slack\.ts: logo: /],
    [
      'a logo that runs',
      { logo: slack.logo.replace('<rect', '<script>x</script><rect') },
      /slack\.ts: logo: /,
    ],
    [
      'a logo that loads',
      { logo: slack.logo.replace('<rect', '<image href="x"/><rect') },
      /slack\.ts: logo: /,
    ],
    [
      'a default that is not valid',
      {
        configSchema: {
          type: 'object',
          additionalProperties: false,
          properties: { n: { type: 'integer', default: 'one' } },
        },
      },
      /slack\.ts: configSchema: n: its default/,
    ],
    [
      'a required configuration',
      {
        configSchema: {
          type: 'object',
          additionalProperties: false,
          required: ['n'],
          properties: { n: { type: 'integer' } },
        },
      },
      /slack\.ts: configSchema: must accept an empty/,
    ],
    [
      'a configuration open to anything',
      { configSchema: { type: 'object' } },
      /additionalProperties: must be false/,
    ],
    [
      'a schema with a mistyped keyword',
      { configSchema: { type: 'object', additionalProperties: false, propertys: {} } },
      /slack\.ts: configSchema: .*propertys/,
    ],
    [
      'a credential that is no text',
      {
        credentialSchemas: {
          api_key: {
            type: 'object',
            additionalProperties: false,
            properties: { apiKey: { type: 'integer' } },
          },
        },
      },
      /slack\.ts: credentialSchemas\.api_key: apiKey: must be of the type string/,
    ],
  ])('%s', (_what, change, problem) => {
    expect(() => createCatalogue([{ ...slack, ...change }])).toThrow(problem);
  });

  test('one id used twice', () => {
    expect(() => createCatalogue([slack, slack])).toThrow('slack.ts: id: is used twice');
  });
});

describe('a folder of definitions', () => {
  let folder: string;
  beforeAll(async () => {
    folder = await mkdtemp(path.join(tmpdir(), 'catalogue-'));
  });
  afterAll(() => rm(folder, { recursive: true }));

  test('is all it takes to add an integration; a name that differs or a missing export is told', async () => {
    const source = path.resolve(import.meta.dirname, '../../integrations/gmail.ts');
    const twelfth = `import { integration as gmail } from ${JSON.stringify(source)};
      export const integration = { ...gmail, id: 'twelfth', name: 'Twelfth' };`;
    await writeFile(path.join(folder, 'twelfth.ts'), twelfth);
    await writeFile(path.join(folder, 'notes.md'), 'not a definition');
    expect((await loadCatalogue(folder)).list().map(({ id }) => id)).toEqual(['twelfth']);

    await writeFile(path.join(folder, 'other.ts'), twelfth);
    await writeFile(path.join(folder, 'empty.ts'), 'export const nothing = 1;');
    await expect(loadCatalogue(folder)).rejects.toThrow(
      'empty.ts: must export a const named integration\nother.ts: id: must be the file\'s name, not "twelfth"',
    );
  });
});
