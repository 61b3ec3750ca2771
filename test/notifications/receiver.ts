/** Somebody's endpoint: it takes what comes, answers as it is told, and verifies with the specification's own library. */
import { createServer, type IncomingHttpHeaders, type ServerResponse } from 'node:http';
import type { AddressInfo } from 'node:net';
import { Webhook } from 'standardwebhooks';
import type { Json } from '../setup/client.ts';

export type Received = { path: string; headers: IncomingHttpHeaders; text: string; body: Json; at: number };
type Answer = { status: number; headers?: Record<string, string> } | 'hang';

export type Receiver = {
  url: string;
  received: Received[];
  /** How many requests wait for an answer right now, and how many did at most. */
  open: { now: number; most: number };
  /** What the next requests are answered, or hold on to. */
  answer: (request: Received) => Answer | Promise<Answer>;
  idOf: (request: Received | undefined) => string;
  verify: (request: Received | undefined, secret: string) => Json;
  close: () => Promise<void>;
};

export async function startReceiver(): Promise<Receiver> {
  const server = createServer((request, response) => {
    const chunks: Buffer[] = [];
    request.on('data', (chunk: Buffer) => chunks.push(chunk));
    request.on('end', () => {
      const text = Buffer.concat(chunks).toString();
      const one = {
        path: request.url ?? '',
        headers: request.headers,
        text,
        body: parsed(text),
        at: Date.now(),
      };
      receiver.received.push(one);
      void respond(receiver, one, response);
    });
  });
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  const receiver: Receiver = {
    url: `http://127.0.0.1:${(server.address() as AddressInfo).port}/hook`,
    received: [],
    open: { now: 0, most: 0 },
    answer: () => ({ status: 204 }),
    idOf: (request) => String(request?.headers['webhook-id']),
    verify: (request, secret) =>
      new Webhook(secret).verify(request?.text ?? '', { ...request?.headers } as Record<string, string>),
    close: () =>
      new Promise((resolve) => {
        server.closeAllConnections();
        server.close(() => resolve());
      }),
  };
  return receiver;
}

async function respond(receiver: Receiver, one: Received, response: ServerResponse): Promise<void> {
  receiver.open.now++;
  receiver.open.most = Math.max(receiver.open.most, receiver.open.now);
  response.on('close', () => receiver.open.now--);
  const answer = await receiver.answer(one);
  if (answer !== 'hang') response.writeHead(answer.status, answer.headers).end();
}

function parsed(text: string): Json {
  try {
    return JSON.parse(text);
  } catch {
    return null;
  }
}
