import type { Logger } from '../log.ts';

/** The lines of Temporal's SDK, in the hub's log. */
export function sdkLogger(log: Logger) {
  const write = (level: 'trace' | 'debug' | 'info' | 'warn' | 'error') => (message: string, meta?: object) =>
    log[level]({ ...pick(meta) }, message);
  // The SDK's info is about workers starting and webpack; a healthy hub says that itself.
  const quiet = write('debug');
  return {
    log: (level: string, message: string, meta?: object) =>
      (level === 'WARN' || level === 'ERROR' ? write('warn') : quiet)(message, meta),
    trace: write('trace'),
    debug: quiet,
    info: quiet,
    warn: write('warn'),
    error: write('error'),
  };
}

const KEPT = ['workflowId', 'runId', 'activityType', 'workflowType', 'taskQueue', 'attempt', 'error'];
const pick = (meta: object = {}) =>
  Object.fromEntries(Object.entries(meta).filter(([name]) => KEPT.includes(name)));
