/** The token endpoint of every stand-in: its switches, the request's form, client authentication, the ledger. */
import { createHash, timingSafeEqual } from 'node:crypto';
import type { FastifyReply, FastifyRequest } from 'fastify';
import { bodyOf, formOf, isForm, queryOf, repeated } from './asked.ts';
import { sha256 } from './database.ts';
import type { TokenRequestEntry } from './ledger.ts';
import { cut, misbehave, send } from './misbehave.ts';
import { redeem, TokenRefused } from './redemption.ts';
import type { Running } from './running.ts';
import type { Params, Reply } from './stand-in.ts';

type Processed = { reply: Reply; entry: Omit<TokenRequestEntry, 'at'> };

export async function answerTokenRequest(
  running: Running,
  request: FastifyRequest,
  reply: FastifyReply,
  elsewhere: string,
): Promise<void> {
  const { standIn, behaviour, gate, ledger } = running;
  const { refuse } = standIn.token;
  if (behaviour.takeOnce('holdRequests')) await gate.pass(request);
  const turn = behaviour.take('token');
  if (turn.mode !== 'normal' && turn.mode !== 'slow')
    ledger.tokenRequest({ ...blank(running, paramsOf(running, request)), outcome: turn.mode });
  const words = {
    rateLimited: (retryAfter: number) => refuse({ kind: 'rate_limited', retryAfter }),
    unavailable: () => refuse({ kind: 'unavailable' }),
  };
  if (await misbehave(turn, request, reply, words, elsewhere)) return;

  const processed = process(running, request);
  // The lost answer: everything was done, nobody hears of it.
  if (behaviour.takeOnce('dropAfterProcessing')) return cut(request, reply);
  if (behaviour.takeOnce('holdAnswers')) await gate.pass(request);
  if (request.raw.socket.destroyed) return void reply.hijack();
  send(reply, processed.reply);
}

/** Synchronous and in one transaction: of two requests with one refresh token, one comes first. */
function process(running: Running, request: FastifyRequest): Processed {
  return running.together(() => {
    const params = paramsOf(running, request);
    const processed = judge(running, request, params);
    running.ledger.tokenRequest(processed.entry);
    return processed;
  });
}

function judge(running: Running, request: FastifyRequest, params: Params): Processed {
  const entry = blank(running, params);
  try {
    checkForm(running, request);
    authenticateClient(running, request, params);
    const fault = running.standIn.token.check?.(params);
    if (fault) throw new TokenRefused(fault);
    const issued = redeem(running, params);
    const { parts, grant } = issued;
    const tokens = parts.flatMap((part) => [part.accessToken, part.refreshToken ?? []].flat());
    return {
      reply: {
        status: 200,
        headers: { 'cache-control': 'no-store', pragma: 'no-cache' },
        body: running.standIn.token.answer(issued.issue),
      },
      entry: {
        ...entry,
        outcome: 'ok',
        account: grant.account,
        family: grant.id,
        issued: tokens.map(sha256),
      },
    };
  } catch (error) {
    if (!(error instanceof TokenRefused)) throw error;
    const known = entry.presented === null ? null : running.grants.findByHash(entry.presented);
    return {
      reply: running.standIn.token.refuse(error.fault),
      entry: {
        ...entry,
        outcome: error.fault.kind,
        account: known?.grant.account ?? null,
        family: known?.grant.id ?? null,
      },
    };
  }
}

function paramsOf({ standIn }: Running, request: FastifyRequest): Params {
  return standIn.token.byQuery && request.method === 'GET' ? queryOf(request) : formOf(request);
}

function checkForm({ standIn }: Running, request: FastifyRequest): void {
  if (request.method === 'GET' && standIn.token.byQuery) return;
  if (!isForm(request))
    throw new TokenRefused({
      kind: 'malformed',
      detail: 'The body must be application/x-www-form-urlencoded.',
    });
  const twice = repeated(new URLSearchParams(bodyOf(request).toString('utf8')));
  if (twice !== null) throw new TokenRefused({ kind: 'malformed', detail: `${twice} is there twice` });
}

/** RFC 6749 §2.3.1, by the ways this provider takes. */
export function clientOf(
  ways: readonly ('post' | 'basic')[],
  request: FastifyRequest,
  params: Params,
): { id: string; secret: string } | null {
  const basic = /^Basic ([A-Za-z0-9+/=]+)$/i.exec(request.headers.authorization ?? '')?.[1];
  if (basic !== undefined && ways.includes('basic')) {
    const [id, ...secret] = Buffer.from(basic, 'base64').toString('utf8').split(':');
    const decoded = new URLSearchParams(`id=${id}&secret=${secret.join(':')}`);
    return { id: decoded.get('id') ?? '', secret: decoded.get('secret') ?? '' };
  }
  const id = params['client_id'];
  return id && ways.includes('post') ? { id, secret: params['client_secret'] ?? '' } : null;
}

export function isSecret({ clientSecret }: Running, given: string): boolean {
  const digest = (text: string) => createHash('sha256').update(text).digest();
  return timingSafeEqual(digest(given), digest(clientSecret));
}

function authenticateClient(running: Running, request: FastifyRequest, params: Params): void {
  const client = clientOf(running.standIn.token.clientAuthentication, request, params);
  if (!client) throw new TokenRefused({ kind: 'parameter_missing', parameter: 'client_id' });
  if (client.id !== running.clientId) throw new TokenRefused({ kind: 'client_unknown' });
  if (!isSecret(running, client.secret)) throw new TokenRefused({ kind: 'client_secret_wrong' });
}

function blank({ standIn }: Running, params: Params): Omit<TokenRequestEntry, 'at'> {
  const { exchange } = standIn.token;
  const asked = params['grant_type'] ?? (params['code'] ? 'authorization_code' : null);
  const known = asked === null || GRANT_TYPES.includes(asked) || asked === exchange?.grantType;
  const presented =
    params['refresh_token'] ?? params['code'] ?? (exchange && params[exchange.parameter]) ?? null;
  return {
    // Any other word would be a count of its own.
    grantType: known ? asked : 'other',
    outcome: 'ok',
    account: null,
    family: null,
    presented: presented === null ? null : sha256(presented),
    issued: [],
  };
}

const GRANT_TYPES = ['authorization_code', 'refresh_token'];
