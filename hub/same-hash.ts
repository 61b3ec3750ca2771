import { timingSafeEqual } from 'node:crypto';

/** Whether two digests, as text, are the same, in a time that does not say how far they are. */
export const sameHash = (a: string, b: string): boolean =>
  a.length === b.length && timingSafeEqual(Buffer.from(a), Buffer.from(b));
