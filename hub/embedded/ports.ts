/** Ports: free, or taken by somebody. */
import { randomInt } from 'node:crypto';
import { connect, createServer } from 'node:net';

/** @throws Error of one line naming the variable that moves it */
export async function assertFree(host: string, port: number, variable: string): Promise<void> {
  if (!(await isFree(host, port))) throw taken(port, variable);
}

export const taken = (port: number, variable: string): Error =>
  new Error(
    `${variable}: port ${port} is taken by another program; stop it, or set ${variable} to a free port`,
  );

export async function isFree(host: string, port: number): Promise<boolean> {
  return new Promise((resolve) => {
    const server = createServer();
    server.once('error', () => resolve(false));
    server.listen({ host, port, exclusive: true }, () => server.close(() => resolve(true)));
  });
}

// Below what systems hand out by themselves (Linux from 32768, others from 49152). There, any outgoing connection
// and any listener on port 0 may get a port between our look at it and the start of the server that is to have it.
const CHOSEN = { from: 20_000, below: 32_768 };
const chosen = new Set<number>();

/**
 * By chance, so that two processes that look at once hardly find the same one; never twice in a process. Whoever
 * starts a server there looks for another one all the same, where it was taken in between.
 */
export async function freePort(host = '127.0.0.1'): Promise<number> {
  for (let tries = 0; tries < 1_000; tries++) {
    const port = randomInt(CHOSEN.from, CHOSEN.below);
    if (chosen.has(port)) continue;
    chosen.add(port);
    if (await isFree(host, port)) return port;
  }
  throw new Error(`No port from ${CHOSEN.from} to ${CHOSEN.below - 1} is free.`);
}

/** Somebody listens there. */
export async function answers(host: string, port: number): Promise<boolean> {
  return new Promise((resolve) => {
    const socket = connect({ host, port, timeout: 1_000 });
    const end = (answer: boolean) => {
      socket.destroy();
      resolve(answer);
    };
    socket.once('connect', () => end(true));
    socket.once('error', () => end(false));
    socket.once('timeout', () => end(false));
  });
}
