/** How the routes' schemas become /openapi.json. */
import type { FastifyDynamicSwaggerOptions } from '@fastify/swagger';
import type { FastifySchema } from 'fastify';

type Operation = {
  responses?: Record<string, unknown>;
  parameters?: { required?: boolean; schema?: object }[];
  requestBody?: { required?: boolean; content?: { 'application/json'?: { schema?: BodySchema } } };
};
type BodySchema = {
  type?: string;
  required?: string[];
  minProperties?: number;
  properties?: Record<string, object>;
};

/** What the routes' schemas leave out: every error is a problem, and what has a default may be left out. */
function completeOperation(operation: Operation): void {
  operation.responses = {
    ...operation.responses,
    default: {
      description: 'A problem (RFC 9457); branch on its code',
      content: { 'application/problem+json': { schema: { $ref: '#/components/schemas/Problem' } } },
    },
  };
  for (const parameter of operation.parameters ?? [])
    if (parameter.schema && 'default' in parameter.schema) parameter.required = false;
  const body = operation.requestBody;
  const json = body?.content?.['application/json'];
  if (!body || json?.schema?.type !== 'object') return;
  const { required = [], properties = {}, minProperties, ...rest } = json.schema;
  const needed = required.filter((name) => !('default' in (properties[name] ?? {})));
  json.schema = {
    ...rest,
    properties,
    ...(minProperties === undefined ? {} : { minProperties }),
    ...(needed.length > 0 ? { required: needed } : {}),
  };
  body.required = needed.length > 0 || minProperties !== undefined;
}

/** A parameter that is the rest of an address has a name in the document. */
function namedRest({ url, schema }: { url: string; schema: FastifySchema }) {
  const { '*': rest, ...named } =
    (schema?.params as { properties?: Record<string, unknown> })?.properties ?? {};
  if (rest === undefined) return { url, schema };
  const params = {
    type: 'object',
    properties: { ...named, path: rest },
    required: [...Object.keys(named), 'path'],
  };
  return { url: url.replace('*', ':path'), schema: { ...schema, params } };
}

export const OPENAPI: FastifyDynamicSwaggerOptions = {
  transform: namedRest,
  transformObject(given) {
    if (!('openapiObject' in given)) return given.swaggerObject;
    for (const path of Object.values(given.openapiObject.paths ?? {}))
      for (const operation of Object.values(path ?? {})) completeOperation(operation as Operation);
    return given.openapiObject;
  },
  refResolver: {
    buildLocalReference: ({ $id }, _base, _fragment, i) => ($id as string | undefined) ?? `def-${i}`,
  },
  openapi: {
    openapi: '3.1.0',
    info: {
      title: 'Integration Hub',
      version: '1.0.0',
      description:
        'Connections to other people’s APIs that stay connected. Errors are RFC 9457 problem documents.',
    },
    components: {
      securitySchemes: {
        apiKey: { type: 'http' as const, scheme: 'bearer' },
        session: {
          type: 'apiKey' as const,
          in: 'cookie' as const,
          name: 'hub_session',
          description:
            'Of POST /api/auth/sign-in/email; __Host-hub_session where the hub is reached by https',
        },
      },
    },
    security: [{ apiKey: [] }, { session: [] }],
  },
};
