/** Where requests or answers wait until a test lets them go on. */
import type { FastifyRequest } from 'fastify';

export type Gate = ReturnType<typeof createGate>;

export function createGate() {
  const waiting = new Set<() => void>();
  return {
    held: () => waiting.size,
    /** Until released, or until the asker has gone (killed, timed out). */
    async pass(request: FastifyRequest): Promise<void> {
      const { socket } = request.raw;
      if (socket.destroyed) return;
      await new Promise<void>((resolve) => {
        const go = () => {
          socket.off('close', go);
          waiting.delete(go);
          resolve();
        };
        waiting.add(go);
        socket.once('close', go);
      });
    },
    /** @returns how many were let go */
    release(): number {
      const held = waiting.size;
      for (const go of [...waiting]) go();
      return held;
    },
  };
}
