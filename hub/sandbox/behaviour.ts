/**
 * How one stand-in behaves at the moment: its switches, all `normal` at the start. Kept in memory only;
 * a restarted sandbox behaves.
 */
import { Type, type Static, type TSchema } from 'typebox';

const closed = { additionalProperties: false };
const MODES = [
  'normal',
  'down',
  'refuse',
  'slow',
  'hang',
  'rate_limited',
  'garbage',
  'huge',
  'redirect',
  'answer',
] as const satisfies Mode[];
const Mode = Type.Enum(MODES);
export type Mode =
  | 'normal' // as the provider
  | 'down' // 503
  | 'refuse' // closes the connection at once
  | 'slow' // waits delayMs, then as the provider
  | 'hang' // takes the request and never answers
  | 'rate_limited' // 429 in the provider's own shape
  | 'garbage' // 200 with an HTML page
  | 'huge' // 200 that does not end for megabytes
  | 'redirect' // 302 to another origin
  | 'answer'; // whatever `answer` says

const Answer = Type.Object(
  {
    status: Type.Integer({ minimum: 200, maximum: 599 }),
    headers: Type.Optional(Type.Record(Type.String(), Type.String())),
    body: Type.Optional(Type.Unknown()),
  },
  closed,
);
const Details = {
  /** So many requests, then back to normal. */
  times: Type.Optional(Type.Integer({ minimum: 1 })),
  delayMs: Type.Optional(Type.Integer({ minimum: 0, maximum: 600_000 })),
  /** Seconds. */
  retryAfter: Type.Optional(Type.Number({ minimum: 0 })),
  megabytes: Type.Optional(Type.Integer({ minimum: 1, maximum: 1024 })),
  answer: Type.Optional(Answer),
};
const Switch = Type.Union([Mode, Type.Object({ mode: Mode, ...Details }, closed)]);
const Often = Type.Union([Type.Boolean(), Type.Integer({ minimum: 0 })]);
const Strings = Type.Array(Type.String());
const Nullable = <T extends TSchema>(type: T) => Type.Optional(Type.Union([type, Type.Null()]));

export const BehaviourBody = Type.Object(
  {
    authorize: Type.Optional(Switch),
    token: Type.Optional(Switch),
    api: Type.Optional(Switch),
    /** Where it is not set, revocation goes by `api` or `token`, wherever the provider has it. */
    revoke: Type.Optional(Switch),
    // For every endpoint named in the same body.
    ...Details,

    /** Process the request, then cut the connection in place of the answer; `true` or so many times. */
    dropAfterProcessing: Type.Optional(Often),
    /** Keep token requests waiting before they are looked at, until POST …/release. */
    holdRequests: Type.Optional(Often),
    /** Process token requests, keep the answers waiting until POST …/release. */
    holdAnswers: Type.Optional(Often),

    /** Who asks nobody: `allow` and `deny` answer in place of the consent page, `ask` shows it. */
    consent: Nullable(Type.Enum(['ask', 'allow', 'deny'])),
    /** The account that consents where nobody is asked. */
    account: Nullable(Type.String()),
    /** Of the scopes asked for, only these are granted. */
    narrowScopes: Nullable(Strings),
    accessTokenLifetime: Nullable(Type.Integer({ minimum: 1 })),
    refreshTokenLifetime: Nullable(Type.Integer({ minimum: 1 })),
    omitRefreshToken: Type.Optional(Type.Boolean()),
    /** `on` is `single_use`. */
    rotation: Nullable(Type.Enum(['on', 'single_use', 'tolerant', 'stays', 'off'])),
    /** The callback names an issuer that is not this one. */
    wrongIssuer: Type.Optional(Type.Boolean()),
    /** The key made by hand was deleted by its owner. */
    staticKeyRevoked: Type.Optional(Type.Boolean()),
  },
  closed,
);
export type BehaviourBody = Static<typeof BehaviourBody>;

export type Endpoint = 'authorize' | 'token' | 'api' | 'revoke';
const ENDPOINTS = ['authorize', 'token', 'api', 'revoke'] as const;

export type Turn = { mode: Mode } & Pick<
  BehaviourBody,
  'times' | 'delayMs' | 'retryAfter' | 'megabytes' | 'answer'
>;
type OftenField = 'dropAfterProcessing' | 'holdRequests' | 'holdAnswers';

export type Behaviour = ReturnType<typeof createBehaviour>;

export function createBehaviour() {
  let turns = new Map<Endpoint, Turn>();
  let rest: BehaviourBody = {};

  const merge = (body: BehaviourBody) => {
    const { times, delayMs, retryAfter, megabytes, answer, authorize, token, api, revoke, ...others } = body;
    const shared = withoutUndefined({ times, delayMs, retryAfter, megabytes, answer });
    for (const [endpoint, given] of Object.entries({ authorize, token, api, revoke })) {
      if (given === undefined) continue;
      turns.set(endpoint as Endpoint, {
        ...shared,
        ...(typeof given === 'string' ? { mode: given } : given),
      });
    }
    rest = { ...rest, ...others };
  };

  return {
    /** What is not named is normal again. */
    set(body: BehaviourBody): void {
      turns = new Map();
      rest = {};
      merge(body);
    },
    merge,

    /** How this request is to be answered; counts `times` down. */
    take(endpoint: Endpoint, elsewhere?: Endpoint): Turn {
      const key = elsewhere !== undefined && !turns.has(endpoint) ? elsewhere : endpoint;
      const turn = turns.get(key);
      if (!turn) return { mode: 'normal' };
      if (turn.times !== undefined && --turn.times <= 0) turns.delete(key);
      return { ...turn };
    },

    takeOnce(field: OftenField): boolean {
      const left = rest[field];
      if (typeof left === 'number' && left > 0) rest = { ...rest, [field]: left - 1 };
      return left === true || (typeof left === 'number' && left > 0);
    },
    stopHolding(): void {
      rest = { ...rest, holdRequests: false, holdAnswers: false };
    },

    get: () => rest,
    show: () => ({
      ...Object.fromEntries(ENDPOINTS.map((name) => [name, turns.get(name) ?? { mode: 'normal' }])),
      ...rest,
    }),
  };
}

function withoutUndefined(values: Record<string, unknown>): Record<string, unknown> {
  return Object.fromEntries(Object.entries(values).filter(([, value]) => value !== undefined));
}
