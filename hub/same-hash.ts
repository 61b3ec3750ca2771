import { timingSafeEqual } from 'node:crypto';

/** Whether two digests, as text, are the same, in a time that does not say how far they are. */
export function sameHash(a: string, b: string): boolean {
  const [one, other] = [Buffer.from(a), Buffer.from(b)];
  return one.length === other.length && timingSafeEqual(one, other);
}
