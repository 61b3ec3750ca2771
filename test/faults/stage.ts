/**
 * What faults happen to: two APIs, two workers, the sandbox, PostgreSQL and Temporal, processes all of them, and a
 * TCP proxy on every line between two of them.
 */
import { mkdirSync, mkdtempSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { readConfig, type Config } from '../../hub/config.ts';
import { migrateDatabase } from '../../hub/database/migrate.ts';
import { freePort } from '../../hub/embedded/ports.ts';
import { ensureAdminKey } from '../../hub/first-run.ts';
import { generateEncryptionKeys } from '../../hub/vault/keyring.ts';
import { startReceiver, type Receiver } from '../notifications/receiver.ts';
import type { Json } from '../setup/client.ts';
import type { TestEnv } from '../setup/hub.ts';
import { startTcpProxy, type TcpProxy } from '../setup/tcp-proxy.ts';
import { startMember, type Member } from './fleet.ts';
import { startDatabase, startHistory, type Postgres, type Server } from './servers.ts';

export type Stage = {
  folder: string;
  config: Config;
  adminKey: string;
  /** The addresses of the two APIs, and of both together. */
  apiUrls: string[];
  publicUrl: string;
  apis: Member[];
  workers: Member[];
  sandbox: Member;
  sandboxFile: string;
  postgres: Postgres;
  temporal: Server;
  receiver: Receiver;
  webhookUrl: string;
  /** By name: `api-1 to postgres`, `hub to hubspot`. */
  lines: Map<string, TcpProxy>;
  /** The sandbox's switches. */
  control: (method: string, path: string, body?: unknown) => Promise<Json>;
  close: () => Promise<void>;
};

/** Tokens that are spent once, by nature or by a switch of the sandbox, and such that stay. */
export const PROVIDERS = [
  { id: 'gohighlevel', rotation: null, call: null },
  { id: 'discord', rotation: null, call: 'users/@me' },
  { id: 'hubspot', rotation: 'single_use', call: 'account-info/v3/details' },
  { id: 'outlook', rotation: 'single_use', call: 'me' },
  { id: 'gmail', rotation: null, call: 'gmail/v1/users/me/profile' },
] as const;

/** Seconds: renewed 18 to 24 s after their issue. */
export const TOKEN_LIFETIME = 30;

/** Everything that takes minutes in production takes seconds. */
export const PACE = {
  HUB_REFRESH_MARGIN: '10s',
  HUB_SWEEP_INTERVAL: '2s',
  HUB_HEALTH_INTERVAL: '20s',
  HUB_RECONNECT_INITIAL: '500ms',
  HUB_RECONNECT_MAX: '5s',
  HUB_RECONNECT_GIVE_UP: '30m',
  HUB_AUTHORIZATION_TTL: '20s',
  HUB_PROVIDER_TIMEOUT: '4s',
  HUB_REFRESH_LEASE: '9s',
  // Longer than any fault: what a silent line kept back is still listened for when it comes.
  HUB_REFRESH_PATIENCE: '75s',
  HUB_WEBHOOK_TIMEOUT: '4s',
  HUB_WEBHOOK_BACKOFF: Array.from({ length: 200 }, (_, i) => `${Math.min(i + 1, 5)}s`).join(','),
  HUB_REVOCATION_GIVE_UP: '30m',
} satisfies TestEnv;

export async function openStage(say: (line: string) => void): Promise<Stage> {
  const folder = mkdtempSync(path.join(tmpdir(), 'integration-hub-faults-'));
  const logs = path.join(folder, 'logs');
  mkdirSync(logs);
  say(`Logs are in ${logs}`);
  const [postgres, temporal] = await Promise.all([startDatabase(folder, say), startHistory(folder)]);
  await migrateDatabase({ databaseUrl: postgres.url });

  const lines = new Map<string, TcpProxy>();
  const between = async (name: string, port: number) => {
    const line = await startTcpProxy({ host: '127.0.0.1', port });
    lines.set(name, line);
    return line.port;
  };
  const apiPorts = [await freePort(), await freePort()];
  let turn = 0;
  const front = await startTcpProxy(() => ({ host: '127.0.0.1', port: apiPorts[turn++ % 2] ?? 0 }));
  const publicUrl = `http://localhost:${front.port}`;
  const adminKey = `admin-of-the-faults-${crypto.randomUUID()}`;
  const env = {
    DATABASE_URL: postgres.url,
    TEMPORAL_ADDRESS: `127.0.0.1:${temporal.port}`,
    TEMPORAL_TASK_QUEUE: 'faults',
    HUB_PUBLIC_URL: publicUrl,
    HUB_ENCRYPTION_KEYS: generateEncryptionKeys(),
    HUB_ALLOW_PRIVATE_NETWORK: 'on',
    HUB_DATA_DIR: folder,
    HUB_LOG_LEVEL: 'info',
    ...PACE,
  };
  const config = readConfig(env, 'process');
  await ensureAdminKey(config, adminKey);

  const hubMember = async (name: string, command: 'api' | 'worker', own: TestEnv = {}) => {
    const url = new URL(postgres.url);
    url.port = String(await between(`${name} to postgres`, postgres.port));
    const history = `127.0.0.1:${await between(`${name} to temporal`, temporal.port)}`;
    const wired = { ...env, ...own, DATABASE_URL: url.href, TEMPORAL_ADDRESS: history };
    return startMember(name, command, wired, logs);
  };
  const sandboxPort = await freePort();
  const sandboxEnv = {
    HUB_DATA_DIR: folder,
    HUB_SANDBOX_PORT: String(sandboxPort),
    HUB_SANDBOX_CONSENT: 'allow',
  };
  const sandbox = startMember('sandbox', 'sandbox', sandboxEnv, logs);
  const apis = [
    await hubMember('api-1', 'api', { HUB_PORT: String(apiPorts[0]) }),
    await hubMember('api-2', 'api', { HUB_PORT: String(apiPorts[1]) }),
  ];
  const workers = [await hubMember('worker-1', 'worker'), await hubMember('worker-2', 'worker')];
  const receiver = await startReceiver();
  const webhookUrl = new URL(receiver.url);
  webhookUrl.port = String(await between('workers to the webhook', Number(webhookUrl.port)));
  const apiUrls = [];
  for (const [index, port] of apiPorts.entries())
    apiUrls.push(`http://localhost:${await between(`callers to api-${index + 1}`, port)}`);
  const providerLines = new Map<string, number>();
  for (const { id } of PROVIDERS) providerLines.set(id, await between(`hub to ${id}`, sandboxPort));
  await Promise.all([...apis, ...workers, sandbox].map((member) => member.ready()));

  const control: Stage['control'] = async (method, where, body) => {
    const response = await fetch(`http://localhost:${sandboxPort}/_sandbox${where}`, {
      method,
      ...(body === undefined
        ? {}
        : { headers: { 'content-type': 'application/json' }, body: JSON.stringify(body) }),
    });
    if (!response.ok) throw new Error(`${method} ${where}: ${response.status} ${await response.text()}`);
    return response.json();
  };
  await setUpProviders(control, `${apiUrls[0]}/api/integrations`, adminKey, providerLines);

  return {
    ...{ folder, config, adminKey, apiUrls, publicUrl, apis, workers, sandbox, postgres, temporal },
    ...{ receiver, webhookUrl: webhookUrl.href, lines, control },
    sandboxFile: path.join(folder, 'sandbox.db'),
    async close() {
      await Promise.all([...apis, ...workers].map((member) => member.close()));
      await Promise.all([sandbox.close(), receiver.close(), front.close()]);
      await Promise.all([...lines.values()].map((line) => line.close()));
      await Promise.all([temporal.stop(), postgres.stop()]);
    },
  };
}

/** The hub reaches each provider over that provider's line; browsers go to the sandbox itself. */
async function setUpProviders(
  control: Stage['control'],
  url: string,
  adminKey: string,
  ports: Map<string, number>,
): Promise<void> {
  const apps = (await control('GET', '/apps')) as {
    integrationId: string;
    clientId: string;
    clientSecret: string;
    endpoints: Record<string, string>;
  }[];
  for (const { id, rotation } of PROVIDERS) {
    await control('PUT', `/${id}/behaviour`, {
      accessTokenLifetime: TOKEN_LIFETIME,
      ...(rotation === null ? {} : { rotation }),
    });
    const found = apps.find(({ integrationId }) => integrationId === id);
    if (!found) throw new Error(`the sandbox has no ${id}`);
    const { clientId, clientSecret, endpoints } = found;
    const overTheLine = Object.entries(endpoints).map(([name, address]) => {
      const moved = new URL(address);
      if (name !== 'authorizeUrl') moved.port = String(ports.get(id));
      return [name, moved.href];
    });
    const response = await fetch(`${url}/${id}/app`, {
      method: 'PUT',
      headers: { authorization: `Bearer ${adminKey}`, 'content-type': 'application/json' },
      body: JSON.stringify({ clientId, clientSecret, endpoints: Object.fromEntries(overTheLine) }),
    });
    if (!response.ok) throw new Error(`${id}: ${response.status} ${await response.text()}`);
  }
}
