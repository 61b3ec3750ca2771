/** https://developers.google.com/google-ads/api/docs/query/grammar */
import { METRICS, type Kind } from './kinds';

type Asked = { where: string[]; metrics?: boolean; limit: number };

export function queryOf(kind: Kind, { where, metrics = false, limit }: Asked): string {
	const fields = [...kind.fields, ...(metrics ? METRICS : [])];
	const from = metrics ? (kind.fromWithMetrics ?? kind.from) : kind.from;
	const conditions = [...(kind.where ? [kind.where] : []), ...where].filter(Boolean);
	return limited(
		`SELECT ${fields.join(', ')} FROM ${from}${conditions.length > 0 ? ` WHERE ${conditions.join(' AND ')}` : ''}`,
		limit,
	);
}

/** `123~456`: what lies in an ad group is found by both. */
export function isId({ idField }: Kind, id: string): string {
	const [first = '', second] = id.split('~');
	return second === undefined ? `${idField} = ${first}` : `ad_group.id = ${first} AND ${idField} = ${second}`;
}

/** All but removed ones unless some are wanted; lists are never removed. */
export function hasStatus({ statusField }: Kind, wanted: unknown): string {
	const words = (Array.isArray(wanted) ? wanted : []).map(String).filter((one) => /^[A-Z_]+$/.test(one));
	if (words.length > 0) return `${statusField} IN (${words.map((one) => `'${one}'`).join(', ')})`;
	return statusField.endsWith('.status') ? `${statusField} != 'REMOVED'` : '';
}

/** Asks for no more than is wanted, where the query itself says nothing of it: pages are of 10,000 rows. */
export function limited(query: string, limit: number): string {
	const outsideTexts = query.replace(/'(?:[^'\\]|\\.)*'|"(?:[^"\\]|\\.)*"/g, "''");
	const says = /\b(LIMIT|PARAMETERS)\b/i.test(outsideTexts);
	return says || !Number.isFinite(limit) ? query : `${query} LIMIT ${limit}`;
}

/** Text for the inside of quotes. */
export const quoted = (text: string) => `'${text.replace(/[\\']/g, (letter) => `\\${letter}`)}'`;
/** The same as a part of a LIKE, where these letters stand for others. */
export const contains = (text: string) => quoted(`%${text.replace(/[[\]%_]/g, (letter) => `[${letter}]`)}%`);
