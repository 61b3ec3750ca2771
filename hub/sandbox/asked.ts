/** A request read into the plain values that stand-ins look at. Bodies arrive unparsed: a provider judges them itself. */
import type { FastifyRequest } from 'fastify';
import type { Asked, Params } from './stand-in.ts';

export function askedOf(request: FastifyRequest, own: Pick<Asked, 'appSecret' | 'random'>): Asked {
  return {
    method: request.method,
    path: request.url.split('?', 1)[0] ?? '',
    headers: request.headers,
    query: queryOf(request),
    form: formOf(request),
    ...own,
  };
}

export function queryOf(request: FastifyRequest): Params {
  return paramsOf(new URLSearchParams(request.url.split('?').slice(1).join('?')));
}

export function formOf(request: FastifyRequest): Params {
  return isForm(request) ? paramsOf(new URLSearchParams(bodyOf(request).toString('utf8'))) : {};
}

export function isForm(request: FastifyRequest): boolean {
  return /^application\/x-www-form-urlencoded\b/i.test(request.headers['content-type'] ?? '');
}

/** RFC 6749 §3.1: a parameter must not come twice. */
export function repeated(parameters: URLSearchParams): string | null {
  const names = [...parameters.keys()];
  return names.find((name, index) => names.indexOf(name) !== index) ?? null;
}

/** Undefined: it says it is JSON and is not. */
export function jsonOf(request: FastifyRequest): Record<string, unknown> | undefined {
  if (!/\bjson\b/i.test(request.headers['content-type'] ?? '') || bodyOf(request).length === 0) return {};
  try {
    const value: unknown = JSON.parse(bodyOf(request).toString('utf8'));
    return typeof value === 'object' && value !== null ? (value as Record<string, unknown>) : {};
  } catch {
    return undefined;
  }
}

export function bodyOf(request: FastifyRequest): Buffer {
  return Buffer.isBuffer(request.body) ? request.body : Buffer.alloc(0);
}

export function bearerOf(headers: Asked['headers']): { token: string; scheme: string } | null {
  const [, scheme, token] = /^(\S+)\s+(\S+)$/.exec(headers.authorization ?? '') ?? [];
  return scheme && token ? { scheme, token } : null;
}

function paramsOf(parameters: URLSearchParams): Params {
  // Without a prototype: a parameter may be called `constructor`.
  return Object.assign(Object.create(null), Object.fromEntries(parameters)) as Params;
}
