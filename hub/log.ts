/**
 * Structured logs. What is logged is chosen, not filtered: ids and facts. The redaction below is the
 * second wall, for an object that reaches the log whole.
 */
import { pino, stdSerializers, type DestinationStream, type Logger, type LoggerOptions } from 'pino';
import type { Config } from './config.ts';

export type { Logger } from 'pino';

const SECRET_FIELDS = [
  'accessToken',
  'access_token',
  'refreshToken',
  'refresh_token',
  'apiKey',
  'clientSecret',
  'client_secret',
  'code_verifier',
  'codeVerifier',
  'password',
  'authorization',
  'cookie',
  'credentials',
  'key',
  'token',
];

/**
 * Not waited for: whoever reads the log slowly would keep every request waiting. Written together: a line by itself
 * costs a request as much as its answer does on the socket. A process that is killed loses what came within `periodicFlush`
 * milliseconds; one that ends otherwise, by whatever error, writes the rest.
 */
const STDOUT = { dest: 1, sync: false, minLength: 16_000, periodicFlush: 100 };

/** @param destination stdout, unless a test wants to read along */
export function createLogger(
  level: Config['logLevel'],
  bindings: Record<string, unknown> = {},
  destination?: DestinationStream,
): Logger {
  const options: LoggerOptions = {
    level,
    base: bindings,
    timestamp: pino.stdTimeFunctions.isoTime,
    serializers: { err: withoutParameters },
    redact: {
      paths: SECRET_FIELDS.flatMap((name) => [name, `*.${name}`, `*.*.${name}`, `*.headers["${name}"]`]),
      censor: '[redacted]',
    },
  };
  return pino(options, destination ?? pino.destination(STDOUT));
}

/** A failed query's message ends with what was to be written: names, configurations, envelopes. The log needs none of it. */
function withoutParameters(error: Error): object {
  const serialized = stdSerializers.err(error);
  // Up to the next frame of the stack, or the end: a value may have several lines.
  const cut = (text: string) => text.replaceAll(/\nparams: [^]*?(?=\n {4}at |$)/g, '');
  const { params: _params, ...rest } = serialized as typeof serialized & { params?: unknown };
  return { ...rest, message: cut(serialized.message), stack: cut(serialized.stack) };
}
