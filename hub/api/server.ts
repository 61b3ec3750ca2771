/** The HTTP server: what holds for every route, and the routes. */
import cookie from '@fastify/cookie';
import helmet from '@fastify/helmet';
import rateLimit from '@fastify/rate-limit';
import swagger from '@fastify/swagger';
import swaggerUi from '@fastify/swagger-ui';
import { Ajv } from 'ajv';
import addFormats from 'ajv-formats';
import {
  fastify,
  LogController,
  type FastifyBaseLogger,
  type FastifyInstance,
  type FastifyRequest,
} from 'fastify';
import { randomUUID } from 'node:crypto';
import { HubError } from '../errors.ts';
import type { Logger } from '../log.ts';
import { useAudit } from './audit.ts';
import { typed, type ApiContext } from './context.ts';
import { OPENAPI } from './openapi.ts';
import { sendProblem, useProblems } from './problems.ts';
import { connectionIdOf } from './request-facts.ts';
import { useRequestSpans } from './request-spans.ts';
import { addAppRoutes } from './routes/apps.ts';
import { addAuditRoutes } from './routes/audit.ts';
import { addAuthRoutes } from './routes/auth.ts';
import { addBrokerRoutes } from './routes/broker.ts';
import { addClientRoutes } from './routes/clients.ts';
import { addConnectLinkRoutes } from './routes/connect-links.ts';
import { addConnectionRoutes } from './routes/connections.ts';
import { addDebugRoutes } from './routes/debug.ts';
import { addDefinitionRoutes } from './routes/definitions.ts';
import { addEncryptionRoutes } from './routes/encryption.ts';
import { addEventRoutes } from './routes/events.ts';
import { addHealthRoutes } from './routes/health.ts';
import { addIntegrationRoutes } from './routes/integrations.ts';
import { addKeyRoutes } from './routes/keys.ts';
import { addMetrics } from './routes/metrics.ts';
import { addLifecycleRoutes } from './routes/lifecycle.ts';
import { addOAuthRoutes } from './routes/oauth.ts';
import { addPageRoutes } from './routes/page.ts';
import { addProxyRoute } from './routes/proxy.ts';
import { addRequestRoute } from './routes/request.ts';
import { addSignInRoutes } from './routes/sign-in.ts';
import { addTemporalCodecRoute } from './routes/temporal-codec.ts';
import { addTokenRoute } from './routes/token.ts';
import { addUsageRoutes } from './routes/usage.ts';
import { addUserRoutes } from './routes/users.ts';
import { addWebhookRoutes } from './routes/webhooks.ts';
import * as schemas from './schemas.ts';

export type Api = FastifyInstance;

declare module 'fastify' {
  interface FastifyContextConfig {
    /** The route reads its bodies as they come, however long that takes. */
    passesBodies?: boolean;
  }
}

// A connection's config and an app's settings are small; nothing this API takes is larger.
const MAX_BODY_BYTES = 256 * 1024;

export async function buildServer(context: ApiContext): Promise<Api> {
  const logger: FastifyBaseLogger = context.hub.log.child({}, { serializers: LOG_SERIALIZERS });
  const app = fastify({
    loggerInstance: logger,
    genReqId: () => randomUUID(),
    logController: new LogController({ disableRequestLogging: true }),
    // A logger of its own for each request costs as much as its authentication: whoever logs says `reqId`.
    childLoggerFactory: (log) => log,
    bodyLimit: MAX_BODY_BYTES,
    trustProxy: context.config.trustedProxies.length > 0 ? context.config.trustedProxies : false,
    routerOptions: { maxParamLength: 500 },
    forceCloseConnections: 'idle',
    http: timeoutsOf(context.config.durations.request),
    frameworkErrors: (error, request, reply) => void sendProblem(error, request, reply),
  });
  app.decorate('browsers', { accounts: context.accounts, publicUrl: context.config.publicUrl });
  if (context.hub.telemetry.begin) useRequestSpans(app, context.hub.telemetry.begin);
  useStrictBodies(app);
  useEmptyBodies(app);
  usePromptBodies(app, context.config.durations.request);
  useProblems(app);
  useRequestLog(app, context.hub.log);
  app.addHook('onRequest', (request, _reply, done) => {
    request.arrivedAt = Date.now();
    done(/%00|\0/.test(request.url) ? new HubError('VALIDATION_FAILED', { detail: NO_NUL }) : undefined);
  });

  await app.register(helmet, {
    global: false,
    contentSecurityPolicy: PAGE_POLICY,
    xFrameOptions: { action: 'deny' },
    hsts: context.config.publicUrl.startsWith('https:'),
  });
  useSecurityHeaders(app);
  await app.register(cookie);
  await app.register(rateLimit, { global: false, keyGenerator: whoPays, hook: 'preHandler' });
  useAudit(app, context.hub.db);
  await app.register(swagger, OPENAPI);
  await app.register(swaggerUi, { routePrefix: '/docs' });
  for (const schema of [schemas.Problem]) app.addSchema(schema);

  // On the server itself: it looks at every route that comes after it.
  addMetrics(typed(app), context);
  app.get('/openapi.json', { schema: { hide: true } }, () => app.swagger());
  for (const add of [
    addHealthRoutes,
    addIntegrationRoutes,
    addDefinitionRoutes,
    addAppRoutes,
    addAuditRoutes,
    addConnectionRoutes,
    addLifecycleRoutes,
    addTokenRoute,
    addProxyRoute,
    addRequestRoute,
    addDebugRoutes,
    addKeyRoutes,
    addEncryptionRoutes,
    addEventRoutes,
    addWebhookRoutes,
    addOAuthRoutes,
    addClientRoutes,
    addBrokerRoutes,
    addAuthRoutes,
    addSignInRoutes,
    addUsageRoutes,
    addUserRoutes,
    addConnectLinkRoutes,
    addTemporalCodecRoute,
    addPageRoutes,
  ])
    await app.register((instance, _options, done) => {
      add(typed(instance), context);
      done();
    });
  return app;
}

/**
 * One line for each request where Fastify writes two. Its fields are chosen by the serializers, so the log's
 * redaction, which looks everywhere in what it is given, is left out: it takes as long as the decryption of a token.
 */
function useRequestLog(app: FastifyInstance, log: Logger): void {
  const lines = log.child({}, { serializers: LOG_SERIALIZERS, redact: [] });
  app.addHook('onResponse', (request, reply, done) => {
    // Routes that are asked all day by machines say so.
    if (!request.routeOptions.logLevel)
      lines.info(
        { reqId: request.id, req: request, res: reply, responseTime: reply.elapsedTime },
        'request completed',
      );
    done();
  });
}

/** The same on every answer, so helmet writes them once: it would put each together anew for every request. */
function useSecurityHeaders(app: FastifyInstance): void {
  let written: [string, string][] | null = null;
  app.addHook('onRequest', (_request, reply, done) => {
    if (written === null) {
      void reply.helmet();
      written = Object.entries(reply.raw.getHeaders()).map(([name, value]) => [name, String(value)]);
    } else for (const [name, value] of written) reply.raw.setHeader(name, value);
    done();
  });
  // What the API tells is somebody's; a provider's answer is kept or not as the provider says.
  app.addHook('onSend', (request, reply, payload, done) => {
    const isOwn = request.url.startsWith('/api/') && !request.routeOptions.config.passesBodies;
    if (isOwn && !reply.hasHeader('cache-control')) void reply.header('cache-control', 'no-store');
    done(null, payload);
  });
}

/** Whoever sends headers byte by byte is cut off, and idle connections are looked at often enough for that. */
const timeoutsOf = (ms: number) => ({
  headersTimeout: ms,
  connectionsCheckingInterval: Math.min(30_000, Math.ceil(ms / 2)),
});

/**
 * The same for bodies, but for those that are passed on as they come: how long an upload takes is nobody's business
 * (`routes/proxy.ts` ends those that fall silent). Node's own limit knows no such difference.
 */
function usePromptBodies(app: FastifyInstance, ms: number): void {
  app.addHook('preParsing', ({ raw, headers, routeOptions }, _reply, payload, done) => {
    // RFC 9112 §6.3: without either header there is no body, and nothing would say that it has ended.
    const hasBody = headers['content-length'] !== undefined || headers['transfer-encoding'] !== undefined;
    if (hasBody && !routeOptions.config.passesBodies) {
      const timer = setTimeout(() => raw.destroy(), ms);
      for (const end of ['end', 'close', 'error']) payload.once(end, () => clearTimeout(timer));
    }
    done(null, payload);
  });
}

/** Costly calls are counted per key, or per address where there is none. */
const whoPays = (request: FastifyRequest) =>
  request.caller ? `${request.caller.via}:${request.caller.id}` : `ip:${request.ip}`;

// PostgreSQL keeps no text with a NUL in it, and no half of a surrogate pair in its jsonb.
const NO_NUL = 'a NUL character is part of no text here';
const NOT_TEXT = 'a NUL character, or half of a surrogate pair, is part of no text here';
// What is nested some thousands deep is read, and then copied or written by functions that call themselves.
const MOST_DEPTH = 100;
const TOO_DEEP = `nested deeper than ${MOST_DEPTH} levels`;
const MAYBE_NOT_TEXT = /\\u(0000|d[89a-f])/i;

/** No body, and one of no length, are an empty object: then every field that is missing is named. */
function useEmptyBodies(app: FastifyInstance): void {
  app.removeContentTypeParser('text/plain');
  const parse = app.getDefaultJsonParser('error', 'error');
  app.addContentTypeParser('application/json', { parseAs: 'string' }, (request, body, done) => {
    if (body === '') done(null, {});
    else
      void parse(request, body as string, (error, parsed) => {
        const detail = error ? null : problemWith(body as string, parsed);
        done(detail === null ? error : new HubError('VALIDATION_FAILED', { detail }), parsed);
      });
  });
  app.addHook('preValidation', (request, _reply, done) => {
    if (request.routeOptions.schema?.body !== undefined) request.body ??= {};
    done();
  });
}

function problemWith(text: string, parsed: unknown): string | null {
  if (MAYBE_NOT_TEXT.test(text) && !isAllText(parsed)) return NOT_TEXT;
  return text.split(/[[{]/, MOST_DEPTH + 2).length > MOST_DEPTH + 1 && isDeep(parsed) ? TOO_DEEP : null;
}

/** Level by level, without recursion. */
function isDeep(body: unknown): boolean {
  let level = [body];
  for (let depth = 0; level.length > 0; depth++) {
    if (depth > MOST_DEPTH) return true;
    level = level.flatMap((one): unknown[] =>
      typeof one === 'object' && one !== null ? Object.values(one) : [],
    );
  }
  return false;
}

/** Names and values, without recursion: what comes may be nested deeper than the stack. */
function isAllText(body: unknown): boolean {
  const parts = [body];
  for (const part of parts) {
    if (typeof part === 'string' && (part.includes('\0') || !part.isWellFormed())) return false;
    if (typeof part !== 'object' || part === null) continue;
    for (const [name, value] of Object.entries(part)) parts.push(name, value);
  }
  return true;
}

/** Bodies are taken as they are: no field is dropped, no "5" becomes 5. Addresses are text, so there it does. */
function useStrictBodies(app: FastifyInstance): void {
  const options = { allErrors: true, useDefaults: true, removeAdditional: false, strict: false };
  const strict = new Ajv({ ...options, coerceTypes: false });
  const coercing = new Ajv({ ...options, coerceTypes: true });
  for (const ajv of [strict, coercing]) addFormats.default(ajv);
  app.setValidatorCompiler(({ schema, httpPart }) =>
    (httpPart === 'body' ? strict : coercing).compile(schema as object),
  );
}

/** Route patterns and statuses; never a query (codes, states), a ticket, a header or a body. */
const LOG_SERIALIZERS = {
  req: (request: FastifyRequest) => ({
    method: request.method,
    route: request.routeOptions?.url ?? 'none',
    connectionId: connectionIdOf(request),
  }),
  res: (reply: { statusCode: number }) => ({ statusCode: reply.statusCode }),
};

const PAGE_POLICY = {
  useDefaults: false,
  directives: {
    defaultSrc: ["'none'"],
    styleSrc: ["'self'"],
    scriptSrc: ["'self'"],
    imgSrc: ["'self'", 'data:'],
    connectSrc: ["'self'"],
    fontSrc: ["'self'"],
    formAction: ["'self'"],
    frameAncestors: ["'none'"],
    baseUri: ["'none'"],
  },
};
