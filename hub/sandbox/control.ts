/**
 * The sandbox's switches over HTTP, under `/_sandbox`. `GET /_sandbox` answers this list:
 * @see CONTROLS
 */
import type { FastifyInstance, FastifyReply } from 'fastify';
import { Type, type Static } from 'typebox';
import { BehaviourBody } from './behaviour.ts';
import { sha256 } from './database.ts';
import { isActive, type Token } from './grants.ts';
import { mint } from './redemption.ts';
import type { Running } from './running.ts';
import { ScriptBody } from './script.ts';
import type { SandboxApp } from './sandbox.ts';

export const CONTROLS: readonly { method: string; path: string; does: string }[] = [
  { method: 'GET', path: '/_sandbox', does: 'this list, the stand-ins, their accounts and static keys' },
  { method: 'GET', path: '/_sandbox/apps', does: 'the registered app of each stand-in, as the hub takes it' },
  {
    method: 'GET',
    path: '/_sandbox/:id/behaviour',
    does: 'how it behaves now, and how many requests are held',
  },
  {
    method: 'PUT',
    path: '/_sandbox/:id/behaviour',
    does:
      'sets it; what is left out is normal. authorize, token, api, revoke: normal | down | refuse | slow | hang | ' +
      'rate_limited | garbage | huge | redirect | answer, or {mode, times?, delayMs?, retryAfter?, megabytes?, answer?: ' +
      '{status, headers?, body?}}; the same details beside them are for all named. dropAfterProcessing, holdRequests, ' +
      'holdAnswers (token endpoint; true or how often), consent (ask | allow | deny), account, narrowScopes, ' +
      'accessTokenLifetime and refreshTokenLifetime (seconds), omitRefreshToken, rotation (on | single_use | tolerant | ' +
      'stays | off), wrongIssuer, staticKeyRevoked',
  },
  { method: 'PATCH', path: '/_sandbox/:id/behaviour', does: 'the same, but what is left out stays as it is' },
  {
    method: 'POST',
    path: '/_sandbox/:id/release',
    does: 'lets held requests and answers go and stops holding; {"keepHolding": true} holds the next ones again',
  },
  {
    method: 'PUT',
    path: '/_sandbox/:id/script',
    does:
      'lays out answers for calls of the API ({"answers": [{method, path, status?, headers?, body?, base64?, ' +
      'withoutToken?}]}, each taken once, in order) and records what is asked from then on',
  },
  { method: 'GET', path: '/_sandbox/:id/script', does: 'what was asked, and the answers nobody took' },
  { method: 'DELETE', path: '/_sandbox/:id/script', does: 'forgets both and stops recording' },
  {
    method: 'POST',
    path: '/_sandbox/:id/grants',
    does: '{"count"}: so many consents at once, each with its family and what the token endpoint would have answered',
  },
  {
    method: 'POST',
    path: '/_sandbox/:id/revoke',
    does: 'the user takes access away; {"account"?} of one account, {"families"?} of these consents',
  },
  { method: 'POST', path: '/_sandbox/:id/expire', does: 'every access token given so far expires now' },
  { method: 'GET', path: '/_sandbox/:id/ledger', does: 'what happened: counts, and the latest entries' },
  {
    method: 'POST',
    path: '/_sandbox/:id/introspect',
    does: '{"token"}: whether it is good, whose, for what',
  },
  { method: 'GET', path: '/_sandbox/:id/accepts?sha256=…', does: 'the same by the hash of a token' },
  { method: 'POST', path: '/_sandbox/:id/reset', does: 'forgets grants, data, ledger and behaviour' },
  { method: 'POST', path: '/_sandbox/reset', does: 'the same for all' },
];

type Wants = {
  running: ReadonlyMap<string, Running>;
  apps: () => SandboxApp[];
};

const closed = { additionalProperties: false };
const Release = Type.Object({ keepHolding: Type.Optional(Type.Boolean()) }, closed);
const Revoke = Type.Object(
  { account: Type.Optional(Type.String()), families: Type.Optional(Type.Array(Type.String())) },
  closed,
);
const Mint = Type.Object({ count: Type.Integer({ minimum: 1, maximum: 10_000 }) }, closed);
const Introspect = Type.Object({ token: Type.String({ minLength: 1 }) }, closed);
const Accepts = Type.Object({ sha256: Type.String({ pattern: '^[0-9a-f]{64}$' }) }, closed);

export function controlRoutes(app: FastifyInstance, { running, apps }: Wants): void {
  type Route = { Params: { id: string } };
  const of = (params: unknown): Running | undefined => running.get((params as { id?: string }).id ?? '');
  const named = ({ params }: { params: unknown }, reply: FastifyReply): Running | null => {
    const found = of(params);
    if (found) return found;
    void reply
      .code(404)
      .send({ error: 'not_found', message: `stand-ins: ${[...running.keys()].join(', ')}` });
    return null;
  };

  app.get('/', () => ({
    controls: CONTROLS,
    standIns: [...running.values()].map(({ standIn, staticKey, clientId }) => ({
      id: standIn.id,
      name: standIn.name,
      clientId,
      staticKey,
      accounts: standIn.accounts,
    })),
  }));
  app.get('/apps', () => apps());
  app.post('/reset', () => {
    for (const one of running.values()) one.reset();
    return { ok: true };
  });

  app.get('/:id/behaviour', (request, reply) => {
    const one = named(request, reply);
    return one ? shown(one) : reply;
  });
  app.put<Route & { Body: BehaviourBody }>(
    '/:id/behaviour',
    { schema: { body: BehaviourBody } },
    (request, reply) => {
      const one = named(request, reply);
      one?.behaviour.set(request.body);
      return one ? shown(one) : reply;
    },
  );
  app.patch<Route & { Body: BehaviourBody }>(
    '/:id/behaviour',
    { schema: { body: BehaviourBody } },
    (request, reply) => {
      const one = named(request, reply);
      one?.behaviour.merge(request.body);
      return one ? shown(one) : reply;
    },
  );
  app.post<Route & { Body: Static<typeof Release> | null }>(
    '/:id/release',
    { schema: { body: optional(Release) } },
    (request, reply) => {
      const one = named(request, reply);
      if (!one) return reply;
      if (!request.body?.keepHolding) one.behaviour.stopHolding();
      return { released: one.gate.release() };
    },
  );

  app.put<Route & { Body: Static<typeof ScriptBody> }>(
    '/:id/script',
    { schema: { body: ScriptBody } },
    (request, reply) => {
      const one = named(request, reply);
      one?.script.start(request.body);
      return one ? one.script.show() : reply;
    },
  );
  app.get<Route>('/:id/script', (request, reply) => named(request, reply)?.script.show() ?? reply);
  app.delete<Route>('/:id/script', (request, reply) => {
    const one = named(request, reply);
    one?.script.stop();
    return one ? one.script.show() : reply;
  });
  app.post<Route & { Body: Static<typeof Mint> }>(
    '/:id/grants',
    { schema: { body: Mint } },
    (request, reply) => {
      const one = named(request, reply);
      if (!one) return reply;
      return { grants: one.together(() => Array.from({ length: request.body.count }, () => mint(one))) };
    },
  );
  app.post<Route & { Body: Static<typeof Revoke> | null }>(
    '/:id/revoke',
    { schema: { body: optional(Revoke) } },
    (request, reply) => {
      const one = named(request, reply);
      if (!one) return reply;
      const { account, families } = request.body ?? {};
      const { grants } = one;
      const revoke = () => {
        if (families) return families.reduce((ended, family) => ended + grants.revoke(family), 0);
        return account === undefined ? grants.revokeAll() : grants.revokeOfAccount(account);
      };
      return { familiesRevoked: one.revokeGrants(revoke) };
    },
  );
  app.post<Route>('/:id/expire', (request, reply) => {
    const one = named(request, reply);
    return one ? { accessTokensExpired: one.grants.expireAll() } : reply;
  });
  app.get<Route>('/:id/ledger', (request, reply) => named(request, reply)?.ledger.read() ?? reply);
  app.post<Route & { Body: Static<typeof Introspect> }>(
    '/:id/introspect',
    { schema: { body: Introspect } },
    (request, reply) => {
      const one = named(request, reply);
      return one ? judged(one, sha256(request.body.token)) : reply;
    },
  );
  app.get<Route & { Querystring: Static<typeof Accepts> }>(
    '/:id/accepts',
    { schema: { querystring: Accepts } },
    (request, reply) => {
      const one = named(request, reply);
      return one ? judged(one, request.query.sha256) : reply;
    },
  );
  app.post<Route>('/:id/reset', (request, reply) => {
    const one = named(request, reply);
    one?.reset();
    return one ? { ok: true } : reply;
  });
}

const shown = ({ behaviour, gate }: Running) => ({ ...behaviour.show(), held: gate.held() });

/** A body may be left out. */
const optional = <T extends typeof Release | typeof Revoke>(schema: T) => Type.Union([schema, Type.Null()]);

function judged(running: Running, hash: string) {
  if (running.staticKey !== null && hash === sha256(running.staticKey)) {
    const active = !running.behaviour.get().staticKeyRevoked;
    return { active, kind: 'static', account: running.standIn.accounts[0].id, scopes: null, expiresAt: null };
  }
  const token = running.grants.findByHash(hash);
  if (!token) return { active: false };
  return {
    active: isActive(token) && !isUseless(token),
    kind: token.type,
    of: token.grant.kind,
    account: token.grant.account,
    family: token.grant.id,
    scopes: token.scopes,
    expiresAt: token.expiresAt === null ? null : new Date(token.expiresAt).toISOString(),
    spent: token.spent,
    revoked: token.grant.revoked,
  };
}

const isUseless = (token: Token) => token.type === 'refresh' && token.spent;
