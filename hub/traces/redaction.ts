/**
 * Texts without their secrets: by value, in the forms that a text on the wire gives to a value, and by the names
 * that secrets go by. Too much is taken out rather than too little.
 */
import type { Connected, Integration } from '../../integrations/definition/integration.ts';

export type Redactor = {
  /** @param upTo so many characters of the text, counted before anything is taken out */
  text: (text: string, upTo?: number) => string;
  header: (name: string, value: string) => string;
  /** The longest form of any of the values, in characters. */
  longest: number;
};

export const REDACTED = '[redacted]';

// Shorter ones would take words out of everything; nobody gives out secrets so short.
const SHORTEST = 4;

// Counted out: a provider's name of a hundred thousand letters, `secret` written over and over, would be read anew
// at each of them.
const PART = '[\\w.-]{0,60}';
const NAME = [
  `${PART}(?:secret|passw(?:or)?d|passphrase|credential|signature|assertion|private[_-]?key|api[_-]?key)${PART}`,
  // Not what turns a page.
  `(?!(?:\\w{0,60}(?:page|sync|next|continuation|skip|delta|start|change)_?token\\b))${PART}token`,
  `${PART}authorization|cookie|set-cookie|code_verifier|appsecret_proof|session_?id|jwt|bearer`,
].join('|');

export const PATTERNS: readonly RegExp[] = [
  // JSON, cut off anywhere.
  new RegExp(`"(?:${NAME})"\\s*:\\s*("(?:[^"\\\\]|\\\\.)*"?|[\\w.+-]+)`, 'gid'),
  // JSON within JSON.
  new RegExp(`\\\\"(?:${NAME})\\\\"\\s*:\\s*\\\\"((?:[^"\\\\]|\\\\[^"])*)`, 'gid'),
  // Forms and queries.
  new RegExp(`(?:^|[?&;\\s"'])(?:${NAME}|code)=([^&\\s"'<>;#]+)`, 'gid'),
  // XML.
  new RegExp(`<(?:\\w+:)?(?:${NAME})(?:\\s[^<>]*)?>([^<]+)<`, 'gid'),
  // Parts of a multipart form.
  new RegExp(
    `\\bname="(?:${NAME})"[^\\r\\n]{0,500}(?:\\r?\\n[^\\r\\n]{1,500}){0,4}\\r?\\n\\r?\\n([^\\r\\n]+)`,
    'gid',
  ),
  /\b(?:Bearer|Basic|Bot|OAuth|Token)\s+([\w.~+/=-]{8,})/dgi,
  // Shapes that are secrets wherever they are: JWT, the hub's own, Standard Webhooks', Slack's, Google's, Meta's.
  /(?<![\w-])(eyJ[\w-]{8,}\.[\w-]+(?:\.[\w-]*)*|ihk_[\w-]{20,}|whsec_[\w+/=-]{16,}|xox[a-z]-[\w-]{8,}|ya29\.[\w-]{8,}|EAA\w{20,})/dg,
];

const SECRET_HEADER =
  /^(?:(?:proxy-)?authorization|(?:set-)?cookie2?|authentication-info)$|token|secret|key|signature|credential|password/i;

/** @param values of which none may be in a text */
export function createRedactor(values: Iterable<string>): Redactor {
  const secrets = [...new Set(values)].filter(({ length }) => length >= SHORTEST);
  const forms = secrets.map(formsOf);
  // Longer ones first, so that a secret within another one leaves none of the other.
  const byValue = forms
    .sort((a, b) => b.longest - a.longest)
    .map(({ pattern }) => new RegExp(`(${pattern})`, 'gid'));
  const text = (value: string, upTo = value.length) =>
    without(
      value,
      [...byValue, ...PATTERNS].flatMap((pattern) => spans(value, pattern)),
      upTo,
    );
  return {
    text,
    header: (name, value) => (SECRET_HEADER.test(name) ? REDACTED : text(value)),
    longest: Math.max(0, ...forms.map(({ longest }) => longest)),
  };
}

type Form = { pattern: string; longest: number };

function formsOf(secret: string): Form {
  const bytes = Buffer.from(secret);
  const asIs = Array.from(secret, (character) => formsOfCharacter(character));
  const base64 = [0, 1, 2].map((offset) => {
    const all = Buffer.concat([Buffer.alloc(offset), bytes])
      .toString('base64')
      .replace(/={1,2}$/, '');
    // The first and the last characters depend on what is around them.
    return all.slice(offset === 0 ? 0 : 4, (offset + bytes.length) % 3 === 0 ? undefined : -1);
  });
  const encoded = [...new Set([...base64, ...base64.map(urlSafe), bytes.toString('hex')])]
    .filter((form) => form.length >= 8)
    // Its letters stay letters: who writes base64 into an address writes what the address needs.
    .map((form) => Array.from(form, (one) => (LETTER.test(one) ? asItIs(one) : formsOfCharacter(one))));
  const all = [asIs, ...encoded];
  return {
    pattern: all.map((form) => form.map(({ pattern }) => pattern).join('')).join('|'),
    longest: Math.max(...all.map((form) => sum(form.map(({ longest }) => longest)))),
  };
}

const sum = (numbers: number[]) => numbers.reduce((total, one) => total + one, 0);
const urlSafe = (text: string) => text.replaceAll('+', '-').replaceAll('/', '_');
const escaped = (text: string) => text.replace(/[\\^$.*+?()[\]{}|/-]/g, '\\$&');

const HTML: Partial<Record<string, string>> = { '&': 'amp', '<': 'lt', '>': 'gt', '"': 'quot', "'": 'apos' };

const LETTER = /^[A-Za-z0-9]$/;
const asItIs = (character: string): Form => ({ pattern: character, longest: 1 });

/** A character as it is, and as addresses (once or twice encoded), forms, JSON and HTML write it. */
function formsOfCharacter(character: string): Form {
  const percent = [...Buffer.from(character)].map((byte) => byte.toString(16).padStart(2, '0'));
  const units = Array.from({ length: character.length }, (_, at) =>
    character.charCodeAt(at).toString(16).padStart(4, '0'),
  );
  const short = { '\n': 'n', '\r': 'r', '\t': 't', '\f': 'f', '\b': 'b' }[character];
  const named = HTML[character];
  const code = character.codePointAt(0) ?? 0;
  const forms = [
    escaped(character),
    `(?:%25|%)${percent.join('(?:%25|%)')}`,
    ...(character === ' ' ? ['\\+'] : []),
    `\\\\{1,3}u${units.join('\\\\{1,3}u')}`,
    ...(LETTER.test(character) ? [] : [`\\\\{1,3}${short ?? escaped(character)}`]),
    `&#(?:0*${code}|x0*${code.toString(16)});`,
    ...(named === undefined ? [] : [`&${named};`]),
  ];
  return { pattern: `(?:${forms.join('|')})`, longest: 10 * character.length + percent.length * 5 };
}

type Span = [from: number, to: number];

/** Where a pattern's first group is. */
function spans(text: string, pattern: RegExp): Span[] {
  return [...text.matchAll(pattern)].flatMap((match) => (match.indices?.[1] ? [match.indices[1]] : []));
}

function without(text: string, found: Span[], upTo: number): string {
  let clean = '';
  let at = 0;
  for (const [from, to] of found.sort(([a], [b]) => a - b)) {
    if (from >= upTo) break;
    if (from >= at) clean += text.slice(at, from) + REDACTED;
    at = Math.max(at, to);
  }
  return clean + text.slice(at, Math.max(at, upTo));
}

/** Everything of a connection that nobody may read, and what is made of it for a call. */
export function secretsOf(
  integration: Integration,
  connected: Connected,
  secretSettings: readonly string[],
): string[] {
  const { credentials, app, settings } = connected;
  const own =
    credentials.type === 'oauth2'
      ? [
          credentials.accessToken,
          credentials.refreshToken ?? '',
          ...textsIn(credentials.answer).filter(mayBeSecret),
        ]
      : Object.values(credentials.fields);
  const made = integration.authenticate?.(connected);
  const sent = [...Object.values(made?.headers ?? {}), ...Object.values(made?.query ?? {})].flatMap((value) =>
    [value, ...value.split(' ')].filter(mayBeSecret),
  );
  const ofApp = [app?.clientSecret ?? '', ...secretSettings.flatMap((name) => textsIn(settings[name]))];
  return [...own, ...sent, ...ofApp].filter((value) => value !== '');
}

/** Long and without blanks, and no address of a server alone: of an answer of which only some fields are known. */
const mayBeSecret = (value: string) =>
  value.length >= 16 && !/\s/.test(value) && !/^https?:\/\/[^/]+\/?$/.test(value);

function textsIn(value: unknown): string[] {
  if (typeof value === 'string') return [value];
  if (typeof value !== 'object' || value === null) return [];
  return Object.values(value).flatMap(textsIn);
}
