/** What callers do with the hub while it is being hurt, and what they remember of it for the checker. */
import { createHash } from 'node:crypto';
import { setTimeout as sleep } from 'node:timers/promises';
import { createBrowser, type Json } from '../setup/client.ts';
import type { Random } from './random.ts';
import { PROVIDERS, TOKEN_LIFETIME, type Stage } from './stage.ts';

/** Ids and hashes: no secret. `answered` is false where nobody knows what became of it. */
export type Diary = {
  /** Each code that the sandbox gave for a connection, as SHA-256: by it, its grants belong to that connection. */
  walks: { connectionId: string; code: string }[];
  /** Access taken away at the provider, by its user. */
  revoked: { connectionId: string; family: string }[];
  disconnects: { connectionId: string; answered: boolean }[];
  patches: { connectionId: string; answered: boolean }[];
  /** Answers by what was asked and the status. */
  answers: Record<string, number>;
  /** Answers that the hub itself calls its own mistake. */
  internal: string[];
};

export type Load = {
  diary: Diary;
  /** Calls that went well so far. */
  done: () => number;
  /** Until so many more went well; or the time is over, for a hub that is down does none. */
  progress: (calls: number, atMostMs: number) => Promise<void>;
  stop: () => Promise<void>;
};

const CALLERS = 6;
const ANSWER_MS = 20_000;
const WALK_MS = 30_000;

/** What callers have: addresses, a key, and the sandbox. */
type Place = Pick<Stage, 'adminKey' | 'apiUrls' | 'publicUrl' | 'control'>;
type Answer = { status: number; body: Json };
type Deed = { name: string; weight: number; run: (caller: Caller, id: string) => Promise<unknown> };
type Caller = {
  stage: Place;
  random: Random;
  diary: Diary;
  pool: Map<string, (typeof PROVIDERS)[number]>;
  /** In the pool: one webhook's endpoint is told of all of them, and takes about 15 messages a second. */
  most: number;
  ask: (what: string, method: string, path: string, body?: unknown) => Promise<Answer>;
};

const sha256 = (text: string) => createHash('sha256').update(text).digest('hex');

const DEEDS: Deed[] = [
  {
    name: 'refresh',
    weight: 14,
    run: ({ ask }, id) => ask('refresh', 'POST', `/api/connections/${id}/refresh`),
  },
  {
    name: 'token',
    weight: 10,
    run: ({ ask, random }, id) =>
      ask('token', 'GET', `/api/connections/${id}/token?minTtl=${random.oneOf([1, 1, TOKEN_LIFETIME - 5])}s`),
  },
  { name: 'test', weight: 4, run: ({ ask }, id) => ask('test', 'POST', `/api/connections/${id}/test`) },
  { name: 'call', weight: 5, run: call },
  { name: 'change', weight: 2, run: change },
  { name: 'reconnect', weight: 4, run: reconnectIfNeeded },
  { name: 'connect', weight: 1, run: connect },
  { name: 'disconnect', weight: 1, run: disconnect },
  { name: 'take access away', weight: 1, run: takeAway },
];

/** @returns once the first connections are there and the callers are at work */
export async function startLoad(stage: Place, random: Random, connections: number): Promise<Load> {
  const diary: Diary = { walks: [], revoked: [], disconnects: [], patches: [], answers: {}, internal: [] };
  let done = 0;
  let stopped = false;
  const ask: Caller['ask'] = async (what, method, path, body) => {
    const answer = await send(stage, random.oneOf(stage.apiUrls) + path, method, body);
    const counted = `${what} ${answer.status === 0 ? 'unanswered' : answer.status}`;
    diary.answers[counted] = (diary.answers[counted] ?? 0) + 1;
    if (answer.status >= 200 && answer.status < 300) done++;
    if (answer.body?.code === 'INTERNAL') diary.internal.push(`${what}: ${JSON.stringify(answer.body)}`);
    return answer;
  };
  const caller: Caller = { stage, random, diary, pool: new Map(), most: connections, ask };

  const wanted = Array.from({ length: connections }, (_, index) => PROVIDERS[index % PROVIDERS.length]);
  const connecting = async () => {
    for (let one = wanted.pop(); one; one = wanted.pop()) await connectTo(caller, one);
  };
  await Promise.all(Array.from({ length: 4 }, connecting));

  const working = Array.from({ length: CALLERS }, async () => {
    while (!stopped) {
      const id = random.oneOf([...caller.pool.keys()]);
      await random.weighted(DEEDS).run(caller, id);
      await sleep(random.whole(10, 120));
    }
  });
  return {
    diary,
    done: () => done,
    async progress(calls, atMostMs) {
      const goal = done + calls;
      for (const until = Date.now() + atMostMs; done < goal && Date.now() < until;) await sleep(50);
    },
    async stop() {
      stopped = true;
      await Promise.all(working);
    },
  };
}

/** Status 0: no whole answer. */
async function send({ adminKey }: Place, url: string, method: string, body?: unknown): Promise<Answer> {
  try {
    const response = await fetch(url, {
      method,
      signal: AbortSignal.timeout(ANSWER_MS),
      headers: {
        authorization: `Bearer ${adminKey}`,
        ...(body === undefined ? {} : { 'content-type': 'application/json' }),
      },
      ...(body === undefined ? {} : { body: JSON.stringify(body) }),
    });
    const text = await response.text();
    return { status: response.status, body: text === '' ? null : JSON.parse(text) };
  } catch {
    return { status: 0, body: null };
  }
}

async function call({ ask, pool, random }: Caller, id: string): Promise<void> {
  const path = pool.get(id)?.call;
  if (path) await ask('call', 'GET', `/api/connections/${id}/proxy/${path}?n=${random.whole(0, 1e6)}`);
}

async function change({ ask, diary }: Caller, connectionId: string): Promise<void> {
  const { status } = await ask('change', 'PATCH', `/api/connections/${connectionId}`, { config: {} });
  diary.patches.push({ connectionId, answered: status === 200 });
}

async function connect(caller: Caller): Promise<void> {
  if (caller.pool.size < caller.most) await connectTo(caller, caller.random.oneOf(PROVIDERS));
}

async function connectTo(caller: Caller, provider: (typeof PROVIDERS)[number]): Promise<void> {
  const { body } = await caller.ask('connect', 'POST', '/api/connections', { integrationId: provider.id });
  if (!body?.connection) return;
  caller.pool.set(body.connection.id as string, provider);
  await walk(caller, body.connection.id as string, body.authorization.url as string);
}

/** A person whose connection says that it needs them does not wait for ever. */
async function reconnectIfNeeded(caller: Caller, id: string): Promise<void> {
  const { body } = await caller.ask('look', 'GET', `/api/connections/${id}`);
  if (!body?.status || body.status === 'connected') return;
  const reply = await caller.ask('reconnect', 'POST', `/api/connections/${id}/reconnect`);
  if (reply.body?.authorization) await walk(caller, id, reply.body.authorization.url as string);
}

async function walk({ stage, diary }: Caller, connectionId: string, url: string): Promise<void> {
  const browser = createBrowser();
  const through = async () => {
    const { url: callback } = await browser.open(url, { stopAt: `${stage.publicUrl}/oauth/callback` });
    const code = new URL(callback).searchParams.get('code');
    if (code === null) return;
    diary.walks.push({ connectionId, code: sha256(code) });
    await browser.open(callback);
  };
  await Promise.race([through(), sleep(WALK_MS, undefined, { ref: false })]).catch(() => {});
}

async function disconnect({ ask, diary, pool, most, random }: Caller, connectionId: string): Promise<void> {
  const { status } = await ask('disconnect', 'DELETE', `/api/connections/${connectionId}`);
  diary.disconnects.push({ connectionId, answered: status === 204 });
  // The others are asked what is no longer there, and some are reconnected. While the hub is down nothing is connected
  // anew: half of the pool stays.
  if (status === 204 && pool.size > most / 2 && random.oneOf([true, false])) pool.delete(connectionId);
}

/** At the provider, behind the hub's back. */
async function takeAway({ ask, stage, pool, diary }: Caller, connectionId: string): Promise<void> {
  const provider = pool.get(connectionId)?.id ?? '';
  const { body } = await ask('token', 'GET', `/api/connections/${connectionId}/token?minTtl=1s`);
  if (!body?.accessToken) return;
  const { family } = await stage.control('POST', `/${provider}/introspect`, { token: body.accessToken });
  if (typeof family !== 'string') return;
  diary.revoked.push({ connectionId, family });
  await stage.control('POST', `/${provider}/revoke`, { families: [family] });
}
