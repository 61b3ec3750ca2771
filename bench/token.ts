/** Tokens answered per second, beside a bare route, and where the hub's time goes. */
import { createCipheriv, randomBytes } from 'node:crypto';
import type { Config } from '../hub/config.ts';
import { createKey } from '../hub/first-run.ts';
import { load, type Load } from './load.ts';
import type { Benchmark } from './main.ts';
import { startApiProcess, startProgram, watchMemory, type Running } from './processes.ts';
import { insertConnections, setUpApp } from './rows.ts';
import { withClient, type Env, type Stage } from './stage.ts';
import { median, type Table } from './table.ts';

const CLIENTS = [1, 10, 100];
/** Where the process is busy, as a hub is when its speed matters. */
const MEANT = 100;
const CONNECTIONS = 1_000;
const SECONDS = 2;
// Until the code is compiled: a hub runs for days.
const WARM_UP_SECONDS = 8;
const AIM = 0.8;
const MB = 1024 * 1024;

type Ask = (id: string) => { path: string; headers: Record<string, string> };
type Server = { name: string; running: Running; origin: string; ask: Ask };

export const token: Benchmark = {
  name: 'token',
  about: 'tokens answered per second, beside a bare route that reads a row and decrypts it',
  async run(stage, { rounds }, say) {
    const { ids, servers } = await openServers(stage);
    const memory = watchMemory(servers.find(({ name }) => name === HUB)?.running.pid ?? 0);
    try {
      const measured = new Map<string, Load[]>();
      const ask = (server: Server) => () => server.ask(ids[Math.floor(Math.random() * ids.length)] ?? '');
      for (const server of servers) await load(server.origin, 100, WARM_UP_SECONDS, ask(server));
      for (let round = 1; round <= (rounds ?? 5); round++)
        for (const clients of CLIENTS) {
          for (const server of servers) {
            const key = `${server.name} ${clients}`;
            const found = await load(server.origin, clients, SECONDS, ask(server));
            measured.set(key, [...(measured.get(key) ?? []), found]);
          }
          say(`round ${round}, ${clients} clients`);
        }
      const names = servers.map(({ name }) => name);
      return [...CLIENTS.map((clients) => tableOf(clients, names, measured)), memoryOf(memory())];
    } finally {
      memory();
      for (const { running } of servers) await running.close();
    }
  },
};

const BARE = 'bare route';
const HUB = 'hub';

async function openServers(stage: Stage): Promise<{ ids: string[]; servers: Server[] }> {
  const { env, config } = await stage.freshHub();
  await setUpApp(config, 'http://127.0.0.1:9');
  const ids = await insertConnections(config, CONNECTIONS);
  const authorization = `Bearer ${await createKey(config, { name: 'bench', role: 'admin', userId: 'admin' })}`;
  const ask: Ask = (id) => ({ path: `/api/connections/${id}/token`, headers: { authorization } });
  const open: Ask = (id) => ({ path: `/open/${id}/token`, headers: {} });
  const silent: Env = { ...env, HUB_LOG_LEVEL: 'silent' };
  const bare = await startProgram('bare-route.ts', [await sealBare(config, ids)], env);
  const part = async (name: string, with_: Env, off: string[], asking = ask): Promise<Server> => {
    const running = await startProgram('token-api.ts', off, with_);
    return { name, running, origin: String(running.said), ask: asking };
  };
  return {
    ids,
    servers: [
      {
        name: BARE,
        running: bare,
        origin: String(bare.said),
        ask: (id) => ({ path: `/${id}/token`, headers: {} }),
      },
      { name: HUB, running: await startApiProcess(env), origin: config.publicUrl, ask },
      await part('without authentication', env, ['authentication'], open),
      await part('without validation', env, ['validation']),
      await part('without logging', silent, []),
      await part('without all three', silent, ['authentication', 'validation'], open),
    ],
  };
}

/** Of the same length as the hub's, sealed by one key at once. @returns the key */
async function sealBare(config: Config, ids: string[]): Promise<string> {
  const key = randomBytes(32);
  const text = () => randomBytes(120).toString('base64url');
  const sealed = ids.map(() => {
    const iv = randomBytes(12);
    const cipher = createCipheriv('aes-256-gcm', key, iv);
    const credentials = { accessToken: text(), refreshToken: text(), expiresAt: new Date().toISOString() };
    const parts = [iv, cipher.update(JSON.stringify(credentials)), cipher.final()];
    return Buffer.concat([...parts, cipher.getAuthTag()]).toString('base64url');
  });
  await withClient(config.databaseUrl ?? '', async (client) => {
    await client.query('create table bare_tokens (id text primary key, sealed text not null)');
    await client.query('insert into bare_tokens select * from unnest($1::text[], $2::text[])', [ids, sealed]);
    await client.query('vacuum analyze bare_tokens');
  });
  return key.toString('base64url');
}

function tableOf(clients: number, names: string[], measured: Map<string, Load[]>): Table {
  const of = (name: string) => measured.get(`${name} ${clients}`) ?? [];
  const ratios = (name: string) =>
    of(name).map(({ perSecond }, round) => perSecond / (of(BARE)[round]?.perSecond ?? NaN));
  const middle = (name: string, field: keyof Load) => median(of(name).map((one) => one[field]));
  const tail = middle(HUB, 'p99') / middle(HUB, 'p50');
  return {
    title: `${clients} client${clients === 1 ? '' : 's'}`,
    columns: ['', 'per second', 'of bare', 'p50 ms', 'p99 ms', 'p99/p50'],
    rows: names.map((name) => [
      name,
      middle(name, 'perSecond'),
      median(ratios(name)),
      middle(name, 'p50'),
      middle(name, 'p99'),
      median(of(name).map(({ p99, p50 }) => p99 / p50)),
    ]),
    notes: [
      `Aims: ${AIM} of the bare route ${median(ratios(HUB)) >= AIM ? 'met' : 'not met'}, p99 under 3 times p50 ${tail < 3 ? 'met' : 'not met'}.`,
    ],
    figures:
      clients === MEANT
        ? { ratioToBareRoute: median(ratios(HUB)), p99ToP50: tail }
        : { [`ratioToBareRouteAt${clients}`]: median(ratios(HUB)) },
  };
}

const memoryOf = (samples: number[]): Table => ({
  title: 'Memory of the API process',
  columns: ['MB at rest', 'MB at most'],
  rows: [[(samples[0] ?? NaN) / MB, Math.max(...samples) / MB]],
  notes: [],
});
