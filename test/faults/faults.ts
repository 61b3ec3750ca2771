/** The faults, as data: what is done to which part, and how it is mended. */
import { setTimeout as sleep } from 'node:timers/promises';
import { wrongClock } from './fleet.ts';
import { takeAllConnections } from './servers.ts';
import { PROVIDERS, type Stage } from './stage.ts';

/** Mends it. What came back has said that it is ready when this returns. */
type Mend = () => Promise<unknown>;

export type Fault = {
  name: string;
  /** Faults of the same part do not come together. */
  part: 'process' | 'postgres' | 'temporal' | 'line' | 'provider' | 'webhook';
  weight: number;
  /**
   * Waits for nothing that another fault may keep from coming: a process that starts while Temporal is frozen.
   * @param victim which of those that it can happen to, by chance
   * @returns null: it cannot be done here
   */
  inject: (stage: Stage, victim: number, holdMs: number) => Promise<Mend | null>;
};

const at = <T>(list: readonly T[], victim: number): T => list[victim % list.length] as T;
const hubMembers = ({ apis, workers }: Stage) => [...workers, ...apis];
const HOUR = 3_600_000;
const HELD_MS = 1_500;

export const FAULTS: readonly Fault[] = [
  {
    name: 'a process killed',
    part: 'process',
    weight: 6,
    async inject(stage, victim) {
      const member = at(hubMembers(stage), victim);
      await member.end('SIGKILL');
      return () => member.ready();
    },
  },
  {
    name: 'a worker killed while a provider has its request',
    part: 'process',
    weight: 6,
    async inject(stage, victim) {
      const { id } = at(PROVIDERS, victim);
      await stage.control('PATCH', `/${id}/behaviour`, { holdAnswers: true });
      const until = Date.now() + HELD_MS;
      const held = async () => ((await stage.control('GET', `/${id}/behaviour`)) as { held: number }).held;
      while ((await held()) === 0 && Date.now() < until) await sleep(20);
      const member = at(stage.workers, victim);
      await member.end('SIGKILL');
      await stage.control('POST', `/${id}/release`);
      return () => member.ready();
    },
  },
  {
    name: 'all workers killed at once',
    part: 'process',
    weight: 2,
    async inject({ workers }) {
      await Promise.all(workers.map((worker) => worker.end('SIGKILL')));
      return () => Promise.all(workers.map((worker) => worker.ready()));
    },
  },
  {
    name: 'a process frozen',
    part: 'process',
    weight: 5,
    async inject(stage, victim) {
      const member = at(hubMembers(stage), victim);
      member.freeze();
      return async () => member.thaw();
    },
  },
  {
    name: 'a process with a clock that is an hour fast or slow',
    part: 'process',
    weight: 3,
    async inject(stage, victim) {
      const member = at(hubMembers(stage), victim >> 1);
      await member.end('SIGKILL', wrongClock(victim % 2 === 0 ? HOUR : -HOUR));
      return async () => {
        await member.ready();
        await member.end('SIGTERM');
        await member.ready();
      };
    },
  },
  {
    name: 'a rolling restart of the workers',
    part: 'process',
    weight: 1,
    async inject({ workers }) {
      const rolled = (async () => {
        for (const member of workers) {
          await member.end('SIGTERM');
          await member.ready();
        }
      })();
      return () => rolled;
    },
  },
  {
    name: 'an API restarted',
    part: 'process',
    weight: 1,
    async inject({ apis }, victim) {
      const member = at(apis, victim);
      await member.end('SIGTERM');
      return () => member.ready();
    },
  },
  ...(['SIGKILL', 'SIGQUIT', 'SIGINT'] as const).map((signal): Fault => ({
    name: {
      SIGKILL: 'PostgreSQL killed',
      SIGQUIT: 'PostgreSQL ended at once',
      SIGINT: 'PostgreSQL restarted',
    }[signal],
    part: 'postgres',
    weight: 2,
    async inject({ postgres }) {
      await postgres.end(signal);
      return () => postgres.revive();
    },
  })),
  {
    name: 'PostgreSQL frozen',
    part: 'postgres',
    weight: 2,
    async inject({ postgres }) {
      postgres.freeze();
      return async () => postgres.thaw();
    },
  },
  {
    name: 'PostgreSQL without a free connection',
    part: 'postgres',
    weight: 2,
    inject: ({ postgres }) => takeAllConnections(postgres.url),
  },
  {
    name: "PostgreSQL's disk full",
    part: 'postgres',
    weight: 2,
    async inject({ postgres }) {
      const { disk } = postgres;
      if (disk === null) return null;
      disk.fill();
      return async () => {
        disk.free();
        await postgres.revive();
      };
    },
  },
  {
    name: 'Temporal killed',
    part: 'temporal',
    weight: 3,
    async inject({ temporal }) {
      await temporal.end('SIGKILL');
      return () => temporal.revive();
    },
  },
  {
    name: 'Temporal frozen',
    part: 'temporal',
    weight: 2,
    async inject({ temporal }) {
      temporal.freeze();
      return async () => temporal.thaw();
    },
  },
  ...(
    [
      ['a line cut', (line) => line.cut()],
      ['a line silent', (line) => line.freeze()],
      ['a line slow', (line) => line.slow(300)],
      ['answers broken off', (line) => line.breakOff(3)],
    ] satisfies [string, (line: LineOf) => void][]
  ).map(([name, spoil]): Fault => ({
    name,
    part: 'line',
    weight: 4,
    async inject({ lines }, victim) {
      const line = at([...lines.values()], victim);
      spoil(line);
      return async () => line.mend();
    },
  })),
  ...(
    [
      ['a provider down', { token: 'down', api: 'down' }],
      ['a provider asks to wait', { token: 'rate_limited', api: 'rate_limited', retryAfter: 2 }],
      ['a provider hangs', { token: 'hang', api: 'hang' }],
      ['a provider slow', { token: 'slow', api: 'slow', delayMs: 800 }],
      ['a provider answers with a page', { token: 'garbage', api: 'garbage' }],
      ['a provider resets after processing', { dropAfterProcessing: 2 }],
    ] satisfies [string, object][]
  ).map(([name, switches]): Fault => ({
    name,
    part: 'provider',
    weight: 2,
    async inject({ control }, victim) {
      const { id } = at(PROVIDERS, victim);
      await control('PATCH', `/${id}/behaviour`, switches);
      return () =>
        control('PATCH', `/${id}/behaviour`, { token: 'normal', api: 'normal', dropAfterProcessing: false });
    },
  })),
  {
    name: 'a provider answers late, having done the work',
    part: 'provider',
    weight: 3,
    async inject({ control }, victim) {
      const { id } = at(PROVIDERS, victim);
      await control('PATCH', `/${id}/behaviour`, { holdAnswers: true });
      return () => control('POST', `/${id}/release`);
    },
  },
  {
    name: "the webhook's endpoint fails",
    part: 'webhook',
    weight: 2,
    async inject({ receiver }) {
      receiver.answer = () => ({ status: 503 });
      return async () => void (receiver.answer = () => ({ status: 204 }));
    },
  },
];

/** Whose answers to refreshes it may cost: one provider's, anybody's (`null`), nobody's (`undefined`). */
export function answersAtRisk(
  { part }: Pick<Fault, 'part'>,
  victim: number,
  { lines }: Pick<Stage, 'lines'>,
): string | null | undefined {
  switch (part) {
    case 'process':
    case 'postgres':
      return null;
    case 'provider':
      return at(PROVIDERS, victim).id;
    case 'line': {
      const [from = '', to = ''] = at([...lines.keys()], victim).split(' to ');
      if (to === 'postgres') return null;
      return from === 'hub' ? to : undefined;
    }
    default:
      return undefined;
  }
}

type LineOf = Stage['lines'] extends Map<string, infer Line> ? Line : never;
