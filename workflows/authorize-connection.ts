import {
  allHandlersFinished,
  condition,
  defineSignal,
  defineUpdate,
  setHandler,
  sleep,
} from '@temporalio/workflow';
import type { Activities } from '../activities/index.ts';
import { atProvider, untilDone } from './activity-policies.ts';
import { endOrphan } from './disconnect-connection.ts';
import { setOutcome } from './outcome.ts';

export type AuthorizeConnectionInput = { connectionId: string; authorizationId: string; ttlMs: number };
/** Facts for the page and for whoever waits. */
export type AuthorizationOutcome = {
  outcome: 'connected' | 'denied' | 'expired' | 'failed' | 'superseded' | 'error';
  message: string;
};

/** The callback is in the database; answers when the authorization has ended. */
export const completeAuthorization = defineUpdate<AuthorizationOutcome>('completeAuthorization');
export const authorizationSuperseded = defineSignal('authorizationSuperseded');
/**
 * The callback is about to be written to the database. An update waits for a worker in the server's memory only; a
 * signal is kept, so that what is written is found also where whoever wrote it died before telling of it.
 */
export const callbackComing = defineSignal('callbackComing');

// 1, 2, 4, 8, 10, 10 … s between attempts at a provider that does not answer.
const pauseMs = (attempt: number, wait = 0) => Math.max(Math.min(1000 * 2 ** attempt, 10_000), wait);
// A code lives a minute at some providers and ten at most (RFC 6749 §4.1.2).
const EXCHANGE_ATTEMPTS = 6;
// Nobody takes longer to write a row, or is not there to write it.
const LOOKS_FOR_CALLBACK = 5;
const PROBE_ATTEMPTS = 4;

/** One walk through consent: wait for the callback, redeem the code, prove the credentials, keep them. */
export async function authorizeConnection({
  connectionId,
  authorizationId,
  ttlMs,
}: AuthorizeConnectionInput): Promise<AuthorizationOutcome> {
  let arrived = false;
  let superseded = false;
  let coming = false;
  let result: AuthorizationOutcome | undefined;
  setHandler(authorizationSuperseded, () => {
    superseded = true;
  });
  setHandler(callbackComing, () => {
    coming = true;
  });
  setHandler(completeAuthorization, async (): Promise<AuthorizationOutcome> => {
    arrived = true;
    await condition(() => result !== undefined);
    return result ?? { outcome: 'failed', message: '' };
  });

  const over = () => arrived || superseded;
  const endsAt = Date.now() + ttlMs;
  while (!over() && (await condition(() => over() || coming, Math.max(endsAt - Date.now(), 1)))) {
    coming = false;
    for (let look = 0; !over() && look < LOOKS_FOR_CALLBACK; look++)
      if (!(await condition(over, pauseMs(look))) && (await untilDone.callbackArrived(authorizationId)))
        arrived = true;
  }
  if (!over() && (await untilDone.callbackArrived(authorizationId))) arrived = true;
  if (superseded && !arrived) result = { outcome: 'superseded', message: 'A newer authorization was begun.' };
  else if (!arrived) result = await expire(authorizationId);
  else result = await finish(connectionId, authorizationId);

  setOutcome(result.outcome);
  await condition(allHandlersFinished);
  return result;
}

async function expire(authorizationId: string): Promise<AuthorizationOutcome> {
  const message = 'The link was not used in time. Begin again.';
  await untilDone.endAuthorization(authorizationId, 'expired', { code: 'AUTHORIZATION_EXPIRED', message });
  return { outcome: 'expired', message };
}

async function finish(connectionId: string, authorizationId: string): Promise<AuthorizationOutcome> {
  const exchanged = await exchange(authorizationId);
  if (exchanged.outcome === 'ended') {
    await endOrphan(connectionId, exchanged.orphan);
    return { outcome: 'superseded', message: 'The connection was changed meanwhile.' };
  }
  if (exchanged.outcome === 'failed') {
    const { failure, reason, message } = exchanged;
    await untilDone.endAuthorization(authorizationId, failure, { code: reason, message });
    return { outcome: failure === 'denied' ? 'denied' : 'failed', message };
  }
  const facts = await prove(authorizationId);
  if (!facts) return { outcome: 'superseded', message: 'The connection was changed meanwhile.' };
  if (facts.outcome === 'credential_revoked' || facts.outcome === 'credential_expired') {
    await untilDone.endAuthorization(authorizationId, facts.outcome, {
      code: 'AUTHORIZATION_FAILED',
      message: facts.message,
    });
    return { outcome: 'failed', message: facts.message };
  }
  await untilDone.completeAuthorization(authorizationId, facts);
  return { outcome: facts.outcome === 'ok' ? 'connected' : 'error', message: facts.message };
}

type Exchanged = Exclude<
  Awaited<ReturnType<Activities['exchangeCode']>>,
  { outcome: 'unstored' | 'try_again' }
>;

async function exchange(authorizationId: string): Promise<Exchanged> {
  for (let attempt = 0; ; attempt++) {
    const result = await atProvider.exchangeCode(authorizationId);
    if (result.outcome === 'unstored') {
      const stored = await untilDone.storeExchangedAnswer(authorizationId, result.envelope);
      return stored.outcome === 'ended' ? stored : { outcome: 'exchanged' };
    }
    if (result.outcome !== 'try_again') return result;
    if (attempt + 1 >= EXCHANGE_ATTEMPTS)
      return {
        outcome: 'failed',
        failure: 'provider_unavailable',
        reason: 'AUTHORIZATION_FAILED',
        message: result.message,
      };
    await sleep(pauseMs(attempt, result.retryAfterMs));
  }
}

/** The last answer counts, also where the provider cannot say yet. */
async function prove(authorizationId: string) {
  for (let attempt = 0; ; attempt++) {
    const facts = await atProvider.probeAuthorized(authorizationId);
    const passing = facts?.outcome === 'provider_unavailable' || facts?.outcome === 'rate_limited';
    if (!passing || attempt + 1 >= PROBE_ATTEMPTS) return facts;
    await sleep(pauseMs(attempt, facts.retryAfterMs));
  }
}
