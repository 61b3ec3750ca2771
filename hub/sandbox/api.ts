/** Calls of a stand-in's API: its switches, its own headers, the token, the scope, then the call itself. */
import type { FastifyReply, FastifyRequest } from 'fastify';
import { askedOf, bearerOf, bodyOf, jsonOf } from './asked.ts';
import { isActive } from './grants.ts';
import { misbehave, send } from './misbehave.ts';
import type { Running } from './running.ts';
import { recorded } from './script.ts';
import type { Account, ApiFault, Asked, Call, CallContext, Params, Reply } from './stand-in.ts';
import { clientOf, isSecret } from './token-endpoint.ts';

type Caller = Pick<CallContext, 'account' | 'token' | 'scopes' | 'isStatic' | 'expiresAt'>;

const WINDOW_MS = 10_000;

export async function answerCall(
  running: Running,
  index: number,
  request: FastifyRequest,
  reply: FastifyReply,
  elsewhere: string,
): Promise<void> {
  const call = running.calls()[index];
  if (!call) return void reply.callNotFound();
  const { standIn, behaviour, ledger } = running;
  const asked = askedOf(request, { appSecret: running.clientSecret, random: running.random });
  const own = call.auth === 'client' ? 'token' : 'api';
  const turn = call.revokes ? behaviour.take('revoke', own) : behaviour.take(own);
  const record = (outcome: string, account: string | null) =>
    ledger.call({ method: call.method, route: call.path, outcome, account });
  if (turn.mode !== 'normal' && turn.mode !== 'slow') record(turn.mode, null);
  const words = {
    rateLimited: (retryAfter: number) => standIn.api.refuse({ kind: 'rate_limited', retryAfter }, asked),
    unavailable: () => standIn.api.refuse({ kind: 'unavailable' }, asked),
  };
  if (await misbehave(turn, request, reply, words, elsewhere)) return;

  const { answer, outcome, account } = answerOf(running, call, request, asked);
  record(outcome, account);
  if (call.revokes) ledger.revocation();
  send(reply, { ...answer, headers: { ...standIn.api.limits?.(used(running), asked), ...answer.headers } });
}

/** The answer that a script holds for this call, once its token was judged. @returns whether there was one */
export function answerByScript(running: Running, request: FastifyRequest, reply: FastifyReply): boolean {
  const { standIn, script, ledger } = running;
  if (!script.isOn()) return false;
  const asked = askedOf(request, { appSecret: running.clientSecret, random: running.random });
  const path = asked.path.slice(`/${standIn.id}`.length);
  const { authorize, token } = standIn;
  if ([authorize.path, token.path, ...(token.aliases ?? [])].includes(path)) return false;
  const url = request.url.slice(`/${standIn.id}`.length);
  const scripted = script.take(recorded({ ...asked, url, body: bodyOf(request) }));
  if (!scripted) return false;
  const fault = scripted.withoutToken ? null : faultOf(running, asked);
  ledger.call({ method: asked.method, route: path, outcome: fault?.kind ?? 'scripted', account: null });
  if (fault) send(reply, standIn.api.refuse(fault, asked));
  else {
    const { status = 200, headers = {}, body = null, base64 } = scripted;
    if (base64 === undefined) send(reply, { status, headers, body });
    else void reply.code(status).headers(headers).send(Buffer.from(base64, 'base64'));
  }
  return true;
}

function faultOf(running: Running, asked: Asked): ApiFault | null {
  const early = running.standIn.api.precheck?.(asked);
  if (early) return early;
  const caller = callerOf(running, { scopes: [] }, asked);
  return 'kind' in caller ? caller : null;
}

function answerOf(
  running: Running,
  call: Call,
  request: FastifyRequest,
  asked: Asked,
): { answer: Reply; outcome: string; account: string | null } {
  const { api, token } = running.standIn;
  const refused = (fault: ApiFault, account: string | null = null) => ({
    answer: api.refuse(fault, asked),
    outcome: fault.kind,
    account,
  });
  const isApi = (call.auth ?? 'token') === 'token';
  const early = isApi ? api.precheck?.(asked) : null;
  if (early) return refused(early);
  if (call.auth === 'client' && !isClient(running, request, asked))
    return { answer: token.refuse({ kind: 'client_unknown' }), outcome: 'client_unknown', account: null };
  const caller = isApi ? callerOf(running, call, asked) : nobody(running);
  if ('kind' in caller) return refused(caller);
  const account = caller.account.id;
  const json = jsonOf(request);
  if (json === undefined)
    return refused({ kind: 'bad_request', code: 'INVALID_JSON', message: 'The body is not JSON.' }, account);
  const answer = call.answer({
    ...asked,
    ...caller,
    json,
    body: bodyOf(request),
    params: request.params as Params,
    clientId: running.clientId,
    base: running.base(),
    tokens: running.desk,
    refuse: (fault) => api.refuse(fault, asked),
  });
  return { answer, outcome: answer.status < 400 ? 'ok' : `answered_${answer.status}`, account };
}

function nobody({ standIn }: Running): Caller {
  return { account: standIn.accounts[0], token: '', scopes: [], isStatic: false, expiresAt: null };
}

function isClient(running: Running, request: FastifyRequest, { query, form }: Asked): boolean {
  const ways = running.standIn.token.clientAuthentication;
  const client = clientOf(ways, request, { ...query, ...form });
  return client?.id === running.clientId && isSecret(running, client.secret);
}

function callerOf(running: Running, call: Pick<Call, 'scopes'>, asked: Asked): Caller | ApiFault {
  const { standIn } = running;
  const credential = (standIn.api.credential ?? (({ headers }) => bearerOf(headers)))(asked);
  if (!credential) return { kind: 'no_token' };
  const caller = lookUp(running, credential.token);
  if ('kind' in caller) return caller;
  const { isStatic } = caller;
  const fault = standIn.api.check?.({ ...asked, ...credential, isStatic });
  if (fault) return fault;
  const needed = call.scopes ?? [];
  const allowed = isStatic || needed.length === 0 || needed.some((scope) => caller.scopes.includes(scope));
  return allowed ? caller : { kind: 'scope_missing', needed, provided: caller.scopes };
}

function lookUp(running: Running, token: string): Caller | ApiFault {
  if (token === running.staticKey) {
    if (running.behaviour.get().staticKeyRevoked) return { kind: 'token_revoked' };
    const account: Account = running.standIn.accounts[0];
    return { account, token, scopes: [], isStatic: true, expiresAt: null };
  }
  const found = running.grants.find(token);
  if (found?.type !== 'access') return { kind: 'token_unknown' };
  if (found.grant.revoked) return { kind: 'token_revoked' };
  if (!isActive(found)) return { kind: 'token_expired' };
  return {
    account: running.accountOf(found.grant.account),
    token,
    scopes: found.scopes,
    isStatic: false,
    expiresAt: found.expiresAt,
  };
}

const windows = new WeakMap<Running, { since: number; used: number }>();

/** Calls in the current ten seconds; told in headers, not enforced: the switch `rate_limited` does that. */
function used(running: Running): number {
  const now = Date.now();
  const known = windows.get(running);
  const current = known && now - known.since < WINDOW_MS ? known : { since: now, used: 0 };
  current.used++;
  windows.set(running, current);
  return current.used;
}
