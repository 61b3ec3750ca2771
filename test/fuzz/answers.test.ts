/** What providers answer, however absurd: exactly one verdict, never a throw, and no end for a bad hour. */
import { readdirSync, readFileSync } from 'node:fs';
import path from 'node:path';
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import {
  classifyByStatus,
  classifyTokenAnswerByRfc6749,
  readTokenAnswerByRfc6749,
  waitOf,
} from '../../integrations/definition/answers.ts';
import { durationMs } from '../../integrations/definition/google.ts';
import type { Answer, Verdict } from '../../integrations/definition/integration.ts';
import type { Egress } from '../../hub/egress/egress.ts';
import type { Outcome } from '../../hub/egress/outcome.ts';
import { waitAsked } from '../../hub/notifications/delivery.ts';
import { probe } from '../../hub/oauth/probe.ts';
import { requireOAuth } from '../../hub/oauth/setup.ts';
import { refreshRequest, requestTokens } from '../../hub/oauth/token-endpoint.ts';
import { catalogue, connected, integrationOf, KINDS, setupOf } from '../integrations/connected.ts';
import './seed.ts';

/** What ends a connection, or does where nothing can be refreshed. */
const ENDS: Verdict['kind'][] = ['credential_revoked', 'credential_expired', 'ok'];

// What the integrations look for is what is generated: the words of their own sources, as fields and as values.
const SOURCES = ['', 'definition'].flatMap((folder) => {
  const at = path.join(import.meta.dirname, '../../integrations', folder);
  return readdirSync(at)
    .filter((file) => file.endsWith('.ts'))
    .map((file) => readFileSync(path.join(at, file), 'utf8'));
});
const quotedIn = (pattern: RegExp) => [
  ...new Set(SOURCES.flatMap((source) => [...source.matchAll(pattern)].map(([, word = '']) => word))),
];
const FIELDS = [
  ...quotedIn(/(?:[fF]ield|textIn)\([^()]*(?:\([^()]*\))?[^()]*, '([^']+)'\)/g),
  ...['errors', 'details', 'error', '__proto__', 'constructor', 'length'],
];
const WORDS = [
  ...quotedIn(/'([A-Za-z][\w.]{3,40})'/g),
  ...quotedIn(/^ {2}(\w{4,40}): '/gm),
  'AADSTS700082: x',
];
const NUMBERS = quotedIn(/(?<![\w.'])(\d{1,9})(?![\w.'])/g).map(Number);

// What neither PostgreSQL nor a header holds: NUL and halves of characters.
const odd = fc.string({
  unit: fc.constantFrom('\0', '\ud800', '\udc00', '😀', 'a', '\r\n', '<'),
  maxLength: 300,
});
const scalar = fc.oneof(
  { arbitrary: fc.constantFrom(...WORDS), weight: 4 },
  { arbitrary: fc.constantFrom(...NUMBERS, -1, NaN, Infinity, 1e308), weight: 2 },
  { arbitrary: odd, weight: 2 },
  fc.constantFrom(true, false, null),
);
const near = fc.dictionary(fc.constantFrom(...FIELDS), scalar, { minKeys: 1, maxKeys: 8 });
const { json } = fc.letrec<{ json: unknown }>((tie) => ({
  json: fc.oneof(
    { depthSize: 'small', withCrossShrink: true },
    scalar,
    near,
    fc.array(tie('json'), { maxLength: 4 }),
    fc.dictionary(fc.constantFrom(...FIELDS), tie('json'), { maxKeys: 6 }),
  ),
}));
const body = fc.oneof(
  near,
  near.map((error) => ({ error })),
  near.map((error) => [error]),
  fc
    .tuple(near, near)
    .map(([one, other]) => ({ ...one, error: { ...other, errors: [other], details: [other] } })),
  fc.constantFrom(...WORDS),
  json,
  fc.constantFrom('', '<html>', undefined, 'null'),
);
const headerValue = fc.oneof(
  fc.constantFrom(
    '5',
    '1e9',
    '-1',
    'soon',
    '99999999999999999999',
    'Thu, 01 Jan 2099 00:00:00 GMT',
    '0x10',
    ' 5',
  ),
  fc.string(),
  fc.jsonValue().map((value) => JSON.stringify(value)),
);
const headers = fc.dictionary(
  fc.constantFrom(
    'retry-after',
    'x-business-use-case-usage',
    'www-authenticate',
    'content-type',
    'x-ratelimit-reset-after',
    'x-ratelimit-reset',
    'x-ratelimit-global',
    'x-ratelimit-scope',
  ),
  headerValue,
  { noNullPrototype: true },
);
const status = fc.oneof(
  fc.constantFrom(200, 201, 302, 400, 401, 403, 404, 429, 500, 503, 599),
  fc.integer({ min: 100, max: 999 }),
);
const answers: fc.Arbitrary<Answer> = fc.record({ status, headers, body });

function expectVerdict(verdict: Verdict, { status: said }: Answer): void {
  expect(KINDS).toContain(verdict.kind);
  if (said >= 500) expect(ENDS).not.toContain(verdict.kind);
  if ('code' in verdict && verdict.code !== undefined)
    expect(verdict.code).toMatch(/^[A-Za-z0-9_./-]{1,100}$/);
  if ('retryAfterMs' in verdict && verdict.retryAfterMs !== undefined) {
    expect(Number.isInteger(verdict.retryAfterMs)).toBe(true);
    expect(verdict.retryAfterMs >= 0 && verdict.retryAfterMs <= 86_400_000).toBe(true);
  }
  if ('missing' in verdict)
    for (const scope of verdict.missing ?? []) expect(scope).toMatch(/^[\x21-\x7e]{1,200}$/);
}

/** Every word of an integration's source in every field that it looks at, in the shapes that errors have. */
function* vocabularyOf(id: string): Generator {
  const own = readFileSync(path.join(import.meta.dirname, `../../integrations/${id}.ts`), 'utf8');
  const shared = /definition\/google/.test(own) ? SOURCES.join('') : '';
  const known = (value: string | number) => (own + shared).includes(String(value));
  const words = [...WORDS, ...NUMBERS].filter(
    (word) => known(word) && (shared === '' || /rror|xceeded|DENIED|AUTH|nvalid/.test(String(word))),
  );
  for (const field of FIELDS.filter(known))
    for (const word of words) {
      const one = { [field]: word };
      yield* [
        one,
        [one],
        { error: one },
        { ok: false, ...one },
        { error: { errors: [one], details: [one] } },
      ];
    }
}

describe.each(catalogue.list())('$id', (integration) => {
  it('ends nothing by any word that it knows, where the provider is down', () => {
    const api = integration.classify ?? classifyByStatus;
    const tokens = integration.oauth?.classifyTokenAnswer ?? classifyTokenAnswerByRfc6749;
    let tried = 0;
    for (const said of vocabularyOf(integration.id))
      for (const status of [500, 503]) {
        const kinds = [api, tokens].map((classify) => classify({ status, headers: {}, body: said }).kind);
        if (kinds.some((kind) => ENDS.includes(kind)))
          expect([status, said, kinds]).toEqual([status, said, []]);
        tried++;
      }
    expect(tried).toBeGreaterThan(1_000);
  });

  const runs = { numRuns: 300 };

  it('takes any answer of the API for one of seven things, and no 5xx for the end of anything', () => {
    const classify = integration.classify ?? classifyByStatus;
    fc.assert(
      fc.property(answers, (answer) => expectVerdict(classify(answer), answer)),
      runs,
    );
  });

  it('takes any answer of the token endpoint for one of seven things, and no 5xx for the end of anything', () => {
    const classify = integration.oauth?.classifyTokenAnswer ?? classifyTokenAnswerByRfc6749;
    fc.assert(
      fc.property(answers, (answer) => expectVerdict(classify(answer), answer)),
      runs,
    );
  });

  it('reads tokens and accounts out of anything, or none', () => {
    const read = integration.oauth?.readTokenAnswer ?? readTokenAnswerByRfc6749;
    fc.assert(
      fc.property(body, body, (one, other) => {
        const tokens = read(one);
        if (tokens !== null) {
          expect(tokens.accessToken).toEqual(expect.stringMatching(/./s));
          expect(tokens.refreshToken).not.toBe('');
          expect(tokens.expiresIn === null || (tokens.expiresIn > 0 && tokens.expiresIn < Infinity)).toBe(
            true,
          );
        }
        const answer = typeof other === 'object' && other !== null ? { ...other } : {};
        const account = integration.account(one, connected(integration.id, { answer }));
        if (account === null) return;
        expect(typeof account.id === 'string' && typeof account.name === 'string').toBe(true);
      }),
      runs,
    );
  });

  it('builds addresses and requests of any token answer without a throw of another kind than a refusal', () => {
    fc.assert(
      fc.property(body, (said) => {
        const answer = typeof said === 'object' && said !== null ? { ...said } : {};
        const subject = connected(integration.id, { answer });
        expect(typeof integration.apiBaseUrl(subject)).toBe('string');
        expect(integration.probe(subject)).toBeDefined();
        integration.authenticate?.(subject);
        integration.revoke?.(subject);
      }),
      runs,
    );
  });
});

/** A token answer with one thing or another wrong with it. */
const tokenAnswers = fc
  .record(
    {
      access_token: fc.oneof(fc.constantFrom('t-1', ''), odd),
      refresh_token: fc.oneof(fc.constantFrom('r-1', '', null), odd),
      expires_in: fc.oneof(
        fc.constantFrom(3600, '3600', 0, -1, 1e308, '1e400', 8.64e12, 3e11, NaN, {}),
        fc.double(),
      ),
      scope: fc.oneof(odd, fc.constantFrom('a b', 'a,b', '')),
      scopes: fc.array(odd),
      token_type: fc.oneof(odd, fc.constantFrom('bearer', 'bot')),
      authed_user: fc.constantFrom({ access_token: 'u-1' }, null),
      ok: fc.constantFrom(true, false),
    },
    { requiredKeys: [] },
  )
  .map((said) => ({ kind: 'answered' as const, answer: { status: 200, headers: {}, body: said }, ms: 1 }));

/** A hub whose egress says what the test wants. */
const egressOf = (outcome: Outcome): Pick<Egress, 'send'> & Egress =>
  ({ send: () => Promise.resolve(outcome) }) as unknown as Egress;

const outcomes: fc.Arbitrary<Outcome> = fc.oneof(
  answers.map((answer) => ({ kind: 'answered' as const, answer, ms: 1 })),
  fc.constantFrom(
    { kind: 'refused' as const, why: 'not a host' },
    { kind: 'unsent' as const, why: 'ECONNREFUSED' },
    { kind: 'unknown' as const, why: 'TIMEOUT' },
    { kind: 'unknown' as const, why: 'ANSWER_TOO_LONG' },
    { kind: 'unknown' as const, why: 'UND_ERR_SOCKET' },
    { kind: 'unknown' as const, why: 'HPE_INVALID_HEADER_TOKEN' },
  ),
);

describe.each(['slack', 'gmail', 'outlook', 'salesforce', 'hubspot', 'meta-ads', 'gohighlevel'])(
  'a refresh at %s',
  (id) => {
    it('that is answered by anything ends in tokens, a refusal, or not knowing; only a whole answer refuses', async () => {
      const integration = requireOAuth(integrationOf(id));
      const subject = connected(id);
      await fc.assert(
        fc.asyncProperty(fc.oneof(outcomes, tokenAnswers), async (outcome) => {
          const request = refreshRequest(integration, subject);
          const read = await requestTokens(
            egressOf(outcome),
            integration,
            setupOf(id, {}),
            request,
            subject.credentials,
          );
          switch (read.kind) {
            case 'tokens':
              expect(outcome.kind).toBe('answered');
              expect(read.credentials.accessToken).not.toBe('');
              if (read.credentials.expiresAt !== null) expect(read.credentials.expiresAt).toMatch(/^\d{4}-/);
              for (const scope of read.credentials.scopes ?? [])
                expect(scope.isWellFormed() && !scope.includes('\0')).toBe(true);
              return;
            case 'refused':
              expect(outcome.kind).toBe('answered');
              expect(KINDS).toContain(read.verdict.kind);
              if (outcome.kind === 'answered' && outcome.answer.status >= 500)
                expect(read.verdict.kind).not.toBe('credential_revoked');
              return;
            default:
              expect(outcome.kind).not.toBe('answered');
              expect(['unsent', 'timed_out', 'lost']).toContain(read.kind);
          }
        }),
        { numRuns: 300 },
      );
    });
  },
);

const accountWord = fc.oneof(odd, fc.constant('x'), fc.constant('😀'.repeat(120)));
const accounts = fc
  .dictionary(fc.constantFrom(...FIELDS), accountWord, { minKeys: 20 })
  .map((one) => ({
    ...one,
    ok: true,
    name: one,
    user: one,
    location: one,
    storageQuota: one,
    resourceNames: ['customers/1'],
  }))
  .chain((nested) =>
    fc.oneof(
      fc.constant(nested),
      fc.constant({ ...nested, name: 'x', id: 'x' }),
      fc.constant({ ...nested, name: '\0a', display_name: '\ud800' }),
    ),
  );

describe.each(catalogue.list().map(({ id }) => id))('a test of %s', (id) => {
  it('that is answered by anything says one thing, in words of the hub’s, and keeps text that can be stored', async () => {
    const integration = integrationOf(id);
    await fc.assert(
      fc.asyncProperty(outcomes, accounts, async (outcome, said) => {
        if (outcome.kind === 'answered' && outcome.answer.status === 200) outcome.answer.body = said;
        const facts = await probe(
          { egress: egressOf(outcome) },
          integration,
          connected(id, { refreshToken: null }),
        );
        expect(KINDS).toContain(facts.outcome);
        const text = JSON.stringify([facts.message, facts.account]);
        expect(text).not.toContain('\\u0000');
        expect(facts.message.isWellFormed() && (facts.account?.name ?? '').isWellFormed()).toBe(true);
        expect((facts.account?.id ?? '').isWellFormed()).toBe(true);
        if (outcome.kind !== 'answered' || outcome.answer.status >= 500)
          expect(facts.outcome).not.toBe('credential_revoked');
      }),
      { numRuns: 300 },
    );
  });
});

describe('a wait that is asked for', () => {
  const at = new Date('2026-01-01T00:00:00Z');
  it('is a whole number of milliseconds up to a day, or none', () => {
    fc.assert(
      fc.property(
        fc.oneof(
          headerValue,
          fc.date({ noInvalidDate: true }).map((date) => date.toUTCString()),
        ),
        (value) => {
          const { retryAfterMs } = waitOf({ status: 429, headers: { 'retry-after': value }, body: '' });
          if (retryAfterMs !== undefined)
            expect(Number.isInteger(retryAfterMs) && retryAfterMs >= 0 && retryAfterMs <= 86_400_000).toBe(
              true,
            );
          const asked = waitAsked(value, at);
          expect(asked >= 0 && asked <= 86_400_000).toBe(true);
          const wait = durationMs(value).retryAfterMs ?? 0;
          expect(wait >= 0 && wait <= 86_400_000).toBe(true);
        },
      ),
      { numRuns: 2_000 },
    );
  });
});
