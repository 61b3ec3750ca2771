/** People are hashed as Meta's guide on customer files says, however they are written. */
import { createHash } from 'node:crypto';
import { createRequire } from 'node:module';
import path from 'node:path';
import { expect, inject, it } from 'vitest';

const { rowOf, tableOf } = createRequire(import.meta.url)(
  path.join(inject('n8nPackage'), 'nodes/HubMetaAds/members.js'),
) as {
  rowOf: (person: object, phoneCountry?: string) => object;
  tableOf: (rows: object[]) => { schema: string[]; data: unknown[][] };
};

const sha = (text: string) => createHash('sha256').update(text).digest('hex');

it.each([
  ['email', ' Jo.Do@Example.COM ', { EMAIL: sha('jo.do@example.com') }],
  ['phone', '+1 (415) 555-0100', { PHONE: sha('14155550100') }],
  ['phone', '0044 20 7946 0000', { PHONE: sha('442079460000') }],
  ['phone', '+49 (0)30 1234567', { PHONE: sha('49301234567') }],
  ['firstName', ' Mary-Ann ', { FN: sha('maryann') }],
  ['firstName', 'Žofie', { FN: sha('žofie') }],
  ['lastName', "O'Neill", { LN: sha('oneill') }],
  ['gender', 'Female', { GEN: sha('f') }],
  ['dateOfBirth', '1990-05-07T00:00:00Z', { DOBY: sha('1990'), DOBM: sha('05'), DOBD: sha('07') }],
  ['city', 'St. Louis', { CT: sha('stlouis') }],
  ['state', ' CA', { ST: sha('ca') }],
  ['zip', '94025-1234', { ZIP: sha('94025') }],
  ['zip', 'M1 1AE', { ZIP: sha('m11ae') }],
  ['country', 'US', { COUNTRY: sha('us') }],
  ['mobileAdId', 'AECE52E7-03EE-455A-B3C4-E57283966239', { MADID: 'aece52e7-03ee-455a-b3c4-e57283966239' }],
  ['externalId', 'Customer 7', { EXTERN_ID: 'Customer 7' }],
])('%s “%s” is normalised, then hashed where Meta wants it hashed', (field, written, row) => {
  expect(rowOf({ [field]: written })).toEqual(row);
});

it('puts the default calling code before numbers that have none, and before no other', () => {
  expect(rowOf({ phone: '(415) 555-0100' }, '+1')).toEqual({ PHONE: sha('14155550100') });
  expect(rowOf({ phone: '+44 20 7946 0000' }, '1')).toEqual({ PHONE: sha('442079460000') });
});

it('leaves what came hashed as it is', () => {
  expect(rowOf({ email: sha('jo@example.com').toUpperCase() })).toEqual({ EMAIL: sha('jo@example.com') });
});

it.each([
  [{ email: 'jo example.com' }, /email address/],
  [{ email: 'a@b@c' }, /email address/],
  [{ phone: 'call me' }, /phone number/],
  [{ gender: 'unknown' }, /gender/],
  [{ dateOfBirth: '7.5.1990' }, /date of birth/],
  [{ country: 'Germany' }, /two-letter code/],
  [{ email: 'a@b.c', value: '-1' }, /customer value/],
  [{}, /Nothing is known/],
  [{ email: '', value: 5 }, /Nothing is known/],
])('refuses %o', (person, message) => {
  expect(() => rowOf(person)).toThrow(message);
});

it('puts people who are known by different things into one table', () => {
  const rows = [rowOf({ externalId: '1', value: 2 }), rowOf({ externalId: '2', mobileAdId: 'ABC' })];
  expect(tableOf(rows)).toEqual({
    schema: ['EXTERN_ID', 'MADID', 'LOOKALIKE_VALUE'],
    data: [
      ['1', '', 2],
      ['2', 'abc', ''],
    ],
  });
});
