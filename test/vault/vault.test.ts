import { randomBytes } from 'node:crypto';
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { generateEncryptionKeys, parseKeyring } from '../../hub/vault/keyring.ts';
import { createVault } from '../../hub/vault/vault.ts';

const key = () => randomBytes(32).toString('base64');
const vaultOf = (text: string) => createVault(parseKeyring(text));
const PLACE = 'connections/1/credentials';

describe('an envelope', () => {
  it('opens to what was sealed, whatever it was', () => {
    const vault = vaultOf(`a:${key()}`);
    fc.assert(
      fc.property(fc.jsonValue(), (value) => {
        expect(vault.open(PLACE, vault.seal(PLACE, value))).toEqual(JSON.parse(JSON.stringify(value)));
      }),
    );
  });

  it('never repeats itself, and shows nothing of what is in it', () => {
    const vault = vaultOf(`a:${key()}`);
    const sealed = Array.from({ length: 50 }, () =>
      vault.seal(PLACE, { accessToken: 'a-very-secret-token' }),
    );
    expect(new Set(sealed).size).toBe(50);
    expect(sealed.join()).not.toContain('secret');
  });

  it('opens only at the place it was sealed for', () => {
    const vault = vaultOf(`a:${key()}`);
    const sealed = vault.seal(PLACE, 1);
    expect(() => vault.open('connections/2/credentials', sealed)).toThrow(
      /right id but is not the key|tampered/,
    );
  });

  it('does not open with any byte of it changed', () => {
    const vault = vaultOf(`a:${key()}`);
    const [version, id, wrapped = '', sealed = ''] = vault.seal(PLACE, { a: 1 }).split('.');
    const flip = (part: string, at: number) => {
      const bytes = Buffer.from(part, 'base64url');
      bytes[at] = (bytes[at] ?? 0) ^ 1;
      return bytes.toString('base64url');
    };
    for (let at = 0; at < Buffer.from(sealed, 'base64url').length; at++)
      expect(() => vault.open(PLACE, [version, id, wrapped, flip(sealed, at)].join('.'))).toThrow();
    for (let at = 0; at < Buffer.from(wrapped, 'base64url').length; at++)
      expect(() => vault.open(PLACE, [version, id, flip(wrapped, at), sealed].join('.'))).toThrow();
  });

  it('of any other form is refused as not sealed', () => {
    const vault = vaultOf(`a:${key()}`);
    fc.assert(
      fc.property(fc.string(), (text) => {
        expect(() => vault.open(PLACE, text)).toThrow();
      }),
    );
  });
});

describe('several keys', () => {
  it('the first seals, all open, and the id says which one it was', () => {
    const [old, young] = [`old:${key()}`, `young:${key()}`];
    const before = vaultOf(old).seal(PLACE, 'x');
    const both = vaultOf(`${young},${old}`);
    expect(both.open(PLACE, before)).toBe('x');
    expect(both.keyIdOf(before)).toBe('old');
    expect(both.keyIdOf(both.seal(PLACE, 'y'))).toBe('young');
  });

  it('an envelope is rewrapped under the first, by its wrapping alone, and only where it opens', () => {
    const [old, young] = [`old:${key()}`, `young:${key()}`];
    const before = vaultOf(old).seal(PLACE, 'x');
    const both = vaultOf(`${young},${old}`);
    const after = both.rewrap(PLACE, before);
    expect(vaultOf(young).open(PLACE, after)).toBe('x');
    expect(after.split('.')[3]).toBe(before.split('.')[3]);
    expect(both.rewrap(PLACE, after)).toBe(after);
    expect(() => both.rewrap('connections/2/credentials', before)).toThrow(/tampered/);
    expect(() => vaultOf(young).rewrap(PLACE, before)).toThrow(/key id "old"; known: young/);
  });

  it('a missing key is named by its id, and so is a wrong one', () => {
    const sealed = vaultOf(`gone:${key()}`).seal(PLACE, 'x');
    expect(() => vaultOf(`here:${key()}`).open(PLACE, sealed)).toThrow(/key id "gone"; known: here/);
    expect(() => vaultOf(`gone:${key()}`).open(PLACE, sealed)).toThrow(/key id "gone"/);
  });
});

describe('HUB_ENCRYPTION_KEYS', () => {
  it('as npm start makes it is taken', () => {
    expect(parseKeyring(generateEncryptionKeys()).ids()).toHaveLength(1);
  });

  it.each([
    ['', /holds no key/],
    ['nocolon', /entry 1 needs an id/],
    [`a:${randomBytes(16).toString('base64')}`, /entry 1 \("a"\): the key must be 32 bytes/],
    [`a:${key()},a:${key()}`, /entry 2: the id "a" is there twice/],
    [`bad id:${key()}`, /needs an id of letters/],
  ])('is refused with the entry at fault and without the key: %#', (text, message) => {
    expect(() => parseKeyring(text)).toThrow(message);
    try {
      parseKeyring(text);
    } catch (error) {
      for (const part of text.split(/[:,]/).filter((one) => one.length > 20))
        expect(String(error)).not.toContain(part);
    }
  });
});
