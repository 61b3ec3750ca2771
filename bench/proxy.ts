/** Calls of a provider through the hub, beside a bare proxy to the same provider, and what either adds to a call. */
import { createKey } from '../hub/first-run.ts';
import { load, type Asked, type Load } from './load.ts';
import type { Benchmark } from './main.ts';
import { cpuOf, startApiProcess, startProgram, type Running } from './processes.ts';
import { insertConnections, setUpApp } from './rows.ts';
import type { Stage } from './stage.ts';
import { streaming } from './streaming.ts';
import { median, type Table } from './table.ts';

const CLIENTS = [1, 10, 100];
const CONNECTIONS = 1_000;
const SECONDS = 1.5;
// Of each kind with each server. A hub's code is compiled for its first ten thousands of calls, which cost twice as much
// processor time as those that follow for days.
const WARM_UP_SECONDS = 5;
const AIM = 0.6;

/** Of the hub's lines the first is the one that is compared: nothing but the proxy. */
const DIRECT = 'direct';
const BARE = '@fastify/http-proxy';
const HUB = 'hub';
const INTEGRATIONS: Record<string, string> = {
  [HUB]: 'google-drive',
  // Slack refuses within a 200: every answer is looked into.
  'hub, answers looked into': 'slack',
  // 110 calls in 10 s of one connection: each has its share of the limit from the database first.
  'hub, declared limit': 'hubspot',
};

export type Server = { name: string; running: Running; origin: string; ask: (path: string) => Asked };
type Measured = Load & { cpuMs: number };
type Kind = { name: string; ask: (server: Server) => Asked };

const JSON_BODY = Buffer.from(JSON.stringify({ properties: { note: 'x'.repeat(1000) } }));
const KINDS: Kind[] = [
  { name: 'GET, a small JSON answer', ask: (server) => server.ask('/drive/v3/files?pageSize=10') },
  {
    name: 'POST of 1 kB of JSON',
    ask: (server) => {
      const { path, headers } = server.ask('/drive/v3/files');
      const content = { 'content-type': 'application/json' };
      return { path, headers: { ...headers, ...content }, method: 'POST', body: JSON_BODY };
    },
  },
];

export const proxy: Benchmark = {
  name: 'proxy',
  about: 'calls of a provider through the hub, beside a bare @fastify/http-proxy to the same provider',
  async run(stage, { rounds, answerMs }, say) {
    const { servers, close } = await openServers(stage, answerMs);
    try {
      const measured = new Map<string, Measured[]>();
      for (const server of servers)
        for (const kind of KINDS) await load(server.origin, 100, WARM_UP_SECONDS, () => kind.ask(server));
      for (let round = 1; round <= (rounds ?? 5); round++) {
        for (const kind of KINDS)
          for (const clients of CLIENTS)
            for (const server of servers) {
              const found = await measure(server, clients, () => kind.ask(server));
              const key = keyOf(server.name, kind, clients);
              measured.set(key, [...(measured.get(key) ?? []), found]);
            }
        say(`round ${round}`);
      }
      const of = (name: string, kind: Kind, clients: number) =>
        measured.get(keyOf(name, kind, clients)) ?? [];
      const names = servers.map(({ name }) => name);
      return [
        ...KINDS.flatMap((kind) =>
          CLIENTS.map((clients) => tableOf(kind, clients, names, (name) => of(name, kind, clients))),
        ),
        await streaming(
          servers.filter(({ name }) => [DIRECT, BARE, HUB].includes(name)),
          rounds ?? 5,
        ),
      ];
    } finally {
      await close();
    }
  },
};

const keyOf = (name: string, kind: Kind, clients: number) => `${name} ${kind.name} ${clients}`;

async function measure(server: Server, clients: number, ask: () => Asked): Promise<Measured> {
  const before = cpuOf(server.running.pid);
  const found = await load(server.origin, clients, SECONDS, ask);
  const cpuMs = (cpuOf(server.running.pid) - before) / (found.perSecond * SECONDS);
  return { ...found, cpuMs };
}

async function openServers(stage: Stage, answerMs: number) {
  const { env, config } = await stage.freshHub();
  const provider = await startProgram('stand-in.ts', [String(answerMs)]);
  const bare = await startProgram('bare-proxy.ts', [String(provider.said)]);
  const askPlainly = (prefix: string) => (path: string) => ({ path: prefix + path, headers: {} });
  const connections = new Map<string, string[]>();
  for (const id of Object.values(INTEGRATIONS)) {
    await setUpApp(config, String(provider.said), id);
    connections.set(id, await insertConnections(config, CONNECTIONS, id));
  }
  const authorization = `Bearer ${await createKey(config, { name: 'bench', role: 'admin', userId: 'admin' })}`;
  const hub = await startApiProcess(env);
  const askThroughHub = (ids: string[]) => (path: string) => {
    const id = ids[Math.floor(Math.random() * ids.length)] ?? '';
    return { path: `/api/connections/${id}/proxy${path}`, headers: { authorization } };
  };
  const servers: Server[] = [
    { name: DIRECT, running: provider, origin: String(provider.said), ask: askPlainly('') },
    { name: BARE, running: bare, origin: String(bare.said), ask: askPlainly('/proxy') },
    ...Object.entries(INTEGRATIONS).map(([name, id]) => ({
      name,
      running: hub,
      origin: config.publicUrl,
      ask: askThroughHub(connections.get(id) ?? []),
    })),
  ];
  const close = async () => {
    for (const running of [hub, bare, provider]) await running.close();
  };
  return { servers, close };
}

function tableOf(kind: Kind, clients: number, names: string[], of: (name: string) => Measured[]): Table {
  const middle = (name: string, field: keyof Measured) => median(of(name).map((one) => one[field]));
  const added = (name: string, field: 'p50' | 'p99') => middle(name, field) - middle(DIRECT, field);
  const ratio = (name: string) =>
    median(of(name).map(({ perSecond }, round) => perSecond / (of(BARE)[round]?.perSecond ?? NaN)));
  const compared = kind === KINDS[0] && clients === 100;
  return {
    title: `${kind.name}, ${clients} client${clients === 1 ? '' : 's'}`,
    columns: ['', 'per second', 'of bare', 'p50 ms', 'p99 ms', 'p50 added', 'p99 added', 'CPU ms per call'],
    rows: names.map((name) => [
      name,
      middle(name, 'perSecond'),
      ratio(name),
      middle(name, 'p50'),
      middle(name, 'p99'),
      added(name, 'p50'),
      added(name, 'p99'),
      middle(name, 'cpuMs'),
    ]),
    notes: [`Aim: at least ${AIM} of the bare proxy. ${ratio(HUB) >= AIM ? 'Met.' : 'Not met.'}`],
    ...(compared ? { figures: { ratioToHttpProxy: ratio(HUB) } } : {}),
  };
}
