/** The figures of a run by benchmark and name, for scripts; and what they aim at. */
import type { Table } from './table.ts';

/** `{"token": {"ratioToBareRoute": 0.81}}` */
export type Figures = Record<string, Record<string, number>>;

type Aim = { atLeast: number } | { atMost: number };

/** Of those that have one. */
export const AIMS: Record<string, Aim> = {
  'token.ratioToBareRoute': { atLeast: 0.8 },
  'proxy.ratioToHttpProxy': { atLeast: 0.6 },
  'refresh.ratioToBareLoop': { atLeast: 0.7 },
  // Ten times as many connections, in proportion or little more.
  'sweep.timeRatio100kTo10k': { atMost: 12 },
  'sweep.memoryRatio100kTo10k': { atMost: 1.2 },
  'n8n.timeRatioToNativeCredential': { atMost: 1.1 },
};

/** @throws Error where one is no number: JSON would make a null of it, and a script would take that for zero */
export function figuresOf(name: string, tables: readonly Table[]): Record<string, number> {
  const figures = Object.assign({}, ...tables.map((table) => table.figures ?? {})) as Record<string, number>;
  for (const [figure, value] of Object.entries(figures))
    if (!Number.isFinite(value)) throw new Error(`${name}.${figure} came out as ${value}`);
  return figures;
}

export function summaryOf(figures: Figures): Table {
  const named = Object.entries(figures).flatMap(([bench, all]) =>
    Object.entries(all).map(([figure, value]) => [`${bench}.${figure}`, value] as const),
  );
  return {
    title: 'All figures',
    columns: ['', 'measured', 'aim', ''],
    rows: named.map(([name, value]) => [name, value, ...aimOf(AIMS[name], value)]),
    notes: [],
  };
}

function aimOf(aim: Aim | undefined, value: number): [string, string] {
  if (aim === undefined) return ['', ''];
  if ('atLeast' in aim) return [`at least ${aim.atLeast}`, value >= aim.atLeast ? 'met' : 'not met'];
  return [`at most ${aim.atMost}`, value <= aim.atMost ? 'met' : 'not met'];
}
