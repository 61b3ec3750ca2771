/**
 * People as Meta matches them: each value normalised, then hashed, so that it reads the same whoever wrote it.
 * https://developers.facebook.com/docs/marketing-api/audiences/guides/custom-audiences#hash
 */
import { createHash } from 'crypto';
import type { IDataObject } from 'n8n-workflow';

/** What is known of one person, as people write it. */
export type Person = { [field in Field]?: unknown };
export type Field =
	| 'city'
	| 'country'
	| 'dateOfBirth'
	| 'email'
	| 'externalId'
	| 'firstName'
	| 'gender'
	| 'lastName'
	| 'mobileAdId'
	| 'phone'
	| 'state'
	| 'value'
	| 'zip';

/** Meta's name of a value, and the value as it is sent. */
export type Row = { [key in Key]?: string | number };

// The order of the columns.
export const KEYS = [
	'EXTERN_ID',
	'EMAIL',
	'PHONE',
	'MADID',
	'FN',
	'LN',
	'GEN',
	'DOBY',
	'DOBM',
	'DOBD',
	'CT',
	'ST',
	'ZIP',
	'COUNTRY',
	'LOOKALIKE_VALUE',
] as const;
export type Key = (typeof KEYS)[number];

const NOT_HASHED: readonly Key[] = ['EXTERN_ID', 'MADID', 'LOOKALIKE_VALUE'];

/**
 * @param phoneCountry the country's calling code of phone numbers written without one
 * @throws Error that says what is wrong with a value
 */
export function rowOf(person: Person, phoneCountry = ''): Row {
	const plain = normalised(person, phoneCountry);
	const row: Row = {};
	for (const key of KEYS) {
		const value = plain[key];
		if (value === undefined || value === '') continue;
		row[key] = NOT_HASHED.includes(key) ? value : hashed(String(value));
	}
	if (Object.keys(row).every((key) => key === 'LOOKALIKE_VALUE'))
		throw new Error(
			'Nothing is known of this person: give an email address, a phone number or another field',
		);
	return row;
}

function normalised(person: Person, phoneCountry: string): Row {
	const text = (field: Field) => String(person[field] ?? '').trim();
	const country = given(text('country'), countryOf);
	return {
		EXTERN_ID: text('externalId'),
		EMAIL: given(text('email'), emailOf),
		PHONE: given(text('phone'), (phone) => phoneOf(phone, phoneCountry)),
		MADID: text('mobileAdId').toLowerCase(),
		FN: given(text('firstName'), nameOf),
		LN: given(text('lastName'), nameOf),
		GEN: given(text('gender'), genderOf),
		...given(text('dateOfBirth'), birthOf, {}),
		CT: given(text('city'), lettersOf),
		ST: given(text('state'), lettersOf),
		ZIP: given(text('zip'), (zip) => zipOf(zip, country)),
		COUNTRY: country,
		...(text('value') === '' ? {} : { LOOKALIKE_VALUE: valueOf(text('value')) }),
	};
}

/** Values that came hashed already are left as they are. */
function given<T>(text: string, write: (text: string) => T, none?: T): T {
	if (text === '') return none ?? ('' as T);
	return HASH.test(text) ? (text.toLowerCase() as T) : write(text);
}

const HASH = /^[0-9a-f]{64}$/i;

const hashed = (value: string): string =>
	HASH.test(value) ? value : createHash('sha256').update(value, 'utf8').digest('hex');

function emailOf(text: string): string {
	const email = text.toLowerCase();
	if (!/^[^\s@]+@[^\s@]+$/.test(email)) throw new Error('An email address is not one: it needs one @');
	return email;
}

/** Digits only, with the country's calling code and without leading zeros. */
function phoneOf(text: string, phoneCountry: string): string {
	const isInternational = /^\s*(\+|00)/.test(text);
	const digits = text.replace(/\(0\)/, '').replace(/\D/g, '').replace(/^0+/, '');
	const code = phoneCountry.replace(/\D/g, '');
	if (digits.length < 5) throw new Error('A phone number is not one: it has too few digits');
	return isInternational || code === '' ? digits : code + digits;
}

const nameOf = (text: string) =>
	text
		.toLowerCase()
		.replace(/[\p{P}\p{S}]/gu, '')
		.replace(/\s+/g, ' ')
		.trim();

const lettersOf = (text: string) => text.toLowerCase().replace(/[^\p{L}\p{M}\d]/gu, '');

function genderOf(text: string): string {
	const [letter = ''] = text.toLowerCase();
	if (/^(m|f|male|female)$/i.test(text)) return letter;
	throw new Error('A gender is neither m nor f');
}

function birthOf(text: string): Row {
	const [, year, month, day] = /^(\d{4})-(\d\d)-(\d\d)/.exec(text) ?? [];
	if (year === undefined || month === undefined || day === undefined)
		throw new Error('A date of birth is not written as 1990-05-17');
	return { DOBY: year, DOBM: month, DOBD: day };
}

function zipOf(text: string, country: string): string {
	const zip = text.toLowerCase().replace(/\s/g, '');
	return country === 'us' || /^\d{5}-\d{4}$/.test(zip) ? zip.slice(0, 5) : zip.replace(/-/g, '');
}

function countryOf(text: string): string {
	if (/^[a-z]{2}$/i.test(text)) return text.toLowerCase();
	throw new Error('A country is not a two-letter code such as US');
}

function valueOf(text: string): number {
	const value = Number(text);
	if (Number.isFinite(value) && value >= 0) return value;
	throw new Error('A customer value is not a number from 0');
}

/** One schema for all, with empty text where a person's value is not known. */
export function tableOf(rows: readonly Row[]): { schema: Key[]; data: (string | number)[][] } {
	const schema = KEYS.filter((key) => rows.some((row) => key in row));
	return { schema, data: rows.map((row) => schema.map((key) => row[key] ?? '')) };
}

export const isPerson = (value: unknown): value is IDataObject =>
	typeof value === 'object' && value !== null && !Array.isArray(value);
