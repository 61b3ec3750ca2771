/**
 * One call of a provider through a connection: its credentials are put on, and where the provider finds them expired,
 * they are renewed once and the call is made once more, if it can be.
 */
import { PassThrough, type Readable } from 'node:stream';
import { classifyByStatus } from '../../integrations/definition/answers.ts';
import type { Connected, Integration, Verdict } from '../../integrations/definition/integration.ts';
import type { Lifecycle } from '../api/lifecycle.ts';
import { usableConnection } from '../api/usable.ts';
import { findConnection, type ConnectionRow } from '../database/connections.ts';
import type { StreamedAnswer } from '../egress/egress.ts';
import { HubError } from '../errors.ts';
import type { Hub } from '../hub.ts';
import { isRefreshable } from '../oauth/credentials.ts';
import { messageOf } from '../oauth/messages.ts';
import { callCredentials } from '../oauth/probe.ts';
import { findIntegration, hostsOf, openConnected } from '../oauth/setup.ts';
import { recordProbe } from '../oauth/test.ts';
import { answeredHeaders, sentHeaders } from './headers.ts';
import { targetOf } from './target.ts';

export type ProxiedCall = {
  method: string;
  path: string;
  query: string;
  baseName: string | null;
  headers: Record<string, string | string[] | undefined>;
  /** A stream is sent once; bytes, and nothing, can be sent again. */
  body: Readable | Buffer | null;
  signal: AbortSignal;
};
export type ProxiedAnswer = {
  status: number;
  headers: Record<string, string | string[]>;
  body: Readable;
  attempts: number;
};

// A token that ends while it is on its way is renewed after the refusal: so little is enough.
const MIN_TTL_MS = 10_000;
// What a refusal says fits in here many times over.
const PEEKED_BYTES = 64 * 1024;

/**
 * @throws HubError CONNECTION_DISCONNECTED | REAUTHORIZATION_REQUIRED | PROXY_PATH_NOT_ALLOWED | API_BASE_UNKNOWN |
 *   ENDPOINT_NOT_ALLOWED | PROVIDER_UNAVAILABLE
 */
export async function proxyCall(
  { hub, lifecycle }: { hub: Hub; lifecycle: Lifecycle },
  found: ConnectionRow,
  call: ProxiedCall,
): Promise<ProxiedAnswer> {
  const integration = findIntegration(hub, found.integrationId);
  let row = await usableConnection(hub, lifecycle, found, MIN_TTL_MS);
  for (let attempts = 1; ; attempts++) {
    const connected = await openConnected(hub, integration, row);
    const answer = await send(hub, integration, connected, call);
    const { verdict, body } = await judged(integration, answer);
    if (verdict.kind === 'credential_expired' && isRefreshable(integration, connected.credentials)) {
      const renewed = attempts === 1 ? await renew(hub, lifecycle, row) : null;
      if (renewed && isRepeatable(call)) {
        body.destroy();
        row = renewed;
        continue;
      }
    } else if (verdict.kind === 'credential_revoked' || verdict.kind === 'credential_expired') {
      await recordRefusal(hub, integration, row, { ...verdict, kind: 'credential_revoked' });
    }
    return { status: answer.status, headers: answeredHeaders(answer.headers), body, attempts };
  }
}

const isRepeatable = ({ body }: ProxiedCall) => body === null || Buffer.isBuffer(body);

async function send(
  hub: Hub,
  integration: Integration,
  connected: Connected,
  call: ProxiedCall,
): Promise<StreamedAnswer> {
  const own = callCredentials(integration, connected);
  const url = targetOf(integration, connected, call);
  // Behind what the caller wrote, which stays byte for byte.
  const added = new URLSearchParams(own.query).toString();
  if (added !== '') url.search = url.search === '' ? added : `${url.search}&${added}`;
  const outcome = await hub.egress.stream(
    { method: call.method, url, headers: sentHeaders(call.headers, own.headers), body: call.body },
    { hosts: hostsOf(integration, connected), signal: call.signal },
  );
  switch (outcome.kind) {
    case 'answered':
      return outcome;
    case 'refused':
      throw new HubError('ENDPOINT_NOT_ALLOWED', { detail: outcome.why });
    default:
      throw new HubError('PROVIDER_UNAVAILABLE', {
        detail: `${integration.name} does not answer: ${outcome.why}`,
      });
  }
}

/** What the answer means, and its body as if nobody had looked. Only what may be a refusal is looked at. */
async function judged(
  integration: Integration,
  { status, headers, body }: StreamedAnswer,
): Promise<{ verdict: Verdict; body: Readable }> {
  const isJson = /\bjson\b/i.test(String(headers['content-type'] ?? ''));
  if (!isJson && status < 400) return { verdict: { kind: 'ok' }, body };
  const { start, rest } = await peek(body);
  const flat = Object.fromEntries(Object.entries(headers).map(([name, value]) => [name, String(value)]));
  const answer = { status, headers: flat, body: rest === null ? parsed(start) : undefined };
  const verdict = (integration.classify ?? classifyByStatus)(answer);
  return { verdict, body: joined(start, rest) };
}

/** @returns the beginning; `rest` null: that was all */
async function peek(body: Readable): Promise<{ start: Buffer; rest: Readable | null }> {
  const chunks: Buffer[] = [];
  let length = 0;
  const iterator = body.iterator({ destroyOnReturn: false });
  for await (const chunk of iterator as AsyncIterable<Buffer>) {
    chunks.push(chunk);
    length += chunk.length;
    if (length > PEEKED_BYTES) return { start: Buffer.concat(chunks), rest: body };
  }
  return { start: Buffer.concat(chunks), rest: null };
}

function joined(start: Buffer, rest: Readable | null): Readable {
  const whole = new PassThrough();
  whole.write(start);
  if (rest === null) whole.end();
  else {
    rest.on('error', (error) => whole.destroy(error));
    whole.on('close', () => rest.destroy());
    rest.pipe(whole);
  }
  return whole;
}

/** @returns the connection with a newer token; null: a refresh did not bring one, for a reason that passes */
async function renew(hub: Hub, lifecycle: Lifecycle, row: ConnectionRow): Promise<ConnectionRow | null> {
  const result = await lifecycle.refresh(row, { seenVersion: row.version, force: true, minTtlMs: 0 });
  if (result.outcome === 'rejected')
    throw new HubError('REAUTHORIZATION_REQUIRED', { detail: result.message });
  const now = await findConnection(hub.db, row.id);
  return now !== null && now.version > row.version && now.sealedCredentials !== null ? now : null;
}

/** A provider's clear no ends the connection here too; guarded by the version that was refused. */
async function recordRefusal(
  hub: Hub,
  integration: Integration,
  row: ConnectionRow,
  verdict: Extract<Verdict, { kind: 'credential_revoked' }>,
): Promise<void> {
  const check = { at: new Date().toISOString(), ok: false, outcome: verdict.kind, latencyMs: 0 };
  const message = messageOf(integration, verdict);
  const facts = { outcome: verdict.kind, message, account: row.account, check, version: row.version };
  await recordProbe(hub, row.id, facts, {}).catch((error: unknown) =>
    hub.log.warn({ err: error, connectionId: row.id }, 'a refusal could not be written'),
  );
}

function parsed(body: Buffer): unknown {
  const text = body.toString('utf8');
  try {
    return JSON.parse(text);
  } catch {
    return text;
  }
}
