/**
 * How long it takes to connect somebody, from `POST /api/connections` to `connected`, beside the provider's own part
 * of it: consent, token request and test call, asked directly in the same run.
 */
import { request } from 'undici';
import { createKey, configureSandboxApps } from '../hub/first-run.ts';
import type { SandboxApp } from '../hub/sandbox/sandbox.ts';
import { spentInWorkflow } from './histories.ts';
import type { Benchmark } from './main.ts';
import { startApiProcess, startProgram, startWorkerProcess } from './processes.ts';
import { median, percentile, type Table } from './table.ts';

const INTEGRATION = 'hubspot';
const PROBE = '/account-info/v3/details';
const WARM_UP = 10;
const ROUNDS = 60;
const STEPS = ['begin', 'open the link', 'consent', 'callback', 'look'] as const;

type Step = (typeof STEPS)[number];
type Walk = { steps: Record<Step, number>; total: number };

export const connect: Benchmark = {
  name: 'connect',
  about: "an authorization from its beginning to connected, beside the provider's own share of it",
  async run(stage, { rounds }, say) {
    const { env, config } = await stage.freshHub();
    const sandbox = await startProgram('sandbox.ts', []);
    const apps = sandbox.said as SandboxApp[];
    const app = apps.find(({ integrationId }) => integrationId === INTEGRATION);
    if (!app) throw new Error(`the sandbox has no ${INTEGRATION}`);
    await configureSandboxApps(config, apps);
    const key = await createKey(config, { name: 'bench', role: 'admin', userId: 'admin' });
    const [worker, api] = [await startWorkerProcess(env), await startApiProcess(env)];
    try {
      const walks: Walk[] = [];
      const provider: number[] = [];
      const count = rounds ?? ROUNDS;
      for (let round = -WARM_UP; round < count; round++) {
        const walk = await connectByHub(config.publicUrl, key);
        const direct = await askDirectly(app, `${config.publicUrl}/oauth/callback`);
        if (round < 0) continue;
        walks.push(walk);
        provider.push(direct);
      }
      say(`${count} walks of each`);
      return [tableOf(walks, provider), await spentInWorkflow(config, 'authorizeConnection', count)];
    } finally {
      for (const running of [api, worker, sandbox]) await running.close();
    }
  },
};

/** What a program and then a browser do. */
async function connectByHub(hub: string, key: string): Promise<Walk> {
  const authorization = `Bearer ${key}`;
  const steps: Partial<Record<Step, number>> = {};
  const timed = async <T>(step: Step, work: Promise<T>): Promise<T> => {
    const began = performance.now();
    const result = await work;
    steps[step] = performance.now() - began;
    return result;
  };
  const began = performance.now();
  const made = await timed('begin', post(`${hub}/api/connections`, { integrationId: INTEGRATION }, key));
  const opened = await timed('open the link', get(made.body.authorization.url));
  const cookie = [opened.headers['set-cookie'] ?? ''].flat()[0]?.split(';')[0] ?? '';
  const consented = await timed('consent', get(String(opened.headers.location)));
  await timed('callback', get(String(consented.headers.location), { cookie }));
  const url = `${hub}/api/connections/${made.body.connection.id}`;
  const { body } = await timed('look', get(url, { authorization }));
  if (body.status !== 'connected') throw new Error(`not connected: ${JSON.stringify(body.statusReason)}`);
  return { steps: steps as Walk['steps'], total: performance.now() - began };
}

/** The same three requests that the browser and the hub make of the provider. @returns milliseconds */
async function askDirectly(app: SandboxApp, redirectUri: string): Promise<number> {
  const began = performance.now();
  const url = new URL(app.endpoints.authorizeUrl);
  const scope = 'oauth crm.objects.contacts.read';
  const params = { client_id: app.clientId, redirect_uri: redirectUri, scope, state: 'direct' };
  for (const [name, value] of Object.entries({ response_type: 'code', ...params }))
    url.searchParams.set(name, value);
  const consented = await get(url.href);
  const code = new URL(String(consented.headers.location)).searchParams.get('code') ?? '';
  const form = new URLSearchParams({
    grant_type: 'authorization_code',
    code,
    redirect_uri: redirectUri,
    client_id: app.clientId,
    client_secret: app.clientSecret,
  });
  const { body } = await post(app.endpoints.tokenUrl, form);
  await get(`${app.endpoints.apiBaseUrl}${PROBE}`, { authorization: `Bearer ${body.access_token}` });
  return performance.now() - began;
}

const get = (url: string, headers: Record<string, string> = {}) => ask(url, { method: 'GET', headers });

function post(url: string, content: object, key?: string) {
  const isForm = content instanceof URLSearchParams;
  const type = isForm ? 'application/x-www-form-urlencoded' : 'application/json';
  const headers = { 'content-type': type, ...(key ? { authorization: `Bearer ${key}` } : {}) };
  return ask(url, { method: 'POST', headers, body: isForm ? content.toString() : JSON.stringify(content) });
}

type Answered = {
  connection: { id: string };
  authorization: { url: string };
  status: string;
  statusReason: unknown;
  access_token: string;
};

async function ask(url: string, options: Parameters<typeof request>[1]) {
  const { statusCode, headers, body } = await request(url, options);
  const text = await body.text();
  if (statusCode >= 400) throw new Error(`${statusCode} of ${new URL(url).pathname}: ${text}`);
  const isJson = String(headers['content-type']).includes('json');
  return { headers, body: (isJson ? JSON.parse(text) : {}) as Answered };
}

function tableOf(walks: Walk[], provider: number[]): Table {
  const totals = walks.map(({ total }) => total);
  const row = (name: string, values: number[]) => [name, median(values), percentile(values, 95)];
  const ratio = median(totals.map((total, round) => total / (provider[round] ?? NaN)));
  return {
    title: `Connecting at a stand-in that answers at once, ${walks.length} walks`,
    columns: ['', 'p50 ms', 'p95 ms'],
    rows: [
      ...STEPS.map((step) =>
        row(
          `  ${step}`,
          walks.map(({ steps }) => steps[step]),
        ),
      ),
      row('hub, from the beginning to connected', totals),
      row("the provider's own: consent, token, test call", provider),
    ],
    notes: [
      `The hub takes ${ratio.toFixed(1)} times as long as the provider alone; what it adds does not grow with the provider's time.`,
    ],
    figures: {
      timeRatioToProvider: ratio,
      addedMs: median(totals.map((total, round) => total - (provider[round] ?? NaN))),
    },
  };
}
