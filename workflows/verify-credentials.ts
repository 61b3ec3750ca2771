import { atProvider, untilDone } from './activity-policies.ts';
import { setOutcome } from './outcome.ts';

export type VerifyCredentialsInput = { connectionId: string; authorizationId: string };
/** `outcome` is one of the seven classes; `ok`: the credentials are kept. */
export type VerificationOutcome = { outcome: string; message: string; retryAfterMs?: number };

/** Tries credentials that were typed in; keeps them when the provider takes them, forgets them when not. */
export async function verifyCredentials({
  authorizationId,
}: VerifyCredentialsInput): Promise<VerificationOutcome> {
  const facts = await atProvider.probeTyped(authorizationId);
  if (!facts) return { outcome: 'gone', message: 'The verification was ended meanwhile.' };
  if (facts.outcome === 'ok') await untilDone.keepVerified(authorizationId, facts);
  else await untilDone.forgetTyped(authorizationId);
  setOutcome(facts.outcome);
  const { outcome, message, retryAfterMs } = facts;
  return { outcome, message, ...(retryAfterMs === undefined ? {} : { retryAfterMs }) };
}
