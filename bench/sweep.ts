/** Does a sweep take time in proportion to its connections, and a worker's memory none? Of both sweeps. */
import type { Benchmark, Options } from './main.ts';
import { insertConnections, sizeOf, type Due } from './rows.ts';
import { openSweeping, type Ran, type Sweeping, type Swept } from './sweeping.ts';
import { median, type Table } from './table.ts';

const MB = 1024 * 1024;
const WARM_UP = 1_000;
const COMPARED = [10_000, 100_000];

type Measured = { hub: Swept[]; bare: Ran[] };

export const sweep: Benchmark = {
  name: 'sweep',
  about: 'time and memory of the sweeps by the number of connections, beside a bare loop',
  async run(stage, { sizes, rounds, answerMs }: Options, say): Promise<Table[]> {
    const tables: Record<Due, Table> = { refresh: tableOf('refresh'), health: tableOf('health') };
    const settled: Record<Due, number[]> = { refresh: [], health: [] };
    const took: Record<Due, number[]> = { refresh: [], health: [] };
    const wanted = (sizes ?? COMPARED).toSorted((a, b) => a - b);
    for (const size of wanted) {
      const sweeping = await openSweeping(stage, answerMs);
      try {
        say(`Warming up, then writing ${size} connections …`);
        await insertConnections(sweeping.config, Math.min(WARM_UP, size));
        for (const due of ['refresh', 'health'] as const) await sweeping.hub(due);
        if (size > WARM_UP) await insertConnections(sweeping.config, size - WARM_UP);
        const { connections } = await sizeOf(sweeping.config);
        for (const due of ['refresh', 'health'] as const) {
          const measured = await measure(sweeping, due, rounds ?? 1, (line) => say(`${size}: ${line}`));
          const { events } = await sizeOf(sweeping.config);
          tables[due].rows.push(rowOf(size, measured, connections, events));
          took[due].push(median(measured.hub.map(({ seconds }) => seconds)));
          settled[due].push(plateau(measured.hub.flatMap(({ memory }) => memory)));
        }
      } finally {
        await sweeping.close();
      }
    }
    for (const due of ['refresh', 'health'] as const) {
      const [first = NaN] = settled[due];
      const growth = (settled[due].at(-1) ?? NaN) / first - 1;
      if (wanted.length > 1)
        tables[due].notes.unshift(
          `From ${wanted[0]} to ${wanted.at(-1)} connections the worker's memory changes by ${(growth * 100).toFixed(0)} % (aim: within 20 %).`,
        );
    }
    const [small = -1, large = -1] = COMPARED.map((size) => wanted.indexOf(size));
    // Of the two sweeps the one that comes out worse.
    const worst = ({ refresh, health }: Record<Due, number[]>) =>
      Math.max(...[refresh, health].map((values) => (values[large] ?? NaN) / (values[small] ?? NaN)));
    if (small >= 0 && large >= 0)
      tables.health.figures = { timeRatio100kTo10k: worst(took), memoryRatio100kTo10k: worst(settled) };
    return Object.values(tables);
  },
};

const tableOf = (due: Due): Table => ({
  title: `The sweep for ${due === 'refresh' ? 'refreshes' : 'health'}`,
  columns: [
    'connections',
    'seconds',
    'ms each',
    'per second',
    'bare/s',
    'of bare',
    'worker MB',
    'most MB',
    'bare MB',
    'bytes/row',
    'bytes of events',
    'Temporal events/1000',
    'actions/1000',
  ],
  rows: [],
  notes: [
    'worker MB: median of the second half of the sweep; bytes: with indexes, per connection; actions: as a hosted Temporal counts, without heartbeats.',
  ],
});

async function measure(
  sweeping: Sweeping,
  due: Due,
  rounds: number,
  say: (line: string) => void,
): Promise<Measured> {
  const measured: Measured = { hub: [], bare: [] };
  for (let round = 0; round < rounds; round++) {
    measured.bare.push(await sweeping.bare(due));
    measured.hub.push(await sweeping.hub(due));
    const [hub, bare] = [measured.hub.at(-1)?.seconds, measured.bare.at(-1)?.seconds];
    say(`${due}, round ${round + 1}: hub ${hub?.toFixed(1)} s, bare ${bare?.toFixed(1)} s`);
  }
  return measured;
}

function rowOf(size: number, { hub, bare }: Measured, bytes: number, eventBytes: number): number[] {
  const [seconds, bareSeconds] = [hub, bare].map((runs) => median(runs.map((run) => run.seconds)));
  const ratio = median(hub.map((run, index) => (bare[index]?.seconds ?? NaN) / run.seconds));
  const memory = hub.flatMap((run) => run.memory);
  return [
    size,
    seconds ?? NaN,
    ((seconds ?? NaN) * 1000) / size,
    size / (seconds ?? NaN),
    size / (bareSeconds ?? NaN),
    ratio,
    plateau(memory) / MB,
    Math.max(...memory) / MB,
    plateau(bare.flatMap((run) => run.memory)) / MB,
    bytes / size,
    eventBytes / size,
    (median(hub.map((run) => run.events)) * 1000) / size,
    (median(hub.map((run) => run.actions)) * 1000) / size,
  ];
}

const plateau = (samples: number[]) => median(samples.slice(Math.floor(samples.length / 2)));
