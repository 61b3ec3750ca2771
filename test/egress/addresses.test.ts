/** No address of the inside is taken for one of the outside: in no notation, inside of no other, and not by a name that changes its mind. */
import type { LookupAddress } from 'node:dns';
import fc from 'fast-check';
import ipaddr from 'ipaddr.js';
import { afterEach, describe, expect, it, vi } from 'vitest';
import { assertUrlAllowed, isPublicAddress, publicLookup } from '../../hub/egress/address.ts';
import '../fuzz/seed.ts';

/** What the names of these tests resolve to, one answer after the other; the last one stays. */
let answers: string[][] = [];
vi.mock('node:dns', async (original) => ({
  ...(await original<typeof import('node:dns')>()),
  lookup: (_name: string, _options: object, done: (error: null, found: LookupAddress[]) => void) => {
    const found = (answers.length > 1 ? answers.shift() : answers[0]) ?? [];
    done(
      null,
      found.map((address) => ({ address, family: address.includes(':') ? 6 : 4 })),
    );
  },
}));
afterEach(() => void (answers = []));

const octet = fc.nat(255);
const anyV4 = fc.tuple(octet, octet, octet, octet);
/** RFC 6890 and what has come since. */
const insideV4 = fc.oneof(
  ...[
    [0],
    [10],
    [127],
    [169, 254],
    [192, 168],
    [100, 64],
    [192, 0, 0],
    [192, 0, 2],
    [198, 18],
    [224],
    [240],
  ].map((start) => fc.tuple(octet, octet, octet, octet).map((all) => [...start, ...all.slice(start.length)])),
  fc.tuple(fc.integer({ min: 16, max: 31 }), octet, octet).map((rest) => [172, ...rest]),
  fc.constant([255, 255, 255, 255]),
);
const dotted = (parts: readonly number[]) => parts.join('.');
const hex = (parts: readonly number[]) =>
  [0, 2].map((at) => (((parts[at] ?? 0) << 8) | (parts[at + 1] ?? 0)).toString(16)).join(':');

/** How an address of four numbers is written inside one of eight. */
const INSIDE_OF_V6: Record<string, (parts: readonly number[]) => string> = {
  mapped: (parts) => `::ffff:${hex(parts)}`,
  'mapped, with dots': (parts) => `::ffff:${dotted(parts)}`,
  compatible: (parts) => `::${hex(parts)}`,
  translated: (parts) => `::ffff:0:${hex(parts)}`,
  'NAT64 (RFC 6052)': (parts) => `64:ff9b::${hex(parts)}`,
  'NAT64 of a network (RFC 8215)': (parts) => `64:ff9b:1::${hex(parts)}`,
  '6to4': (parts) => `2002:${hex(parts)}::1`,
  Teredo: (parts) => `2001:0:${hex(parts)}::1`,
};

describe('an address', () => {
  it('of the inside is never public', () => {
    fc.assert(
      fc.property(insideV4, (parts) => !isPublicAddress(dotted(parts))),
      { numRuns: 2_000 },
    );
  });

  it.each(Object.entries(INSIDE_OF_V6))(
    'of four numbers inside one of eight is never public: %s',
    (_how, write) => {
      fc.assert(fc.property(fc.oneof(insideV4, anyV4), (parts) => !isPublicAddress(write(parts))));
    },
  );

  it('of eight numbers is public only in the part that is handed out (2000::/3)', () => {
    const part = fc.nat(0xffff).map((n) => n.toString(16));
    fc.assert(
      fc.property(fc.array(part, { minLength: 8, maxLength: 8 }), (parts) => {
        const address = parts.join(':');
        const isHandedOut = ipaddr.parse(address).match(ipaddr.parse('2000::'), 3);
        if (isPublicAddress(address)) expect(isHandedOut).toBe(true);
      }),
      { numRuns: 2_000 },
    );
    for (const address of ['fe80::1%eth0', 'fec0::1', '4000::1', '::2', '100::1', '5f00::1', '3fff::1'])
      expect([address, isPublicAddress(address)]).toEqual([address, false]);
  });
});

describe('an address that is written', () => {
  const refused = (url: string) => {
    try {
      assertUrlAllowed(new URL(url), false);
      return false;
    } catch {
      return true;
    }
  };

  it.each([
    ...[
      '2130706433',
      '0x7f000001',
      '017700000001',
      '0x7f.1',
      '127.1',
      '127.0.1',
      '0177.0.0.01',
      '0X7F.0.0.1',
    ],
    ...['127.0.0.1.', '%31%32%37.0.0.1', '①②⑦.0.0.1', '127。0。0。1', '１２７.0.0.1', '0', '0.0.0.0', '0x0'],
    ...[
      '[::1]',
      '[::]',
      '[::127.0.0.1]',
      '[::ffff:127.0.0.1]',
      '[0:0:0:0:0:ffff:7f00:1]',
      '[64:ff9b:1::a00:1]',
    ],
    ...[
      '169.254.169.254',
      '2852039166',
      '0xa9fea9fe',
      '[fd00:ec2::254]',
      '[fe80::a9fe:a9fe]',
      '100.100.100.200',
    ],
  ])('in whatever notation is seen for what it is: %s', (host) => {
    expect(refused(`https://${host}/latest/meta-data`)).toBe(true);
  });

  it('in whatever system of numbers is seen for what it is', () => {
    const systems: ((n: number) => string)[] = [
      String,
      (n) => `0x${n.toString(16)}`,
      (n) => `0${n.toString(8)}`,
    ];
    const system = fc.constantFrom(...systems);
    fc.assert(
      fc.property(
        insideV4,
        fc.array(system, { minLength: 4, maxLength: 4 }),
        fc.integer({ min: 1, max: 4 }),
        (parts, by, count) => {
          // The last number holds all that is left.
          const last = parts.slice(count - 1).reduce((sum, part) => sum * 256 + part, 0);
          const numbers = [...parts.slice(0, count - 1), last];
          expect(refused(`https://${numbers.map((n, at) => by[at]?.(n)).join('.')}/`)).toBe(true);
        },
      ),
    );
  });

  it('is a name where it is none, and then its resolution decides', () => {
    for (const host of [
      'localhost.',
      'xn--bcher-kva.example',
      'bücher.example',
      '127.0.0.1.nip.io',
      'metadata',
    ])
      expect([host, refused(`https://${host}/`)]).toEqual([host, false]);
  });
});

describe('a name', () => {
  const ask = (all: boolean) =>
    new Promise<string[] | string>((resolve) =>
      publicLookup('any.example', { all }, (error, found) =>
        resolve(
          error ? error.message : typeof found === 'string' ? found : found.map(({ address }) => address),
        ),
      ),
    );

  it('leads to its public addresses only, whatever else it names, in whatever order', async () => {
    const address = fc.oneof(
      anyV4.map(dotted),
      insideV4.map(dotted),
      insideV4.map(INSIDE_OF_V6['mapped'] ?? dotted),
    );
    await fc.assert(
      fc.asyncProperty(fc.array(address, { maxLength: 5 }), async (found) => {
        answers = [found];
        const good = found.filter(isPublicAddress);
        const none = 'any.example has no public address';
        expect(await ask(true)).toEqual(good.length > 0 ? good : none);
        expect(await ask(false)).toEqual(good[0] ?? none);
      }),
      { numRuns: 300 },
    );
  });

  it('that leads outside first and inside a moment later is judged each time (DNS rebinding)', async () => {
    answers = [['93.184.216.34'], ['127.0.0.1'], ['169.254.169.254', '93.184.216.34'], ['::ffff:7f00:1']];
    expect(await ask(true)).toEqual(['93.184.216.34']);
    expect(await ask(true)).toMatch(/no public address/);
    expect(await ask(true)).toEqual(['93.184.216.34']);
    expect(await ask(false)).toMatch(/no public address/);
  });
});
