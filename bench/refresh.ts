/** How many due tokens a second the sweep renews, beside a bare loop over the same rows. */
import type { Benchmark } from './main.ts';
import { insertConnections } from './rows.ts';
import { openSweeping } from './sweeping.ts';
import { median } from './table.ts';

const AIM = 0.7;

export const refresh: Benchmark = {
  name: 'refresh',
  about: 'due tokens renewed per second by the sweep, beside a bare loop over the same rows',
  async run(stage, { rounds, sizes, answerMs }, say) {
    const [size = 4_000] = sizes ?? [];
    const sweeping = await openSweeping(stage, answerMs);
    try {
      say(`Writing ${size} connections …`);
      await insertConnections(sweeping.config, size);
      const took: { hub: number[]; bare: number[] } = { hub: [], bare: [] };
      // The first of each is for warming up.
      for (let round = 0; round <= (rounds ?? 5); round++) {
        const hub = size / (await sweeping.hub('refresh')).seconds;
        const bare = size / (await sweeping.bare('refresh')).seconds;
        say(`round ${round}: hub ${Math.round(hub)}/s, bare ${Math.round(bare)}/s`);
        if (round === 0) continue;
        took.hub.push(hub);
        took.bare.push(bare);
      }
      const [hub, bare] = [median(took.hub), median(took.bare)];
      const ratios = took.hub.map((value, index) => value / (took.bare[index] ?? NaN));
      return [
        {
          title: `Refreshes of ${size} due tokens, 32 at a time, the provider answering in ${answerMs} ms`,
          columns: ['', 'per second', 'of bare', 'per round'],
          rows: [
            ['bare loop', bare, 1, ''],
            ['sweep', hub, median(ratios), ratios.map((ratio) => ratio.toFixed(2)).join(' ')],
          ],
          notes: [`Aim: at least ${AIM}. ${median(ratios) >= AIM ? 'Met.' : 'Not met.'}`],
          figures: { ratioToBareLoop: median(ratios) },
        },
      ];
    } finally {
      await sweeping.close();
    }
  },
};
