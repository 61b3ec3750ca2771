/**
 * A workflow's call of a provider by n8n's own engine: with a connection of the hub, beside the same with an OAuth2
 * credential of n8n's own.
 *
 * The engine is n8n-core, as in the tests: a full n8n adds the same bookkeeping to all, which takes longer than the
 * call, so that a difference would hardly show in it. What n8n's HTTP Request node does with a credential is one call
 * of a helper; `httpNode` is that call.
 */
import { rmSync } from 'node:fs';
import type { IDataObject, IExecuteFunctions, INodeProperties, INodeType } from 'n8n-workflow';
import { createKey } from '../hub/first-run.ts';
import { runNode, usePackage, type NodeRun } from '../test/setup/n8n-engine.ts';
import { compileN8nPackage } from '../test/setup/n8n-package.ts';
import type { Benchmark } from './main.ts';
import { startApiProcess, startProgram } from './processes.ts';
import { insertConnections, setUpApp } from './rows.ts';
import { median, percentile, type Table } from './table.ts';

const PATH = '/account-info/v3/details';
// Each has a limit that the hub keeps, 110 calls in 10 s: so many never come to it.
const CONNECTIONS = 200;
const WARM_UP = 50;
const ROUNDS = 500;

const NATIVE = "HTTP request, n8n's own OAuth2 credential";
const HUB = "HTTP request, the hub's OAuth2 credential";
const OWN_NODE = "HubSpot node, the hub's OAuth2 credential";
const PROXY = 'HTTP request through the proxy, hub key';
const OWN_NODE_PROXY = 'HubSpot node through the proxy, hub key';

type Kinds = Record<string, () => NodeRun>;

export const n8n: Benchmark = {
  name: 'n8n',
  about: "a workflow's call through a connection, beside the same with n8n's own OAuth2 credential",
  async run(stage, { rounds, answerMs }) {
    const { env, config } = await stage.freshHub();
    const provider = await startProgram('stand-in.ts', [String(answerMs)]);
    await setUpApp(config, String(provider.said));
    const ids = await insertConnections(config, CONNECTIONS);
    const api = await startApiProcess(env);
    const compiled = compileN8nPackage();
    usePackage(() => compiled);
    try {
      const key = await createKey(config, { name: 'bench', role: 'admin', userId: 'admin' });
      const kinds = await kindsOf(String(provider.said), config.publicUrl, key, ids);
      const took = await measure(kinds, rounds ?? ROUNDS);
      return [tableOf(took)];
    } finally {
      for (const running of [api, provider]) await running.close();
      rmSync(compiled, { recursive: true, force: true });
    }
  },
};

async function kindsOf(provider: string, hub: string, key: string, ids: string[]): Promise<Kinds> {
  const [first = ''] = ids;
  const hubCredential = { hubUrl: hub, oauthTokenData: await tokenFor(hub, key, first) };
  const native = {
    grantType: 'clientCredentials',
    clientId: 'bench',
    clientSecret: 'bench-secret-bench-secret',
    accessTokenUrl: `${provider}/token`,
    authentication: 'body',
    oauthTokenData: await answerOf(`${provider}/token`, {}),
  };
  const apiKey = { baseUrl: hub, apiKey: key };
  const http = (credential: string, stored: object, url: () => string) => () => ({
    node: httpNode,
    parameters: { credential, url: url() },
    credentials: { [credential]: stored as never },
  });
  const ownNode = (authentication: string, credential: string, stored: object) => () => ({
    node: 'hubHubSpot',
    parameters: {
      authentication,
      connection: { __rl: true, mode: 'id', value: anyOf(ids) },
      resource: 'customApiCall',
      operation: 'call',
      method: 'GET',
      path: PATH,
    },
    credentials: { [credential]: stored as never },
  });
  return {
    [NATIVE]: http('hubspotOAuth2Api', native, () => provider + PATH),
    [HUB]: http('hubHubSpotOAuth2Api', hubCredential, () => provider + PATH),
    [OWN_NODE]: ownNode('hubConnection', 'hubHubSpotOAuth2Api', hubCredential),
    [PROXY]: http('integrationHubApi', apiKey, () => `${hub}/api/connections/${anyOf(ids)}/proxy${PATH}`),
    [OWN_NODE_PROXY]: ownNode('apiKey', 'integrationHubApi', apiKey),
  };
}

/** What n8n holds of a connection after Connect; here a client of one connection asks for it by itself. */
async function tokenFor(hub: string, key: string, connectionId: string): Promise<object> {
  const made = await fetch(`${hub}/api/clients`, {
    method: 'POST',
    headers: { 'content-type': 'application/json', authorization: `Bearer ${key}` },
    body: JSON.stringify({ name: 'n8n', connectionId }),
  });
  const { id, clientSecret } = (await made.json()) as { id: string; clientSecret: string };
  return answerOf(`${hub}/oauth2/token`, {
    grant_type: 'client_credentials',
    client_id: id,
    client_secret: clientSecret,
  });
}

async function answerOf(url: string, form: Record<string, string>): Promise<object> {
  const answer = await fetch(url, { method: 'POST', body: new URLSearchParams(form) });
  if (!answer.ok) throw new Error(`${answer.status} of ${url}`);
  return (await answer.json()) as object;
}

/** What n8n's HTTP Request node (4.x) does with a predefined credential type. */
const field = (name: string): INodeProperties => ({ displayName: name, name, type: 'string', default: '' });
const httpNode: INodeType = {
  description: {
    name: 'httpRequest',
    properties: [field('credential'), field('url')],
    // n8n lets its own HTTP Request node use any; another one names those it uses.
    credentials: ['hubspotOAuth2Api', 'hubHubSpotOAuth2Api', 'integrationHubApi'].map((name) => ({ name })),
  } as never,
  async execute(this: IExecuteFunctions) {
    const credential = this.getNodeParameter('credential', 0) as string;
    const url = this.getNodeParameter('url', 0) as string;
    const options = { method: 'GET' as const, url, json: true };
    const json = (await this.helpers.httpRequestWithAuthentication.call(
      this,
      credential,
      options,
    )) as IDataObject;
    return [[{ json }]];
  },
};

/**
 * One execution of each, so that what else the machine does meets all of them; in another order each time, because
 * whoever follows a slow one finds caches cold.
 */
async function measure(kinds: Kinds, rounds: number): Promise<Map<string, number[]>> {
  const took = new Map<string, number[]>(Object.keys(kinds).map((name) => [name, []]));
  for (let round = -WARM_UP; round < rounds; round++)
    for (const [name, run] of shuffled(Object.entries(kinds))) {
      const wanted = run();
      const began = performance.now();
      const { error, json } = await runNode(wanted);
      const ms = performance.now() - began;
      if (error || json[0]?.['portalId'] !== 1)
        throw new Error(`${name}: ${error?.message ?? JSON.stringify(json)}`);
      if (round >= 0) took.get(name)?.push(ms);
    }
  return took;
}

const shuffled = <T>(items: T[]): T[] =>
  items
    .map((item) => ({ item, at: Math.random() }))
    .toSorted((a, b) => a.at - b.at)
    .map(({ item }) => item);

function tableOf(took: Map<string, number[]>): Table {
  const of = (name: string) => took.get(name) ?? [];
  const ratio = (name: string) => median(of(name)) / median(of(NATIVE));
  return {
    title: `An execution of one node and one call, ${of(NATIVE).length} of each`,
    columns: ['', 'p50 ms', 'p95 ms', 'of native', 'ms more'],
    rows: [...took].map(([name, values]) => [
      name,
      median(values),
      percentile(values, 95),
      ratio(name),
      median(values) - median(of(NATIVE)),
    ]),
    notes: ['With an OAuth2 credential n8n calls the provider itself; with a hub key the hub does.'],
    figures: {
      timeRatioToNativeCredential: ratio(HUB),
      ownNodeTimeRatio: ratio(OWN_NODE),
      proxyTimeRatio: ratio(PROXY),
      ownNodeProxyTimeRatio: ratio(OWN_NODE_PROXY),
    },
  };
}

const anyOf = (ids: string[]): string => ids[Math.floor(Math.random() * ids.length)] ?? '';
