/**
 * Rewrapping and verifying what is sealed, a stretch of rows at a time, beside everything else.
 *
 * Rows are written one by one, each by compare-and-set on the very bytes that were read: a value that a refresh
 * stores meanwhile stays, and nobody waits for longer than one row's write takes.
 */
import { readSealed, replaceSealed, sealedColumn, type SealedRow } from '../database/sealed.ts';
import type { Hub } from '../hub.ts';

/** Rows of one column in the order of their ids. `most` bounds what one activity does, `pageSize` one statement. */
export type Stretch = { column: string; after: string | null; most: number; pageSize: number };

export type Rewrapped = {
  /** The id that the next stretch begins after. */
  after: string | null;
  rows: number;
  rewrapped: number;
  /** Written by somebody else meanwhile, or gone: what is there now is newer. */
  overtaken: number;
  unopened: number;
  /** This process no longer seals with the key: nothing was done. */
  notFirst: boolean;
  /** Nothing is left after it. */
  done: boolean;
};

/** A value that does not open: where it lies, and why. */
export type Unopened = {
  column: string;
  id: string;
  keyId: string | null;
  why: 'damaged' | 'key_missing';
};

export type Verified = {
  after: string | null;
  rows: number;
  /** How many that open are under which key id. */
  counts: Record<string, number>;
  /** The first of them by name. */
  unopened: { count: number; places: Unopened[] };
  done: boolean;
};

export type Work<T> = {
  /** What an earlier attempt had done before its worker died. */
  resumed: T | null;
  /** Told with every page, and kept by the caller. */
  progress: (soFar: T) => void;
  stopping: AbortSignal;
};

type Pages = Pick<Hub, 'db' | 'vault'>;

const PLACES_TOLD = 100;
// Each is a statement of its own; a pool has ten connections, and tokens are read meanwhile.
const ROWS_AT_ONCE = 4;

/** @throws whatever keeps the database from answering */
export async function rewrapStretch(
  { db, vault }: Pages,
  keyId: string,
  { column: name, after, most, pageSize }: Stretch,
  { resumed, progress, stopping }: Work<Rewrapped>,
): Promise<Rewrapped> {
  const column = sealedColumn(name);
  const notFirst = vault.keyIds()[0] !== keyId;
  const result = resumed ?? {
    after,
    rows: 0,
    rewrapped: 0,
    overtaken: 0,
    unopened: 0,
    notFirst,
    done: false,
  };
  while (!notFirst && !result.done && result.rows < most && !stopping.aborted) {
    const page = await readSealed(db, column, { after: result.after, limit: pageSize, except: keyId });
    const waiting = [...page];
    const drain = async () => {
      for (let row = waiting.shift(); row; row = waiting.shift()) result[await rewrap(row)]++;
    };
    await Promise.all(Array.from({ length: ROWS_AT_ONCE }, drain));
    result.rows += page.length;
    result.after = page.at(-1)?.id ?? result.after;
    result.done = page.length < pageSize;
    progress(result);
  }
  return { ...result, notFirst };

  async function rewrap(row: SealedRow): Promise<'rewrapped' | 'overtaken' | 'unopened'> {
    let next: string;
    try {
      next = vault.rewrap(column.placeOf(row.id), row.envelope);
    } catch {
      // Left as it is: the verification says where it lies.
      return 'unopened';
    }
    return (await replaceSealed(db, column, row, next)) ? 'rewrapped' : 'overtaken';
  }
}

/** Opens every value, and counts under which key it is. */
export async function verifyStretch(
  { db, vault }: Pages,
  { column: name, after, most, pageSize }: Stretch,
  { resumed, progress, stopping }: Work<Verified>,
): Promise<Verified> {
  const column = sealedColumn(name);
  const result: Verified = resumed ?? {
    after,
    rows: 0,
    counts: {},
    unopened: { count: 0, places: [] },
    done: false,
  };
  while (!result.done && result.rows < most && !stopping.aborted) {
    const page = await readSealed(db, column, { after: result.after, limit: pageSize });
    for (const row of page) {
      const { keyId, why } = look(row);
      if (why === null) result.counts[keyId] = (result.counts[keyId] ?? 0) + 1;
      else if (result.unopened.count++ < PLACES_TOLD)
        result.unopened.places.push({ column: name, id: row.id, keyId, why });
    }
    result.rows += page.length;
    result.after = page.at(-1)?.id ?? result.after;
    result.done = page.length < pageSize;
    progress(result);
  }
  return result;

  function look({ id, envelope }: SealedRow): Looked {
    let keyId: string | null = null;
    try {
      keyId = vault.keyIdOf(envelope);
      vault.open(column.placeOf(id), envelope);
      return { keyId, why: null };
    } catch {
      return { keyId, why: keyId === null || vault.keyIds().includes(keyId) ? 'damaged' : 'key_missing' };
    }
  }
}

type Looked = { keyId: string; why: null } | { keyId: string | null; why: Unopened['why'] };
