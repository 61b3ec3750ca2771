/**
 * People as Google matches them: each value normalised, then hashed where Google wants it hashed.
 * https://developers.google.com/google-ads/api/docs/remarketing/audience-segments/customer-match/get-started
 */
import { createHash } from 'crypto';
import type { IDataObject } from 'n8n-workflow';

/** What is known of one person, as people write it. */
export type Person = { [field in Field]?: unknown };
export type Field =
	'countryCode' | 'email' | 'firstName' | 'lastName' | 'mobileId' | 'phone' | 'postalCode' | 'userId';

export type Manner = {
	/** The country's calling code of phone numbers written without one. */
	phoneCountry?: string;
	/** Enhanced conversions want Gmail's addresses without the dots that Gmail does not look at. */
	withoutGmailDots?: boolean;
};

/** @throws Error that says what is wrong with a value */
export function identifiersOf(person: Person, manner: Manner = {}): IDataObject[] {
	const text = (field: Field) => String(person[field] ?? '').trim();
	const found: IDataObject[] = [];
	if (text('email')) found.push({ hashedEmail: hashed(text('email'), (one) => emailOf(one, manner)) });
	if (text('phone')) found.push({ hashedPhoneNumber: hashed(text('phone'), (one) => phoneOf(one, manner)) });
	const address = addressOf(text('firstName'), text('lastName'), text('countryCode'), text('postalCode'));
	if (address) found.push({ addressInfo: address });
	if (text('mobileId')) found.push({ mobileId: text('mobileId') });
	if (text('userId')) found.push({ thirdPartyUserId: text('userId') });
	if (found.length > 0) return found;
	throw new Error('Nothing is known of this person: give an email address, a phone number or another field');
}

const HASH = /^[0-9a-f]{64}$/i;

/** A value that came hashed already is left as it is. */
function hashed(text: string, write: (text: string) => string): string {
	if (HASH.test(text)) return text.toLowerCase();
	return createHash('sha256').update(write(text), 'utf8').digest('hex');
}

function emailOf(text: string, { withoutGmailDots = false }: Manner): string {
	const email = text.toLowerCase().replace(/\s/g, '');
	const [, name, host] = /^([^@]+)@([^@]+)$/.exec(email) ?? [];
	if (name === undefined || host === undefined)
		throw new Error('An email address is not one: it needs one @');
	const isGmail = host === 'gmail.com' || host === 'googlemail.com';
	return withoutGmailDots && isGmail ? `${name.replace(/\./g, '')}@${host}` : email;
}

/** E.164: a plus sign, the country's calling code, the number. */
function phoneOf(text: string, { phoneCountry = '' }: Manner): string {
	const digits = text.replace(/\(0\)/, '').replace(/\D/g, '').replace(/^0+/, '');
	const code = phoneCountry.replace(/\D/g, '');
	if (digits.length < 5) throw new Error('A phone number is not one: it has too few digits');
	if (/^\s*(\+|00)/.test(text)) return `+${digits}`;
	if (code !== '') return `+${code}${digits}`;
	throw new Error('A phone number lacks its country: begin it with +, or give the default calling code');
}

function addressOf(first: string, last: string, country: string, postalCode: string): IDataObject | null {
	const given = [first, last, country, postalCode].filter(Boolean).length;
	if (given === 0) return null;
	if (given < 4) throw new Error('An address needs first name, last name, country code and postal code');
	if (!/^[a-z]{2}$/i.test(country)) throw new Error('A country is not a two-letter code such as US');
	return {
		hashedFirstName: hashed(first, spaced),
		hashedLastName: hashed(last, (one) => spaced(one.replace(/\p{P}/gu, ''))),
		countryCode: country.toUpperCase(),
		postalCode,
	};
}

const spaced = (text: string) => text.toLowerCase().replace(/\s+/g, ' ').trim();
