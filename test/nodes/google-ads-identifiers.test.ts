/** People are hashed as Google's guides want it, however they are written. */
import { createHash } from 'node:crypto';
import { createRequire } from 'node:module';
import path from 'node:path';
import { expect, inject, it } from 'vitest';

const { identifiersOf } = createRequire(import.meta.url)(
  path.join(inject('n8nPackage'), 'nodes/HubGoogleAds/identifiers.js'),
) as { identifiersOf: (person: object, manner?: object) => object[] };

const sha = (text: string) => createHash('sha256').update(text).digest('hex');

it.each([
  [{ email: ' Jo.Do@Example.COM ' }, [{ hashedEmail: sha('jo.do@example.com') }]],
  [{ phone: '+1 (415) 555-0100' }, [{ hashedPhoneNumber: sha('+14155550100') }]],
  [{ phone: '0044 20 7946 0000' }, [{ hashedPhoneNumber: sha('+442079460000') }]],
  [
    { firstName: ' Mary  Ann', lastName: "O'Neill", countryCode: 'us', postalCode: '94025' },
    [
      {
        addressInfo: {
          hashedFirstName: sha('mary ann'),
          hashedLastName: sha('oneill'),
          countryCode: 'US',
          postalCode: '94025',
        },
      },
    ],
  ],
  [{ mobileId: 'AECE-1' }, [{ mobileId: 'AECE-1' }]],
  [{ userId: 'Customer 7' }, [{ thirdPartyUserId: 'Customer 7' }]],
  [
    { email: 'a@b.c', phone: '+14155550100' },
    [{ hashedEmail: sha('a@b.c') }, { hashedPhoneNumber: sha('+14155550100') }],
  ],
])('%o', (person, identifiers) => {
  expect(identifiersOf(person)).toEqual(identifiers);
});

it('takes the dots out of Gmail’s addresses where conversions want it, and out of no others', () => {
  const manner = { withoutGmailDots: true };
  expect(identifiersOf({ email: 'jo.do@googlemail.com' }, manner)).toEqual([
    { hashedEmail: sha('jodo@googlemail.com') },
  ]);
  expect(identifiersOf({ email: 'jo.do@example.com' }, manner)).toEqual([
    { hashedEmail: sha('jo.do@example.com') },
  ]);
});

it('puts the default calling code before numbers that have none', () => {
  expect(identifiersOf({ phone: '0151 23456789' }, { phoneCountry: '49' })).toEqual([
    { hashedPhoneNumber: sha('+4915123456789') },
  ]);
});

it('leaves what came hashed as it is', () => {
  const hash = sha('jo@example.com');
  expect(identifiersOf({ email: hash.toUpperCase() })).toEqual([{ hashedEmail: hash }]);
});

it.each([
  [{ email: 'jo example.com' }, /email address/],
  [{ phone: 'call me' }, /phone number/],
  [{ phone: '415 555 0100' }, /lacks its country/],
  [{ firstName: 'Jo', lastName: 'Do' }, /country code and postal code/],
  [{ firstName: 'Jo', lastName: 'Do', countryCode: 'Germany', postalCode: '1' }, /two-letter code/],
  [{}, /Nothing is known/],
])('refuses %o', (person, message) => {
  expect(() => identifiersOf(person)).toThrow(message);
});
