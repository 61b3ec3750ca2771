/** A table that becomes a list of cards where there is no room for it. */
import type { ReactNode } from 'react';
import { cx } from './basics.tsx';

type Column<Row> = {
  title: string;
  of: (row: Row) => ReactNode;
  /** Left out on a phone. */
  wide?: boolean;
  /** Its title is said, not shown. */
  silent?: boolean;
  className?: string;
};

type Props<Row> = { caption: string; columns: Column<Row>[]; rows: Row[]; keyOf: (row: Row) => string };

export function Table<Row>({ caption, columns, rows, keyOf }: Props<Row>) {
  return (
    <div className="overflow-hidden rounded-lg border border-line bg-panel shadow-panel">
      <table className="w-full text-left">
        <caption className="sr-only">{caption}</caption>
        <thead className="border-b border-line text-xs text-dim max-sm:sr-only">
          <tr>
            {columns.map(({ title, silent, wide, className }) => (
              <th
                key={title}
                scope="col"
                className={cx(
                  'px-3 py-2 font-medium first:pl-4 last:pr-4',
                  wide && 'max-md:hidden',
                  className,
                )}
              >
                {silent ? <span className="sr-only">{title}</span> : title}
              </th>
            ))}
          </tr>
        </thead>
        <tbody>
          {rows.map((row) => (
            <tr
              key={keyOf(row)}
              className="relative border-b border-line last:border-0 max-sm:flex max-sm:flex-wrap max-sm:items-center max-sm:gap-x-3 max-sm:px-4 max-sm:py-2"
            >
              {columns.map(({ title, of, wide, className }) => (
                <td
                  key={title}
                  className={cx(
                    'max-w-80 px-3 py-2 first:pl-4 last:pr-4 max-sm:p-0 max-sm:first:w-full max-sm:first:p-0 max-sm:last:p-0',
                    wide && 'max-md:hidden',
                    className,
                  )}
                >
                  {of(row)}
                </td>
              ))}
            </tr>
          ))}
        </tbody>
      </table>
    </div>
  );
}
