/**
 * One call of a provider with a connection's credentials, whoever makes it.
 *
 *   usable? ─▶ send ─▶ judge the answer ─▶ pass it on
 *                ▲          │ expired
 *                └─ refresh ┘ once, and only a request that can be sent again
 *
 * The caller gets the provider's answer whatever it says; what it says of the credentials is acted upon beside.
 */
import type { Readable } from 'node:stream';
import type { Connected, Integration, Verdict } from '../../integrations/definition/integration.ts';
import type { Lifecycle } from '../api/lifecycle.ts';
import { usableCredentials } from '../api/usable.ts';
import type { AppRow } from '../database/apps.ts';
import { findConnection, type ConnectionRow } from '../database/connections.ts';
import type { StreamAnswer, StreamOutcome } from '../egress/stream.ts';
import { HubError } from '../errors.ts';
import type { Hub } from '../hub.ts';
import type { CallOutcome, UsageRecorder } from '../usage/recorder.ts';
import { assertRefreshed } from '../oauth/refresh-result.ts';
import { apiBaseUrlOf, findIntegration, hostsOf, openOnce, otherApiBaseUrlsOf } from '../oauth/setup.ts';
import { secretsOf } from '../traces/redaction.ts';
import { MOST_GATHERED, passedOf, type Passed } from '../traces/trace.ts';
import { ByteCount, counted, type CallBody, type Passing } from './body.ts';
import { askedPlainly, cleansed, withoutLength } from './echoes.ts';
import {
  answerHeaders,
  ownHeaders,
  requestHeaders,
  secretsAmong,
  type Headers,
  type OwnHeaders,
  type SentHeaders,
} from './headers.ts';
import { judge } from './judge.ts';
import { noteProved } from './proved.ts';
import { assertNoWait, noteWait, takeCall } from './rate-limits.ts';
import { signatureOf, signs, withParameters } from '../oauth/signing.ts';
import { locationFor, targetOf } from './target.ts';

export type ProxyParts = { hub: Hub; lifecycle: Lifecycle; usage: UsageRecorder };

export type Call = {
  method: string;
  /** Path and query under the API's base, as they are to be sent. */
  path: string;
  /** A name of the integration's `otherApiBaseUrls`; null: the API's own base. */
  apiBase: string | null;
  headers: Headers;
  body: CallBody;
  /** Of the hub; it never goes out, and is in nothing that is kept. */
  callerKey: string | null;
  /** The caller is gone. */
  signal: AbortSignal;
};

/** With its integration's app and the wait that its provider asked for, as one statement read them. */
export type Subject = { row: ConnectionRow; app: AppRow | null; waitMs: number };

export type Answered = {
  status: number;
  headers: SentHeaders;
  /** Read once, or let go, by whoever asked. */
  passing: Passing;
  attempts: number;
  /** The token had expired, a new one is there, and this request could not be sent a second time. */
  sendAgain: boolean;
};

// A token that lasts this long still lasts when the request arrives.
const MIN_TTL_MS = 60_000;
// Long answers may take as long as they like, but not fall silent for longer than this.
const IDLE_PER_TIMEOUT = 3;

/** @throws HubError where the connection cannot be used, the path is not allowed, or the provider gives no answer */
export async function callProvider(
  parts: ProxyParts,
  { row, app, waitMs }: Subject,
  call: Call,
): Promise<Answered> {
  const { hub } = parts;
  const integration = findIntegration(hub, row.integrationId);
  let usable = await usableCredentials(hub, parts.lifecycle, row, MIN_TTL_MS).catch((error: unknown) => {
    throw withWayBack(error, row.id);
  });
  await assertNoWait(waitMs);
  for (let attempts = 1; ; attempts++) {
    await takeCall(hub.db, integration, row.id);
    const began = performance.now();
    const note = (outcome: CallOutcome, ms: number, bytesReceived = 0) =>
      parts.usage.noteCall(row, { outcome, ms, bytesSent: bytesIn(call.body), bytesReceived });
    // Whoever has left before it came does not speak for the provider.
    const unanswered = (): CallOutcome => (call.signal.aborted ? 'abandoned' : 'unanswered');
    const sending = prepare(hub, integration, usable, app, call, attempts);
    const { answer, headersFor } = await send(hub, integration, sending, call).catch((error: unknown) => {
      if (!isOurs(error)) note(unanswered(), performance.now() - began);
      sending.trace?.({ error: codeOf(error), outcome: unanswered() });
      throw error;
    });
    const tookMs = performance.now() - began;
    const { verdict, body, peeked } = await judge(integration, answer).catch((error: unknown) => {
      note(unanswered(), performance.now() - began);
      sending.trace?.({ answer, error: codeOf(error), outcome: unanswered() });
      throw answerLost(integration, error);
    });
    const newer = attempts === 1 ? await renewedAfter(parts, usable, verdict) : null;
    if (newer !== null && call.body.whole) {
      note('repeated', tookMs);
      sending.trace?.({ answer, body: passedOf(peeked), outcome: 'repeated' });
      body.destroy();
      usable = newer;
      continue;
    }
    await noteWait(hub.db, integration, row.id, call, verdict);
    if (verdict.kind === 'ok') noteProved(usable);
    else if (newer === null) actUpon(parts, usable, verdict);
    const { status } = answer;
    const count = new ByteCount(sending.trace ? MOST_GATHERED : 0);
    const ended = (brokeOff: Error | null) => {
      const broken = brokeOff !== null && !call.signal.aborted;
      const outcome = broken ? 'unanswered' : outcomeOf(status, verdict);
      note(outcome, tookMs, count.count);
      const error = broken ? codeOf(brokeOff) : null;
      sending.trace?.({ answer, body: count.passed, error, outcome });
    };
    const passing = { body, count, ended };
    return {
      status,
      headers: headersFor(),
      passing: integration.echoesCredentials ? cleansedOf(passing, sending.keptBack) : passing,
      attempts,
      sendAgain: newer !== null,
    };
  }
}

/** What is counted and traced is what the provider sent. */
const cleansedOf = (passing: Passing, secrets: readonly string[]): Passing => ({
  body: cleansed(counted(passing), secrets),
  count: new ByteCount(),
  ended: () => {},
});

const bytesIn = (body: CallBody) => (body.whole ? (body.bytes?.length ?? 0) : body.count.count);

/** Not sent at all: an address that is not the provider's. */
const isOurs = (error: unknown) =>
  error instanceof HubError && !['PROVIDER_UNAVAILABLE', 'PROVIDER_ANSWER_LOST'].includes(error.code);

function outcomeOf(status: number, { kind }: Verdict): CallOutcome {
  if (kind === 'rate_limited') return 'rateLimited';
  if (kind === 'credential_expired' || kind === 'credential_revoked') return 'credentialsRefused';
  if (status >= 500 || kind === 'provider_unavailable') return 'serverErrors';
  return status >= 400 || kind !== 'ok' ? 'clientErrors' : 'ok';
}

const ONLY_A_PERSON_HELPS = [
  'CONNECTION_DISCONNECTED',
  'REAUTHORIZATION_REQUIRED',
  'REFRESH_OUTCOME_UNKNOWN',
];

/** Whoever cannot use the connection is told how it is mended. */
function withWayBack(error: unknown, connectionId: string): unknown {
  if (!(error instanceof HubError) || !ONLY_A_PERSON_HELPS.includes(error.code)) return error;
  const way = `POST /api/connections/${connectionId}/reconnect answers the link to connect it again.`;
  return new HubError(error.code, { detail: [error.detail, way].filter(Boolean).join(' '), cause: error });
}

type Sending = ReturnType<typeof prepare>;

/** What is to be sent, and who watches it. */
function prepare(
  hub: Hub,
  integration: Integration,
  row: ConnectionRow,
  app: AppRow | null,
  call: Call,
  attempt: number,
) {
  const connected = openOnce(hub, integration, row, app);
  const base = baseOf(integration, connected, call.apiBase);
  const { own, hosts } = forEveryCall(integration, connected);
  const { method, body } = call;
  const unsigned = targetOf(base, call.path, own.query);
  if (!body.whole && integration.signsBody && signs(integration, connected))
    throw new HubError('PAYLOAD_TOO_LARGE', {
      detail: `${integration.name} wants a signature over the body, which can be made of 1 MiB at most`,
    });
  const signature = signatureOf(integration, connected, {
    ...unsigned,
    method,
    body: body.whole ? body.bytes : null,
  });
  // A timestamp among them may well be in an answer: short ones are left out.
  const signatureSecrets = secretsAmong([
    ...Object.values(signature.headers),
    ...Object.values(signature.query),
  ]);
  const target = { ...unsigned, target: withParameters(unsigned.target, signature.query) };
  const asked = { ...requestHeaders(call.headers, own), ...signature.headers };
  const headers: SentHeaders = integration.echoesCredentials ? askedPlainly(asked) : asked;
  if (!body.whole && body.length !== null) headers['content-length'] = String(body.length);
  const watch = hub.traces.watch(row, integration, connected, [
    ...(call.callerKey === null ? [] : [call.callerKey]),
    ...signatureSecrets,
  ]);
  const gathered = watch && !body.whole ? new ByteCount(MOST_GATHERED) : null;
  const trace = (how: { answer?: StreamAnswer; body?: Passed; error?: string | null; outcome: string }) => {
    const { answer, error = null, outcome } = how;
    watch?.end({
      kind: 'call',
      attempt,
      request: {
        method,
        url: target.origin + target.target,
        headers,
        body: gathered?.passed ?? passedOf(body.whole ? body.bytes : null),
      },
      response: answer ? { ...answer, body: how.body ?? passedOf(null) } : null,
      error,
      outcome,
    });
  };
  return {
    base,
    hosts,
    /** What is in no answer. */
    keptBack: [...own.secrets, ...signatureSecrets],
    target,
    headers,
    proxyPath: `/api/connections/${row.id}/proxy`,
    body: bodyToSend(body, gathered),
    stopwatch: watch?.stopwatch,
    attempt,
    secrets: () => secretsOf(integration, connected, hub.catalogue.secretSettings(integration)),
    /** Told at its end, where somebody watches. */
    trace: watch && trace,
  };
}

type ForEveryCall = { own: OwnHeaders; hosts: readonly string[] };
const ofConnected = new WeakMap<Connected, ForEveryCall>();

function forEveryCall(integration: Integration, connected: Connected): ForEveryCall {
  const there = ofConnected.get(connected);
  if (there) return there;
  const made = { own: ownHeaders(integration, connected), hosts: hostsOf(integration, connected) };
  ofConnected.set(connected, made);
  return made;
}

function bodyToSend(body: CallBody, gathered: ByteCount | null): Readable | Buffer | null {
  if (body.whole) return body.bytes;
  return gathered ? counted({ body: body.stream, count: gathered, ended: () => {} }) : body.stream;
}

async function send(hub: Hub, integration: Integration, sending: Sending, call: Call) {
  const { base, hosts, keptBack, target, headers, body, stopwatch, attempt, secrets } = sending;
  const outcome = await hub.egress.stream(
    { ...target, method: call.method, headers, body },
    {
      hosts,
      headersTimeoutMs: hub.durations.providerTimeout,
      idleTimeoutMs: hub.durations.providerTimeout * IDLE_PER_TIMEOUT,
      signal: call.signal,
      stopwatch,
      about: { kind: 'call', integrationId: integration.id, attempt, secrets },
    },
  );
  const answer = answerOf(integration, outcome);
  const { 'content-encoding': packed } = answer.headers;
  if (integration.echoesCredentials && packed !== undefined && packed !== 'identity') {
    answer.body.destroy();
    throw answerLost(integration, 'packed although it was asked not to be');
  }
  const headersFor = (): SentHeaders => {
    const all = answerHeaders(answer.headers, keptBack);
    const passedOn = integration.echoesCredentials ? withoutLength(all) : all;
    const { location } = passedOn;
    if (typeof location !== 'string') return passedOn;
    return { ...passedOn, location: locationFor(location, base, target, sending.proxyPath) };
  };
  return { answer, headersFor };
}

function baseOf(integration: Integration, connected: Connected, name: string | null): string {
  if (name === null) return apiBaseUrlOf(integration, connected);
  const others = otherApiBaseUrlsOf(integration, connected);
  const base = Object.hasOwn(others, name) ? others[name] : undefined;
  if (base !== undefined) return base;
  const names = Object.keys(others);
  const there = names.length > 0 ? `there are: ${names.join(', ')}` : 'it has none beside its own';
  throw new HubError('API_BASE_NOT_FOUND', {
    detail: `${integration.name} has no API base of that name; ${there}`,
  });
}

/** @throws HubError where there is none */
function answerOf(integration: Integration, outcome: StreamOutcome): StreamAnswer {
  switch (outcome.kind) {
    case 'answered':
      return outcome.answer;
    case 'refused':
      throw new HubError('ENDPOINT_NOT_ALLOWED', { detail: outcome.why });
    case 'unsent':
      throw new HubError('PROVIDER_UNAVAILABLE', {
        detail: `${integration.name} could not be reached (${outcome.why}); nothing was sent`,
      });
    case 'unknown':
      throw answerLost(integration, outcome.why);
  }
}

const answerLost = ({ name }: Integration, why: unknown) =>
  new HubError('PROVIDER_ANSWER_LOST', { detail: `${name} did not answer to the end (${codeOf(why)})` });

/** In short, what went wrong. */
function codeOf(why: unknown): string {
  if (!(why instanceof Error)) return String(why);
  if (why instanceof HubError) return why.detail ?? why.code;
  return 'code' in why ? String(why.code) : why.name;
}

/**
 * After "expired": the connection with a newer token, by the one refresh that all who ask share. Null: there is
 * none, and the provider's answer is what the caller gets.
 */
async function renewedAfter(
  { hub, lifecycle }: ProxyParts,
  row: ConnectionRow,
  verdict: Verdict,
): Promise<ConnectionRow | null> {
  if (verdict.kind !== 'credential_expired' || !row.refreshable) return null;
  const now = await findConnection(hub.db, row.id);
  if (now && now.version > row.version && now.sealedCredentials !== null) return now;
  try {
    assertRefreshed(await lifecycle.refresh(row, { seenVersion: row.version, force: true, minTtlMs: 0 }));
  } catch (error) {
    // Rejected: the refresh has said so of the connection. Not answered: nothing is known.
    hub.log.debug(
      { connectionId: row.id, err: error },
      'no newer token for a call that found its own expired',
    );
    return null;
  }
  const after = await findConnection(hub.db, row.id);
  return after && after.sealedCredentials !== null ? after : null;
}

// A call's answer is a hint; the test is what decides, and once a minute is enough for one set of credentials.
const SUSPECTED_FOR_MS = 60_000;
const suspected = new Set<string>();

/**
 * An endpoint may refuse for reasons of its own, so its word alone does not end a connection: the connection is
 * tested, which asks where the answer is certain and records it as any other test does.
 */
function actUpon({ hub, lifecycle }: ProxyParts, row: ConnectionRow, verdict: Verdict): void {
  if (verdict.kind !== 'credential_revoked' && verdict.kind !== 'credential_expired') return;
  const key = `${row.id}/${row.version}`;
  if (suspected.has(key)) return;
  suspected.add(key);
  setTimeout(() => suspected.delete(key), SUSPECTED_FOR_MS).unref();
  // The caller does not wait for it: the answer is there, and the test goes on durably.
  lifecycle
    .test(row)
    .catch((error: unknown) =>
      hub.log.warn(
        { connectionId: row.id, err: error },
        'a connection whose call was refused could not be tested',
      ),
    );
}
