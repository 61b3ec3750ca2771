/** A program that follows the hub's stream of events, goes on where it was, and remembers all it was told. */
import { setTimeout as sleep } from 'node:timers/promises';
import type { Stage } from './stage.ts';

export type Follower = { told: { sequence: number; id: string }[]; stop: () => Promise<void> };

export function followEvents({ apiUrls, adminKey }: Pick<Stage, 'apiUrls' | 'adminKey'>): Follower {
  const told: Follower['told'] = [];
  const stopping = new AbortController();

  async function follow(url: string): Promise<void> {
    const headers = {
      authorization: `Bearer ${adminKey}`,
      'last-event-id': String(told.at(-1)?.sequence ?? 0),
    };
    const response = await fetch(`${url}/api/events`, { headers, signal: stopping.signal });
    if (!response.ok || !response.body) return;
    let rest = '';
    for await (const text of response.body.pipeThrough(new TextDecoderStream())) {
      const messages = (rest + text).split('\n\n');
      rest = messages.pop() ?? '';
      for (const message of messages) {
        const [, sequence] = /^id: ?(\d+)$/m.exec(message) ?? [];
        const [, data] = /^data: ?(.+)$/m.exec(message) ?? [];
        if (sequence === undefined || data === undefined) continue;
        told.push({ sequence: Number(sequence), id: (JSON.parse(data) as { id: string }).id });
      }
    }
  }

  const following = (async () => {
    for (let turn = 0; !stopping.signal.aborted; turn++) {
      await follow(apiUrls[turn % apiUrls.length] ?? '').catch(() => {});
      await sleep(200);
    }
  })();
  return {
    told,
    async stop() {
      stopping.abort();
      await following;
    },
  };
}
