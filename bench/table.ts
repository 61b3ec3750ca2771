/** Figures as people read them, and as they are kept. */

export type Table = {
  title: string;
  columns: string[];
  rows: (string | number)[][];
  notes: string[];
  /** What is told of the benchmark by name, for scripts. */
  figures?: Record<string, number>;
};

export function printTable({ title, columns, rows, notes }: Table): string {
  const lines = [columns, ...rows.map((row) => row.map(shown))];
  const widths = columns.map((_, index) => Math.max(...lines.map((line) => line[index]?.length ?? 0)));
  const print = (line: string[]) =>
    line.map((cell, index) =>
      index === 0 ? cell.padEnd(widths[0] ?? 0) : cell.padStart(widths[index] ?? 0),
    );
  const [head = [], ...body] = lines.map((line) => print(line).join('  '));
  return [title, head, ...body, ...notes].map(String).join('\n');
}

/** Three digits that mean something. */
function shown(cell: string | number): string {
  if (typeof cell === 'string') return cell;
  if (Math.abs(cell) >= 100) return Math.round(cell).toLocaleString('en');
  return String(Number(cell.toPrecision(3)));
}

export function median(values: readonly number[]): number {
  return percentile(values, 50);
}

/** The nearest rank; NaN of nothing. */
export function percentile(values: readonly number[], of: number): number {
  const sorted = values.toSorted((a, b) => a - b);
  return sorted[Math.max(Math.ceil((of / 100) * sorted.length) - 1, 0)] ?? NaN;
}
