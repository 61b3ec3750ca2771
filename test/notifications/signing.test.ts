import { describe, expect, it } from 'vitest';
import { waitAsked } from '../../hub/notifications/delivery.ts';
import { typesOf } from '../../hub/notifications/lifecycle-event.ts';
import { newSecret, rotated, stillSigning } from '../../hub/notifications/signing.ts';

const NOW = new Date('2026-01-01T00:00:00Z');
const later = (ms: number) => new Date(NOW.getTime() + ms);

describe('a rotated secret', () => {
  it('signs beside the new one until its time is over, and no longer', () => {
    const before = [newSecret()];
    const after = rotated(before, NOW, 1000);
    expect(after).toHaveLength(2);
    expect(stillSigning(after, later(999)).map(({ secret }) => secret)).toEqual(
      after.map(({ secret }) => secret),
    );
    expect(stillSigning(after, later(1000))).toEqual([after[0]]);
    expect(after[1]?.secret).toBe(before[0]?.secret);
  });

  it('keeps the time it was given when there is another rotation, and the newest never ends', () => {
    const twice = rotated(rotated([newSecret()], NOW, 1000), later(500), 1000);
    expect(twice.map(({ until }) => until && Date.parse(until) - NOW.getTime())).toEqual([null, 1500, 1000]);
    expect(rotated(twice, later(1000), 1000)).toHaveLength(3);
  });

  it('is forgotten early only where there were many, so that a header does not grow without end', () => {
    let secrets = [newSecret()];
    for (let i = 0; i < 20; i++) secrets = rotated(secrets, NOW, 1000);
    expect(secrets).toHaveLength(5);
  });
});

describe('Retry-After', () => {
  it.each([
    [undefined, 0],
    ['120', 120_000],
    ['Thu, 01 Jan 2026 00:01:00 GMT', 60_000],
    ['Wed, 31 Dec 2025 00:00:00 GMT', 0],
    ['9999999999', 86_400_000],
    ['soon', 0],
    ['-5', 0],
  ])('%s is %s ms', (header, ms) => {
    expect(waitAsked(header, NOW)).toBe(ms);
  });
});

it('patterns stand for types, and what stands for none is told from the rest', () => {
  expect(typesOf(['connection.error'])).toEqual(['connection.error']);
  expect(typesOf(['*'])).toEqual(typesOf(['connection.*']));
  expect(typesOf(['connection.error', 'connection.nothing'])).toBeNull();
});
