/** The sandbox, its apps set up in a hub, and its controls. */
import { startSandbox, type Sandbox } from '../../hub/sandbox/sandbox.ts';
import type { Client, Json } from './client.ts';

/** By name, not from the catalogue: one that is lost from it must be missed. */
export const ELEVEN = [
  'gohighlevel',
  'salesforce',
  'hubspot',
  'gmail',
  'outlook',
  'meta-ads',
  'google-ads',
  'google-drive',
  'dropbox',
  'slack',
  'discord',
];

export type TestSandbox = Sandbox & {
  control: (method: string, path: string, body?: unknown) => Promise<Json>;
};

export async function startTestSandbox(consent: 'ask' | 'allow' = 'allow'): Promise<TestSandbox> {
  const sandbox = await startSandbox({ port: 0, consent, stateFile: null });
  return {
    ...sandbox,
    async control(method, path, body) {
      const response = await fetch(`${sandbox.url}/_sandbox${path}`, {
        method,
        ...(body === undefined
          ? {}
          : { headers: { 'content-type': 'application/json' }, body: JSON.stringify(body) }),
      });
      if (!response.ok) throw new Error(`${method} ${path}: ${response.status} ${await response.text()}`);
      return response.status === 204 ? null : response.json();
    },
  };
}

export async function setUpApps(admin: Client, sandbox: Sandbox): Promise<void> {
  for (const { integrationId, ...app } of sandbox.apps()) {
    const reply = await admin.call('PUT', `/api/integrations/${integrationId}/app`, app);
    if (reply.status !== 200) throw new Error(`${integrationId}: ${reply.text}`);
  }
}
