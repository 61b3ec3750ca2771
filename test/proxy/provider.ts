/** A provider that answers as a test says and tells, to the letter, what it was asked. */
import { createServer, type IncomingMessage, type ServerResponse } from 'node:http';
import type { AddressInfo } from 'node:net';
import { createClient, createBrowser, type Client } from '../setup/client.ts';
import type { TestHub } from '../setup/hub.ts';
import type { TestSandbox } from '../setup/sandbox.ts';

export type Seen = {
  method: string;
  url: string;
  headers: Record<string, string | string[] | undefined>;
  body: string;
};
type Answer = (request: IncomingMessage, response: ServerResponse) => void;

export type Provider = {
  url: string;
  seen: Seen[];
  /** For requests from now on; their bodies are read and told first. */
  answer: (answer: (response: ServerResponse, seen: Seen, count: number) => void) => void;
  /** The same before the body is read: whoever wants it reads it. */
  answerAtOnce: (answer: Answer) => void;
  close: () => void;
};

const OK: Answer = (_request, response) =>
  response.writeHead(200, { 'content-type': 'application/json' }).end('{}');

export async function startProvider(): Promise<Provider> {
  let answer: Answer = OK;
  const seen: Seen[] = [];
  const server = createServer((request, response) => answer(request, response));
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  return {
    url: `http://localhost:${(server.address() as AddressInfo).port}`,
    seen,
    answer(next) {
      seen.length = 0;
      answer = (request, response) => {
        const chunks: Buffer[] = [];
        request.on('data', (chunk: Buffer) => chunks.push(chunk));
        request.on('end', () => {
          const { method = '', url = '', headers } = request;
          const one = { method, url, headers: { ...headers }, body: Buffer.concat(chunks).toString() };
          seen.push(one);
          next(response, one, seen.length);
        });
      };
    },
    answerAtOnce(next) {
      seen.length = 0;
      answer = next;
    },
    close() {
      server.closeAllConnections();
      server.close();
    },
  };
}

/** Connected at the stand-in, whose API is then the provider of the test. @returns the connection's id */
export async function connect(
  client: Client,
  integrationId: string,
  wish: { config?: Record<string, unknown> } = {},
): Promise<string> {
  const made = await client.call('POST', '/api/connections', { integrationId, ...wish });
  if (made.status !== 201) throw new Error(made.text);
  await createBrowser().open(made.body.authorization.url);
  const id = made.body.connection.id as string;
  const { body } = await client.call('GET', `/api/connections/${id}`);
  if (body.status !== 'connected') throw new Error(JSON.stringify(body.statusReason));
  return id;
}

/** @param apiBaseUrl in the stand-in's place; undefined: the stand-in again */
export async function serveApiAt(
  hub: TestHub,
  sandbox: TestSandbox,
  integrationId: string,
  apiBaseUrl?: string,
): Promise<void> {
  const found = sandbox.apps().find((app) => app.integrationId === integrationId);
  if (!found) throw new Error(`no stand-in ${integrationId}`);
  const { integrationId: _id, ...app } = found;
  const reply = await hub.admin.call('PUT', `/api/integrations/${integrationId}/app`, {
    ...app,
    endpoints: { ...app.endpoints, ...(apiBaseUrl === undefined ? {} : { apiBaseUrl }) },
  });
  if (reply.status !== 200) throw new Error(reply.text);
}

export async function builder(hub: TestHub, userId: string): Promise<Client & { keyId: string }> {
  const { body } = await hub.admin.call('POST', '/api/keys', { name: userId, role: 'builder', userId });
  return { ...createClient(hub.url, body.key as string), keyId: body.id as string };
}
