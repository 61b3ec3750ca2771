/** A token that dies under load: one refresh for everybody, and nobody's call is lost that could be made again. */
import { afterAll, beforeAll, beforeEach, expect, it } from 'vitest';
import { freePort } from '../../hub/embedded/ports.ts';
import { createClient, type Client, type Reply } from '../setup/client.ts';
import { startHub, type TestHub } from '../setup/hub.ts';
import { spawnHub, type HubProcess } from '../setup/processes.ts';
import { setUpApps, startTestSandbox, type TestSandbox } from '../setup/sandbox.ts';
import { connect } from './provider.ts';

const PARALLEL = 50;
const ROUNDS = 6;

let hub: TestHub;
let sandbox: TestSandbox;
let other: HubProcess;
let clients: Client[];
beforeAll(async () => {
  hub = await startHub();
  sandbox = await startTestSandbox();
  await setUpApps(hub.admin, sandbox);
  const port = String(await freePort());
  other = await spawnHub('api', { ...hub.env, HUB_PORT: port });
  clients = [hub.admin, createClient(`http://localhost:${port}`, hub.admin.key)];
});
afterAll(async () => {
  await other.kill('SIGTERM');
  await hub.close();
  await sandbox.close();
});
beforeEach(async () => void (await sandbox.control('POST', '/reset')));

const CALLS: Record<string, [method: string, path: string]> = {
  'google-drive': ['GET', '/drive/v3/about?fields=user'],
  salesforce: ['GET', '/services/data/v66.0/query?q=SELECT+Id+FROM+Contact'],
  slack: ['POST', '/conversations.list'],
};
const ledger = async (id: string) => (await sandbox.control('GET', `/${id}/ledger`)).counts;
/** Slack says with a 200 that it refuses. */
const worked = ({ status, body }: Reply) => status === 200 && body.ok !== false;

/** 50 callers at two processes, each asking again and again; `event` happens while all of them do. */
async function underLoad(integrationId: string, event: () => Promise<unknown>): Promise<Reply[]> {
  const id = await connect(hub.admin, integrationId);
  const [method, path] = CALLS[integrationId] ?? ['GET', '/'];
  const callers = Array.from({ length: PARALLEL }, async (_none, n) => {
    const replies: Reply[] = [];
    for (let round = 0; round < ROUNDS; round++) {
      if (n === 0 && round === 2) await event();
      const client = clients[n % clients.length];
      if (client) replies.push(await client.call(method, `/api/connections/${id}/proxy${path}`));
    }
    return replies;
  });
  return (await Promise.all(callers)).flat();
}

it.each(Object.keys(CALLS))('expired at %s: one token request, and every call has its answer', async (id) => {
  const before = (await ledger(id)).tokenRequests;
  const replies = await underLoad(id, () => sandbox.control('POST', `/${id}/expire`));
  expect(replies).toHaveLength(PARALLEL * ROUNDS);
  expect(replies.filter((reply) => !worked(reply)).map(({ status, text }) => `${status} ${text}`)).toEqual(
    [],
  );
  // One for the connection's first token, one for its second.
  expect((await ledger(id)).tokenRequests - before).toBe(2);
  expect((await ledger(id)).reused).toBe(0);
});

it('revoked: at most one refresh is tried, and whoever calls afterwards is told what to do', async () => {
  const before = (await ledger('google-drive')).tokenRequests;
  const replies = await underLoad('google-drive', () => sandbox.control('POST', '/google-drive/revoke'));
  const refused = replies.filter((reply) => !worked(reply));
  expect(refused.length).toBeGreaterThan(0);
  for (const { status, body } of refused)
    expect(status === 401 || (status === 409 && body.code === 'REAUTHORIZATION_REQUIRED')).toBe(true);
  expect(refused.at(-1)?.status).toBe(409);
  expect((await ledger('google-drive')).tokenRequests - before).toBeLessThanOrEqual(2);
});
