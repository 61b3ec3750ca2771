/** CSV for spreadsheets: what begins like a formula is none there (https://owasp.org/www-community/attacks/CSV_Injection). */
import { stringify } from 'csv-stringify/sync';

/** @param columns in this order; without them a head of the rows' own names is written */
export const csvOf = (rows: readonly object[], columns?: readonly string[]): string =>
  stringify([...rows], {
    ...(columns === undefined ? { header: true } : { columns: [...columns] }),
    // Of =, +, -, @, tab and carriage return; a line feed it does not know.
    escape_formulas: true,
    cast: { string: (value) => (value.startsWith('\n') ? `'${value}` : value) },
  });
