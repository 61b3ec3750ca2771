/** Errors as problem documents (RFC 9457). The only place where an error becomes an answer. */
import type { FastifyError, FastifyInstance, FastifyReply, FastifyRequest } from 'fastify';
import { isDatabaseFailure } from '../database/database.ts';
import { ERRORS, HubError, type FieldError } from '../errors.ts';

export type Problem = {
  type: string;
  title: string;
  status: number;
  detail: string;
  code: string;
  instance: string;
  errors?: FieldError[];
};

export function useProblems(app: FastifyInstance): void {
  app.setErrorHandler(sendProblem);
  app.setNotFoundHandler((request, reply) => send(request, reply, new HubError('NOT_FOUND')));
}

/** Also for what Fastify refuses before there is a route. */
export function sendProblem(error: FastifyError, request: FastifyRequest, reply: FastifyReply): FastifyReply {
  return send(request, reply, toHubError(error));
}

function send(request: FastifyRequest, reply: FastifyReply, error: HubError): FastifyReply {
  if (error.status >= 500)
    request.log.warn({ reqId: request.id, err: error, code: error.code }, 'request failed');
  if (error.code === 'UNAUTHENTICATED') reply.header('www-authenticate', 'Bearer');
  if (error.retryAfterMs !== undefined)
    reply.header('retry-after', Math.max(1, Math.ceil(error.retryAfterMs / 1000)));
  // Where the hub answers in a provider's place, this tells the two apart.
  reply.header('hub-problem', error.code);
  return reply.status(error.status).type('application/problem+json').send(problemOf(error, request.id));
}

// A body of 256 KiB holds 120,000 faults, and an answer that told them all would be 41 MB, to whoever asks.
const MOST_FAULTS = 50;

/** `instance` names this very occurrence; the log has it as `reqId`. */
function problemOf(error: HubError, requestId: string): Problem {
  const { errors = [], detail = ERRORS[error.code].title } = error;
  const isCut = errors.length > MOST_FAULTS;
  return {
    type: `urn:integration-hub:problem:${error.code.toLowerCase().replaceAll('_', '-')}`,
    title: ERRORS[error.code].title,
    status: error.status,
    detail: isCut ? `${errors.length} faults; errors has the first ${MOST_FAULTS}` : detail,
    code: error.code,
    instance: `urn:uuid:${requestId}`,
    ...(error.errors ? { errors: errors.slice(0, MOST_FAULTS) } : {}),
  };
}

/** Fastify's own errors by their codes; what nobody foresaw is INTERNAL and says nothing of itself. */
function toHubError(error: FastifyError): HubError {
  if (error instanceof HubError) return error;
  if (error.validation)
    return new HubError('VALIDATION_FAILED', { errors: fieldErrors(error), detail: 'see errors' });
  switch (error.code) {
    case 'FST_ERR_CTP_BODY_TOO_LARGE':
      return new HubError('PAYLOAD_TOO_LARGE');
    case 'FST_ERR_MAX_PARAM_LENGTH':
      return new HubError('NOT_FOUND');
    case 'FST_ERR_CTP_INVALID_MEDIA_TYPE':
      return new HubError('UNSUPPORTED_MEDIA_TYPE');
    case 'FST_ERR_CTP_EMPTY_JSON_BODY':
    case 'FST_ERR_CTP_INVALID_JSON_BODY':
    case 'FST_ERR_CTP_INVALID_CONTENT_LENGTH':
      return new HubError('MALFORMED_JSON');
    default:
  }
  if (error instanceof SyntaxError && error.statusCode === 400) return new HubError('MALFORMED_JSON');
  if (error.statusCode === 429) return new HubError('RATE_LIMITED');
  if (isDatabaseFailure(error)) return new HubError('DATABASE_UNAVAILABLE', { cause: error });
  if (error.statusCode !== undefined && error.statusCode >= 400 && error.statusCode < 500)
    return new HubError('VALIDATION_FAILED', { detail: 'the request is malformed' });
  return new HubError('INTERNAL', { cause: error });
}

function fieldErrors(error: FastifyError): FieldError[] {
  const part = error.validationContext === 'body' ? '' : `/${error.validationContext ?? 'request'}`;
  return (error.validation ?? []).map(({ instancePath, params, message = 'is not valid', keyword }) => {
    const { missingProperty, additionalProperty, allowedValues } = params;
    if (typeof missingProperty === 'string')
      return { path: `${part}${instancePath}/${missingProperty}`, message: 'is required' };
    if (typeof additionalProperty === 'string')
      return {
        path: `${part}${instancePath}/${additionalProperty}`,
        message: 'is not a field that this address knows',
      };
    if (keyword === 'enum' && Array.isArray(allowedValues))
      return { path: part + instancePath, message: `must be one of ${allowedValues.join(', ')}` };
    return { path: part + instancePath, message };
  });
}
