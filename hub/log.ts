/**
 * Structured logs. What is logged is chosen, not filtered: ids and facts. The redaction below is the
 * second wall, for an object that reaches the log whole.
 */
import { pino, type Logger } from 'pino';
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

export function createLogger(level: Config['logLevel'], bindings: Record<string, unknown> = {}): Logger {
  return pino({
    level,
    base: bindings,
    timestamp: pino.stdTimeFunctions.isoTime,
    redact: {
      paths: SECRET_FIELDS.flatMap((name) => [name, `*.${name}`, `*.*.${name}`, `*.headers["${name}"]`]),
      censor: '[redacted]',
    },
  });
}
