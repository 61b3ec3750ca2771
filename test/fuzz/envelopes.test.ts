/** What was tampered with, cut off or moved never opens, and what is said of it holds nothing of what is inside. */
import { randomBytes } from 'node:crypto';
import fc from 'fast-check';
import { expect, it } from 'vitest';
import { HubError } from '../../hub/errors.ts';
import { parseKeyring } from '../../hub/vault/keyring.ts';
import { createVault } from '../../hub/vault/vault.ts';
import './seed.ts';

const vault = createVault(parseKeyring(`k:${randomBytes(32).toString('base64')}`));
const PLACE = 'connections/1/credentials';
const SECRET = 'a-token-that-must-not-be-seen';

function refusalOf(place: string, envelope: string): HubError {
  try {
    vault.open(place, envelope);
  } catch (error) {
    expect(error).toBeInstanceOf(HubError);
    return error as HubError;
  }
  throw new Error('it opened');
}

it('an envelope opens nowhere but at its place', () => {
  fc.assert(
    fc.property(fc.string(), fc.string(), (place, other) => {
      fc.pre(Buffer.from(place).compare(Buffer.from(other)) !== 0);
      refusalOf(other, vault.seal(place, SECRET));
    }),
  );
});

it('an envelope that is cut, lengthened or changed in any character does not open, and shows nothing', () => {
  const change = fc.oneof(
    fc.record({ kind: fc.constant('cut' as const), at: fc.nat() }),
    fc.record({ kind: fc.constant('insert' as const), at: fc.nat(), text: fc.string({ minLength: 1 }) }),
    fc.record({
      kind: fc.constant('replace' as const),
      at: fc.nat(),
      text: fc.string({ minLength: 1, maxLength: 1 }),
    }),
  );
  fc.assert(
    fc.property(change, (how) => {
      const sealed = vault.seal(PLACE, { accessToken: SECRET });
      const at = how.at % sealed.length;
      const changed =
        how.kind === 'cut'
          ? sealed.slice(0, at)
          : sealed.slice(0, at) + how.text + sealed.slice(at + (how.kind === 'replace' ? 1 : 0));
      // Two spellings of the same bytes are the same envelope: unused bits of the last character, `+` for `-`.
      fc.pre(!sameBytes(sealed, changed));
      const refusal = refusalOf(PLACE, changed);
      expect(['ENCRYPTION_KEY_WRONG', 'ENCRYPTION_KEY_MISSING']).toContain(refusal.code);
      expect(JSON.stringify([refusal.message, refusal.detail, String(refusal.cause)])).not.toContain(SECRET);
    }),
    { numRuns: 2_000 },
  );
});

it('bytes of any kind in the form of an envelope do not open', () => {
  const part = fc.uint8Array({ maxLength: 80 }).map((bytes) => Buffer.from(bytes).toString('base64url'));
  fc.assert(
    fc.property(part, part, (wrapped, sealed) => {
      refusalOf(PLACE, `h1.k.${wrapped}.${sealed}`);
    }),
    { numRuns: 1_000 },
  );
});

it('parts of two envelopes do not make one', () => {
  const [a, b] = [vault.seal(PLACE, 'a').split('.'), vault.seal(PLACE, 'b').split('.')];
  refusalOf(PLACE, [a[0], a[1], a[2], b[3]].join('.'));
  refusalOf(PLACE, [a[0], a[1], b[2], a[3]].join('.'));
});

function sameBytes(one: string, other: string): boolean {
  const decoded = (text: string) =>
    text.split('.').map((part, index) => (index < 2 ? part : Buffer.from(part, 'base64url').toString('hex')));
  return JSON.stringify(decoded(one)) === JSON.stringify(decoded(other));
}
