/**
 * The one way out. Every request of the hub to somebody else goes through here: addresses checked,
 * credentials only to hosts that were named for them, no redirects, a timeout over the whole exchange,
 * a cap on the answer.
 */
import { request } from 'undici';
import type { OutgoingRequest } from '../../integrations/definition/integration.ts';
import { assertUrlAllowed } from './address.ts';
import { createAgent } from './agent.ts';
import { expectDeparture, seeDeparture, type Departure } from './departure.ts';
import { describe, whyRefused, type Outcome } from './outcome.ts';
import type { Stopwatch } from './stopwatch.ts';
import { OFF, type ProviderRequest, type Telemetry } from '../telemetry/telemetry.ts';
import { createStreams, type StreamOptions, type StreamOutcome, type StreamRequest } from './stream.ts';

/** Whoever wants to see what is on the wire. */
export type Watched = {
  stopwatch: Stopwatch;
  sent: (request: { method: string; url: string; headers: Record<string, string>; body: string }) => void;
  answered: (answer: { status: number; headers: Record<string, string>; body: string }) => void;
};

export type Egress = {
  /**
   * @param hosts where this request's credentials may go: host patterns, or origins (`http://localhost:3001`)
   * @param timeoutMs over everything: connecting, sending, the last byte of the answer
   * @param sendWithinMs until the first byte goes out; what waits for a connection for longer is never sent
   */
  send: (
    outgoing: OutgoingRequest,
    options: {
      hosts: readonly string[];
      timeoutMs?: number;
      sendWithinMs?: number;
      watched?: Watched | undefined;
      about?: ProviderRequest;
    },
  ) => Promise<Outcome>;
  /** The same for requests and answers of any length; the answer's body is read by the asker. */
  stream: (request: StreamRequest, options: StreamOptions) => Promise<StreamOutcome>;
  assertAllowed: (url: string) => void;
  /** Answers to `send` are waited for no longer. */
  giveUp: () => void;
  close: () => Promise<void>;
};

type Settings = {
  allowPrivateNetwork: boolean;
  timeoutMs: number;
  maxAnswerBytes?: number;
  telemetry?: Pick<Telemetry, 'providerCall'>;
};

// No token answer or probe is anywhere near it; what is longer is not what was asked for.
const MAX_ANSWER_BYTES = 2 * 1024 * 1024;

export function createEgress(settings: Settings): Egress {
  const { allowPrivateNetwork, maxAnswerBytes = MAX_ANSWER_BYTES, telemetry = OFF } = settings;
  const agent = createAgent(allowPrivateNetwork, 64);
  const dispatcher = agent.compose(seeDeparture);
  const out = new Set<Departure>();
  const streams = createStreams(allowPrivateNetwork);

  const send = async (
    url: URL,
    outgoing: OutgoingRequest,
    {
      hosts,
      timeoutMs = settings.timeoutMs,
      sendWithinMs = timeoutMs,
      watched,
    }: Parameters<Egress['send']>[1],
  ): Promise<Outcome> => {
    const refusal = whyRefused(url, hosts, allowPrivateNetwork);
    if (refusal) return { kind: 'refused', why: refusal };
    const started = performance.now();
    const departure = expectDeparture({ sendWithinMs, timeoutMs });
    out.add(departure);
    const { method } = outgoing;
    const content = contentOf(outgoing);
    watched?.sent({ method, url: url.href, headers: content.headers, body: content.body ?? '' });
    const timeouts = { signal: departure.signal, headersTimeout: timeoutMs, bodyTimeout: timeoutMs };
    const options = { dispatcher, method, departure, ...timeouts, ...content };
    const ask = () => request(url, options);
    try {
      const response = await Promise.race([watched?.stopwatch.around(ask) ?? ask(), departure.missed]);
      const text = await readCapped(response.body, maxAnswerBytes);
      const headers = flatten(response.headers);
      watched?.answered({ status: response.statusCode, headers, body: text });
      const answer = { status: response.statusCode, headers, body: parse(text) };
      return { kind: 'answered', answer, ms: Math.round(performance.now() - started) };
    } catch (error) {
      const became = describe(error, departure.timedOut());
      return became.kind === 'unknown' && !departure.happened() ? { ...became, kind: 'unsent' } : became;
    } finally {
      departure.forget();
      out.delete(departure);
    }
  };

  return {
    send(outgoing, options) {
      const url = withQuery(outgoing);
      const call = {
        method: outgoing.method,
        origin: url.origin,
        target: url.pathname,
        about: options.about,
      };
      return telemetry.providerCall(call, () => send(url, outgoing, options));
    },
    stream: (request, options) =>
      telemetry.providerCall({ ...request, about: options.about }, () => streams.stream(request, options)),
    assertAllowed: (url) => assertUrlAllowed(new URL(url), allowPrivateNetwork),
    giveUp() {
      for (const departure of out) departure.giveUp();
    },
    close: async () => void (await Promise.all([agent.close(), streams.close()])),
  };
}

/** The address that is asked. */
export function withQuery(outgoing: OutgoingRequest): URL {
  const url = new URL(outgoing.url);
  for (const [name, value] of Object.entries(outgoing.query ?? {})) url.searchParams.set(name, value);
  return url;
}

/** Headers and body as they are sent. */
export function contentOf(outgoing: OutgoingRequest): { headers: Record<string, string>; body?: string } {
  const headers: Record<string, string> = {
    accept: 'application/json',
    'user-agent': 'IntegrationHub/1',
    ...lowerCased(outgoing.headers ?? {}),
  };
  if (outgoing.form) {
    const body = new URLSearchParams(outgoing.form).toString();
    return { headers: { 'content-type': 'application/x-www-form-urlencoded', ...headers }, body };
  }
  if (outgoing.json !== undefined)
    return {
      headers: { 'content-type': 'application/json', ...headers },
      body: JSON.stringify(outgoing.json),
    };
  return { headers };
}

async function readCapped(
  body: AsyncIterable<Buffer> & { destroy: () => unknown },
  most: number,
): Promise<string> {
  const chunks: Buffer[] = [];
  let length = 0;
  for await (const chunk of body) {
    length += chunk.length;
    if (length > most) {
      body.destroy();
      throw Object.assign(new Error(`the answer is longer than ${most} bytes`), { code: 'ANSWER_TOO_LONG' });
    }
    chunks.push(chunk);
  }
  return Buffer.concat(chunks).toString('utf8');
}

function flatten(headers: Record<string, string | string[] | undefined>): Record<string, string> {
  return Object.fromEntries(
    Object.entries(headers).map(([name, value]) => [
      name.toLowerCase(),
      Array.isArray(value) ? value.join(', ') : (value ?? ''),
    ]),
  );
}

const lowerCased = (headers: Record<string, string>) =>
  Object.fromEntries(Object.entries(headers).map(([name, value]) => [name.toLowerCase(), value]));

function parse(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    return text;
  }
}
