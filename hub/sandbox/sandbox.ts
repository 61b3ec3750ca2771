/**
 * The sandbox: stand-ins for every provider on one port, each under `/<integrationId>/…`, for first runs,
 * demos and tests. It accepts anybody, so it listens on this machine only and never runs in production.
 *
 * It knows the providers from their documentation and nothing of the hub: an independent judge of it.
 */
import { lookup } from 'node:dns/promises';
import type { AddressInfo } from 'node:net';
import Fastify, { type FastifyInstance, type FastifyReply, type FastifyRequest } from 'fastify';
import { answerByScript, answerCall } from './api.ts';
import { answerAuthorize, type ConsentMode } from './authorize.ts';
import { controlRoutes } from './control.ts';
import { openDatabase } from './database.ts';
import { indexPage } from './index-page.ts';
import { askedOf } from './asked.ts';
import { send } from './misbehave.ts';
import { readStandIns } from './providers.ts';
import { run, type Running } from './running.ts';
import { answerTokenRequest } from './token-endpoint.ts';

export type SandboxOptions = {
  /** 0: a free one. */
  port: number;
  host?: string;
  consent: ConsentMode;
  /** Where grants outlive a restart; null or absent: in memory. */
  stateFile?: string | null;
  /** Redirect URIs taken beside those of this machine, to the letter. */
  redirectUris?: readonly string[];
  log?: (line: string) => void;
};

/** As `PUT /api/integrations/:id/app` takes it. */
export type SandboxApp = {
  integrationId: string;
  clientId: string;
  clientSecret: string;
  settings?: Record<string, unknown>;
  endpoints: {
    authorizeUrl: string;
    tokenUrl: string;
    revokeUrl?: string;
    apiBaseUrl?: string;
    probeUrl?: string;
  };
};

export type Sandbox = {
  url: string;
  port: number;
  apps: () => SandboxApp[];
  /** The key made by hand of each stand-in that has one. */
  staticKeys: () => { [integrationId: string]: string };
  close: () => Promise<void>;
};

const BODY_LIMIT = 16 * 1024 * 1024;

export async function startSandbox(options: SandboxOptions): Promise<Sandbox> {
  const { host = '127.0.0.1', port, stateFile = null, log = () => undefined } = options;
  const db = openDatabase(stateFile);
  let url = '';
  const running = new Map<string, Running>();
  for (const standIn of await readStandIns())
    running.set(
      standIn.id,
      run(standIn, db, () => url),
    );
  const apps = () => [...running.values()].map(appOf);

  try {
    const { app, ...bound } = await listen(() => createServer(options, running, apps), port, host);
    url = `http://${bound.host}:${bound.port}`;
    log(`Sandbox of stand-in providers at ${url}`);
    return {
      url,
      port: bound.port,
      apps,
      staticKeys: () =>
        Object.fromEntries(
          [...running].flatMap(([id, { staticKey }]) => (staticKey ? [[id, staticKey]] : [])),
        ),
      async close() {
        for (const one of running.values()) one.gate.release();
        await app.close();
        db.close();
      },
    };
  } catch (error) {
    db.close();
    throw error;
  }
}

function createServer(
  { consent, redirectUris = [], host = '127.0.0.1' }: SandboxOptions,
  running: ReadonlyMap<string, Running>,
  apps: () => SandboxApp[],
): FastifyInstance {
  const app = Fastify({
    // Requests that a switch keeps hanging must not keep the sandbox from closing.
    forceCloseConnections: true,
    bodyLimit: BODY_LIMIT,
    routerOptions: { maxParamLength: 4096 },
    ajv: { customOptions: { removeAdditional: false, coerceTypes: false, allErrors: true } },
  });
  if (host === '127.0.0.1' || host === 'localhost') app.addHook('onRequest', refuseForeignNames);
  app.get('/', (_request, reply) => send(reply, indexPage([...running.values()])));
  app.register(
    async (control) => {
      control.addHook('onRequest', refuseForeignPages);
      controlRoutes(control, { running, apps });
    },
    { prefix: '/_sandbox' },
  );
  for (const one of running.values())
    app.register(async (routes) => standInRoutes(routes, one, { consent, redirectUris }), {
      prefix: `/${one.standIn.id}`,
    });
  return app;
}

function standInRoutes(
  app: FastifyInstance,
  running: Running,
  settings: { consent: ConsentMode; redirectUris: readonly string[] },
): void {
  const { authorize, token, api } = running.standIn;
  // Another origin of the same sandbox: whoever follows with credentials has given them away.
  const elsewhere = () => running.base().replace('//localhost:', '//127.0.0.1:') + '/_elsewhere';
  app.removeAllContentTypeParsers();
  app.addContentTypeParser('*', { parseAs: 'buffer' }, (_request, body, done) => done(null, body));

  for (const method of ['GET', 'POST'] as const)
    app.route({
      method,
      url: authorize.path,
      handler: async (request, reply) => {
        await answerAuthorize(running, request, reply, { ...settings, elsewhere: elsewhere() });
        return reply;
      },
    });
  for (const url of [token.path, ...(token.aliases ?? [])])
    app.route({
      method: token.byQuery ? ['GET', 'POST'] : 'POST',
      url,
      handler: async (request, reply) => {
        await answerTokenRequest(running, request, reply, elsewhere());
        return reply;
      },
    });
  for (const [index, call] of running.calls().entries())
    app.route({
      method: call.method,
      url: call.path,
      exposeHeadRoute: false,
      handler: async (request, reply) => {
        await answerCall(running, index, request, reply, elsewhere());
        return reply;
      },
    });

  app.all('/_elsewhere', (request, reply) => {
    const { authorization, cookie } = request.headers;
    running.ledger.strayed(authorization !== undefined || cookie !== undefined || request.body !== undefined);
    return reply.code(200).send({});
  });
  const scripted = async (request: FastifyRequest, reply: FastifyReply) =>
    answerByScript(running, request, reply) ? reply : undefined;
  app.addHook('preHandler', scripted);
  app.setNotFoundHandler((request, reply) => {
    send(
      reply,
      api.refuse(
        { kind: 'not_found' },
        askedOf(request, { appSecret: running.clientSecret, random: running.random }),
      ),
    );
  });
}

/** A page of elsewhere whose name was made to point here (DNS rebinding) sends its own name along. */
async function refuseForeignNames({ hostname }: FastifyRequest): Promise<void> {
  if (/^(localhost|127(\.\d+){3}|\[?::1\]?)$/.test(hostname)) return;
  throw Object.assign(new Error('The sandbox answers to localhost only.'), { statusCode: 421 });
}

async function refuseForeignPages({ headers }: FastifyRequest): Promise<void> {
  if (!['cross-site', 'same-site'].includes(String(headers['sec-fetch-site']))) return;
  throw Object.assign(new Error('A page of another site may not switch.'), { statusCode: 403 });
}

/**
 * `localhost` may be ::1 to one client and 127.0.0.1 to another, so both are listened on: a stranger on one of
 * them would be handed what is meant for the sandbox.
 */
async function listen(
  create: () => FastifyInstance,
  port: number,
  host: string,
): Promise<{ app: FastifyInstance; host: string; port: number }> {
  const loopback = host === '127.0.0.1' || host === 'localhost';
  const names = loopback ? await lookup('localhost', { all: true }) : [];
  for (let attemptsLeft = port === 0 ? 5 : 1; ; attemptsLeft--) {
    const app = create();
    await app.listen({ port, host: loopback ? 'localhost' : host });
    const addresses = app.addresses() as AddressInfo[];
    const bound = addresses[0]?.port ?? port;
    const missing = names.find(({ address }) => !addresses.some((one) => one.address === address));
    if (!missing) return { app, host: loopback ? 'localhost' : host, port: bound };
    await app.close();
    if (attemptsLeft <= 1) throw new Error(`port ${bound} is taken on ${missing.address}`);
  }
}

function appOf({ standIn, clientId, clientSecret, staticKey, random, base }: Running): SandboxApp {
  const at = (path: string) => base() + path;
  const { revoke, apiBase } = standIn.endpoints;
  const settings = standIn.settings?.({ staticKey, random });
  return {
    integrationId: standIn.id,
    clientId,
    clientSecret,
    ...(settings && { settings }),
    endpoints: {
      authorizeUrl: at(standIn.authorize.path),
      tokenUrl: at(standIn.token.path),
      ...(revoke !== undefined && { revokeUrl: at(revoke) }),
      ...(apiBase !== undefined && { apiBaseUrl: at(apiBase) }),
    },
  };
}
