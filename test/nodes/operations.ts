/**
 * A node's operations, one case each: the node runs in n8n's engine, through a connection made at the hub, against
 * the stand-in; what the provider was asked and what the node puts out are compared to the letter.
 *
 * Every case runs by both authentication ways. Paths are under the API's base.
 */
import type { IDataObject, INodeExecutionData, INodeParameters } from 'n8n-workflow';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { openDatabase, type Database } from '../../hub/database/database.ts';
import { rateBlocks } from '../../hub/database/schema.ts';
import { createBrowser, type Json } from '../setup/client.ts';
import { startHub, type TestHub } from '../setup/hub.ts';
import {
  listSearch,
  loadOptions,
  runNode,
  type NodeResult,
  type NodeRun,
  type StoredCredentials,
} from '../setup/n8n.ts';
import { setUpApps, startTestSandbox, type TestSandbox } from '../setup/sandbox.ts';
import type { RecordedBody, ScriptedAnswer } from '../../hub/sandbox/script.ts';

export type Asked = {
  method: string;
  path: string;
  /** Every parameter; a list where one comes several times. None unless given. */
  query?: { [name: string]: string | string[] };
  /** As the stand-in read it: `{json}`, `{form}`, `{text}` or `{base64}`; none unless given. */
  body?: RecordedBody | { matching: unknown };
  /** These at least. */
  headers?: { [name: string]: unknown };
};

export type OperationCase = {
  /** `channel: get many, over two pages` */
  name: string;
  /** Without `authentication` and `connection`. */
  parameters: INodeParameters;
  items?: INodeExecutionData[];
  settings?: NonNullable<NodeRun['settings']>;
  /**
   * What the provider answers, in order. Where the stand-in knows the call by itself, leave it out. `{{api}}` in an
   * answer is the API's base: for addresses that the provider hands out.
   */
  answers?: (Omit<ScriptedAnswer, 'body'> & { body?: unknown })[];
  /** All calls of the provider, in order. */
  asks: Asked[];
} & (
  | {
      /** `json` of all items that come out. */
      gives: unknown[];
      /** Beside it, where files or pairing matter. */
      items_?: (items: INodeExecutionData[]) => void;
    }
  | { fails: { message: string | RegExp; description?: string | RegExp; httpCode?: string } }
);

export type Bench = {
  sandbox: () => TestSandbox;
  hub: () => TestHub;
  connectionId: () => string;
  credentials: (way: Way) => StoredCredentials;
  run: (way: Way, run: Omit<NodeRun, 'node' | 'credentials'>) => Promise<NodeResult>;
  search: (way: Way, method: string, parameters?: INodeParameters, filter?: string) => Promise<Json[]>;
  options: (way: Way, method: string, parameters?: INodeParameters) => Promise<Json[]>;
  /** What the provider was asked since the script was laid out, with paths under the API's base. */
  asked: () => Promise<Asked[]>;
  script: (answers: ScriptedAnswer[]) => Promise<void>;
};
export type Way = 'hubConnection' | 'apiKey';
export const WAYS: readonly Way[] = ['hubConnection', 'apiKey'];

/** Starts hub and sandbox, connects, and runs each case by each way. `more` adds tests beside the table. */
export function describeOperations(
  { node, integrationId, config }: { node: string; integrationId: string; config?: object },
  cases: readonly OperationCase[],
  more?: (bench: Bench) => void,
): void {
  let hub: TestHub;
  let sandbox: TestSandbox;
  let connectionId: string;
  let base: string;
  let token: Json;
  let accountId: string | null;
  let database: Database;

  beforeAll(async () => {
    sandbox = await startTestSandbox();
    hub = await startHub();
    database = openDatabase(hub.config);
    await setUpApps(hub.admin, sandbox);
    connectionId = await connect(hub, integrationId, config);
    token = (await hub.admin.call('GET', `/api/connections/${connectionId}/token`)).body;
    accountId = (await hub.admin.call('GET', `/api/connections/${connectionId}`)).body.account?.id ?? null;
    base = new URL(token.apiBaseUrl).pathname.slice(`/${integrationId}`.length).replace(/\/$/, '');
  });
  afterAll(async () => {
    await database.close();
    await hub.close();
    await sandbox.close();
  });

  const bench: Bench = {
    sandbox: () => sandbox,
    hub: () => hub,
    connectionId: () => connectionId,
    credentials: (way) =>
      way === 'apiKey'
        ? { integrationHubApi: { baseUrl: hub.url, apiKey: hub.admin.key } }
        : {
            [`${node}OAuth2Api`]: {
              hubUrl: hub.url,
              oauthTokenData: tokenData(token, hub, connectionId, accountId),
            },
          },
    run: (way, run) =>
      runNode({ ...run, node, credentials: bench.credentials(way), parameters: inWay(way, run.parameters) }),
    search: async (way, method, parameters = {}, filter) =>
      (
        await listSearch(
          { node, credentials: bench.credentials(way), parameters: inWay(way, parameters) },
          method,
          filter,
        )
      ).results,
    options: (way, method, parameters = {}) =>
      loadOptions({ node, credentials: bench.credentials(way), parameters: inWay(way, parameters) }, method),
    async asked() {
      const { requests } = await sandbox.control('GET', `/${integrationId}/script`);
      return requests.map((one: Json) => ({
        ...one,
        path: under(base, one.path),
        query: grouped(one.query),
      }));
    },
    async script(answers) {
      // What a case before this one was told to wait would be kept for all of this connection's calls.
      await database.tables.delete(rateBlocks);
      await sandbox.control('PUT', `/${integrationId}/script`, {
        answers: answers.map((one) => ({ ...withAddresses(one), path: base + one.path })),
      });
    },
  };
  const withAddresses = (one: ScriptedAnswer): ScriptedAnswer =>
    JSON.parse(JSON.stringify(one).replaceAll('{{api}}', `${sandbox.url}/${integrationId}${base}`));
  const inWay = (way: Way, parameters: INodeParameters): INodeParameters => ({
    authentication: way,
    ...(way === 'apiKey' && { connection: { __rl: true, mode: 'id', value: connectionId } }),
    ...parameters,
  });

  describe.each(WAYS)('by %s', (way) => {
    it.each(cases.map((one) => [one.name, one] as const))('%s', async (_name, wanted) => {
      await bench.script(wanted.answers ?? []);
      const result = await bench.run(way, wanted);
      if ('fails' in wanted) expectFailure(result, wanted.fails);
      else {
        expect(result.error).toBeNull();
        expect(result.json).toEqual(wanted.gives);
        expect(result.items.map(({ pairedItem }) => pairedItem)).not.toContain(undefined);
        wanted.items_?.(result.items);
      }
      expectAsked(await bench.asked(), wanted.asks);
      const { unused } = await sandbox.control('GET', `/${integrationId}/script`);
      expect(unused, 'answers nobody asked for').toEqual([]);
      expect(JSON.stringify(result.run), 'execution data').not.toContain(token.accessToken);
    });
  });

  more?.(bench);

  it('has a case for each of its operations', async () => {
    const covered = new Set(
      cases.map(
        ({ parameters }) => `${parameters['resource'] as string}/${parameters['operation'] as string}`,
      ),
    );
    const { operationsOf } = await import('./operations-of.ts');
    expect((await operationsOf(node)).filter((one) => !covered.has(one))).toEqual([]);
  });
}

export function expectAsked(asked: readonly Asked[], wanted: readonly Asked[]): void {
  expect(asked.map(({ method, path, query, body }) => ({ method, path, query, body }))).toEqual(
    wanted.map(({ method, path, query = {}, body = null }) => ({
      method,
      path,
      query,
      body: body !== null && 'matching' in body ? body.matching : body,
    })),
  );
  for (const [index, { headers = {} }] of wanted.entries())
    expect(asked[index]?.headers).toMatchObject(headers);
}

function expectFailure(
  { error }: NodeResult,
  wanted: { message: string | RegExp; description?: string | RegExp; httpCode?: string },
): void {
  expect(error, 'it should have failed').not.toBeNull();
  const matching = (value: string | RegExp) =>
    typeof value === 'string' ? value : expect.stringMatching(value);
  expect(error?.message).toEqual(matching(wanted.message));
  if (wanted.description !== undefined) expect(error?.description).toEqual(matching(wanted.description));
  if (wanted.httpCode !== undefined) expect(error?.httpCode).toBe(wanted.httpCode);
}

/** As a person does: through the consent page of the stand-in. */
export async function connect(hub: TestHub, integrationId: string, config?: object): Promise<string> {
  const made = await hub.admin.call('POST', '/api/connections', { integrationId, ...(config && { config }) });
  await createBrowser().open(made.body.authorization.url);
  const { id } = made.body.connection;
  const { body } = await hub.admin.call('GET', `/api/connections/${id}`);
  if (body.status !== 'connected')
    throw new Error(`${integrationId} did not connect: ${JSON.stringify(body)}`);
  return id;
}

/** What n8n keeps of the hub's token answer. */
function tokenData(token: Json, hub: TestHub, connectionId: string, accountId: string | null) {
  const { authorization: _authorization, Authorization: _Authorization, ...headers } = token.headers;
  return {
    access_token: token.accessToken,
    refresh_token: 'none-in-this-test',
    token_type: 'Bearer',
    hub: {
      connection_id: connectionId,
      account_id: accountId,
      api_base_url: token.apiBaseUrl,
      api_base_urls: token.apiBaseUrls ?? {},
      headers,
      query: token.query,
      reconnect_url: `${hub.url}/connections/${connectionId}/reconnect`,
    },
  } as never;
}

const under = (base: string, path: string) => (path.startsWith(base) ? path.slice(base.length) : path);

function grouped(pairs: [string, string][]): { [name: string]: string | string[] } {
  const out: { [name: string]: string | string[] } = {};
  for (const [name, value] of pairs) {
    const known = out[name];
    out[name] = known === undefined ? value : [known, value].flat();
  }
  return out;
}

export type { IDataObject };
