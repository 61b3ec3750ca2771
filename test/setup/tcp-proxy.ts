/** Stands between two parts, to spoil the line: cut, slow, silent, or broken off in the middle of an answer. */
import { once } from 'node:events';
import { connect, createServer, type AddressInfo, type Socket } from 'node:net';
import { setTimeout as sleep } from 'node:timers/promises';

export type Target = { host: string; port: number };

export type TcpProxy = {
  port: number;
  /** Nobody comes through, and who is connected is thrown out. */
  cut: () => void;
  /** Connections stay, and nothing that is sent arrives until it is mended. */
  freeze: () => void;
  /** Every piece arrives so much later. */
  slow: (ms: number) => void;
  /** Of so many answers the first half arrives, then the connection breaks. */
  breakOff: (answers: number) => void;
  mend: () => void;
  close: () => Promise<void>;
};

/** @param target where a new connection leads; a function is asked each time. @param port 0: a free one */
export async function startTcpProxy(target: Target | (() => Target), port = 0): Promise<TcpProxy> {
  const sockets = new Set<Socket>();
  const line = { whole: true, delayMs: 0, toBreakOff: 0, silent: null as null | PromiseWithResolvers<void> };

  async function pass(from: Socket, to: Socket, isAnswer: boolean): Promise<void> {
    for await (const chunk of from as AsyncIterable<Buffer>) {
      if (line.delayMs > 0) await sleep(line.delayMs);
      await line.silent?.promise;
      if (isAnswer && line.toBreakOff > 0) {
        line.toBreakOff--;
        to.write(chunk.subarray(0, chunk.length >> 1), () => to.destroy());
        return void from.destroy();
      }
      if (!to.write(chunk)) await Promise.race([once(to, 'drain'), once(to, 'close')]);
    }
    to.end();
  }

  const server = createServer((inside) => {
    if (!line.whole) return void inside.destroy();
    const outside = connect(typeof target === 'function' ? target() : target);
    for (const [socket, other] of [
      [inside, outside],
      [outside, inside],
    ] as const) {
      sockets.add(socket);
      socket.on('error', () => other.destroy());
      socket.on('close', () => {
        sockets.delete(socket);
      });
      pass(socket, other, socket === outside).catch(() => other.destroy());
    }
  });
  await new Promise<void>((resolve, reject) => {
    server.once('error', reject);
    server.listen(port, '127.0.0.1', resolve);
  });

  const throwOut = () => {
    for (const socket of sockets) socket.destroy();
  };
  return {
    port: (server.address() as AddressInfo).port,
    cut() {
      line.whole = false;
      throwOut();
    },
    freeze: () => void (line.silent ??= Promise.withResolvers<void>()),
    slow: (ms) => void (line.delayMs = ms),
    breakOff: (answers) => void (line.toBreakOff = answers),
    mend() {
      line.silent?.resolve();
      Object.assign(line, { whole: true, delayMs: 0, toBreakOff: 0, silent: null });
    },
    close: () =>
      new Promise((resolve) => {
        line.silent?.resolve();
        throwOut();
        server.close(() => resolve());
      }),
  };
}
