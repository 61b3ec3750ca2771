/** Whether a request may go out, and what became of one that has no answer. */
import type { Answer } from '../../integrations/definition/integration.ts';
import { AddressRefused, assertUrlAllowed, hostMatches } from './address.ts';

/**
 * What became of a request.
 * - `answered`: the whole answer is here
 * - `refused`: nothing was sent, the address is not allowed
 * - `unsent`: nothing reached the provider (no address, no connection)
 * - `unknown`: it was sent, or may have been, and no whole answer came
 */
export type Outcome = { kind: 'answered'; answer: Answer; ms: number } | Unanswered;
export type Unanswered =
  { kind: 'refused'; why: string } | { kind: 'unsent'; why: string } | { kind: 'unknown'; why: string };

/** Errors that come before a byte of the request went out. */
const BEFORE_SENDING = new Set([
  'ENOTFOUND',
  'EAI_AGAIN',
  'ECONNREFUSED',
  'EHOSTUNREACH',
  'ENETUNREACH',
  'UND_ERR_CONNECT_TIMEOUT',
  'UND_ERR_INVALID_ARG',
]);

/** @returns null where credentials may go to this address */
export function whyRefused(url: URL, hosts: readonly string[], allowPrivateNetwork: boolean): string | null {
  const named = hosts.includes(url.origin);
  // `host` has a port where it is not the scheme's own: a pattern without one means that.
  const matched = hostMatches(url.host, hosts);
  if (!named && !matched) return `${url.host} is not a host of this integration`;
  try {
    assertUrlAllowed(url, allowPrivateNetwork);
    return null;
  } catch (error) {
    if (error instanceof AddressRefused) return error.message;
    throw error;
  }
}

export function describe(error: unknown, timedOut: boolean): Unanswered {
  const codes = causes(error).map((cause) =>
    'code' in cause && typeof cause.code === 'string' ? cause.code : cause.name,
  );
  if (causes(error).some((cause) => cause instanceof AddressRefused))
    return { kind: 'refused', why: 'the address is not a public one' };
  const code = codes.find(
    (found) => BEFORE_SENDING.has(found) || /^(ERR_TLS|CERT|DEPTH_ZERO|SELF_SIGNED|UNABLE_TO)_/.test(found),
  );
  if (code) return { kind: 'unsent', why: code };
  return { kind: 'unknown', why: timedOut ? 'TIMEOUT' : (codes[0] ?? 'UNKNOWN') };
}

function causes(error: unknown): Error[] {
  if (!(error instanceof Error)) return [];
  const inner = error instanceof AggregateError ? (error.errors as unknown[]) : [];
  return [error, ...inner.flatMap(causes), ...causes(error.cause)];
}
