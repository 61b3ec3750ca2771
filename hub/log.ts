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
  // Not waited for: whoever reads the log slowly would keep every request waiting. At exit the rest is written.
  return pino(options, destination ?? pino.destination({ dest: 1, sync: false }));
}

/** A failed query's message ends with what was to be written: names, configurations, envelopes. The log needs none of it. */
function withoutParameters(error: Error): object {
  const serialized = stdSerializers.err(error);
  // Up to the next frame of the stack, or the end: a value may have several lines.
  const cut = (text: string) => text.replaceAll(/\nparams: [^]*?(?=\n {4}at |$)/g, '');
  const { params: _params, ...rest } = serialized as typeof serialized & { params?: unknown };
  return { ...rest, message: cut(serialized.message), stack: cut(serialized.stack) };
}
