/** Our errors as Temporal's: a code as the type, and nothing that could hold a secret. */
import { ApplicationFailure, CancelledFailure } from '@temporalio/common';
import type { ActivityInboundCallsInterceptor, ActivityInterceptorsFactory } from '@temporalio/worker';
import { isDatabaseFailure } from '../database/database.ts';
import { HubError } from '../errors.ts';
import type { Logger } from '../log.ts';

/** A `HubError` that is not worth repeating ends the activity; everything else is repeated by its policy. */
export function toApplicationFailure(error: unknown): Error {
  if (error instanceof ApplicationFailure || error instanceof CancelledFailure) return error;
  if (error instanceof HubError)
    return ApplicationFailure.create({
      type: error.code,
      message: error.message,
      nonRetryable: !error.retry,
    });
  if (isDatabaseFailure(error))
    return ApplicationFailure.create({
      type: 'DATABASE_UNAVAILABLE',
      message: 'The database does not answer.',
    });
  // A foreign message may quote what it choked on, so only its kind is told; the worker's log has the rest.
  const kind = error instanceof Error ? error.name : typeof error;
  return ApplicationFailure.create({
    type: 'INTERNAL',
    message: `The hub failed (${kind}); the worker's log says why.`,
  });
}

/** The error's own kind, as an API caller is told it. */
export function fromFailure(failure: unknown): HubError | null {
  for (let cause: unknown = failure; cause instanceof Error; cause = cause.cause)
    if (cause instanceof ApplicationFailure && cause.type)
      return new HubError(cause.type as HubError['code']);
  return null;
}

export function failureInterceptor(log: Logger): ActivityInterceptorsFactory {
  return (context) => {
    const inbound: ActivityInboundCallsInterceptor = {
      async execute(input, next) {
        try {
          return await next(input);
        } catch (error) {
          const { activityType, workflowExecution, attempt } = context.info;
          if (!(error instanceof CancelledFailure))
            log.warn(
              { err: error, activityType, workflowId: workflowExecution?.workflowId, attempt },
              'activity failed',
            );
          throw toApplicationFailure(error);
        }
      },
    };
    return { inbound };
  };
}
