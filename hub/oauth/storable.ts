/** A provider's word as PostgreSQL keeps it: without NUL, which no text there has, and without half of a surrogate pair. */
export const storable = (word: string, most = Infinity): string =>
  word.replaceAll('\0', '').slice(0, most).toWellFormed();
