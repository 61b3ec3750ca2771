import type { IDataObject } from 'n8n-workflow';

/** Google counts money in millionths of the account's currency, written as text. */
export function toMicros(amount: unknown): string {
	const micros = Math.round(Number(amount) * 1_000_000);
	if (Number.isSafeInteger(micros) && micros >= 0) return String(micros);
	throw new Error(`${String(amount)} is no amount of money`);
}

// These are in micros too, without saying so (https://developers.google.com/google-ads/api/fields/v24/metrics).
const MICROS_BY_ANOTHER_NAME = new Set([
	'activeViewCpm',
	'averageCost',
	'averageCpc',
	'averageCpe',
	'averageCpm',
	'costPerAllConversions',
	'costPerConversion',
	'trueviewAverageCpv',
]);

/** Beside `costMicros` a `cost`, beside `averageCpc` an `averageCpcAmount`, at any depth. */
export function withAmounts<T>(value: T): T {
	if (Array.isArray(value)) return value.map(withAmounts) as T;
	if (typeof value !== 'object' || value === null) return value;
	const out: IDataObject = {};
	for (const [name, inner] of Object.entries(value as IDataObject)) {
		out[name] = withAmounts(inner);
		const beside = name.endsWith('Micros')
			? name.slice(0, -'Micros'.length)
			: MICROS_BY_ANOTHER_NAME.has(name)
				? `${name}Amount`
				: null;
		if (beside !== null && isNumber(inner)) out[beside] = Number(inner) / 1_000_000;
	}
	return out as T;
}

const isNumber = (value: unknown): boolean =>
	(typeof value === 'string' || typeof value === 'number') && value !== '' && Number.isFinite(Number(value));

/** A row with one level, as sheets and databases want it: `campaign_id`, `metrics_cost`. */
export function flat(row: IDataObject, prefix = ''): IDataObject {
	return Object.fromEntries(
		Object.entries(row).flatMap(([name, value]) => {
			const whole = prefix === '' ? snake(name) : `${prefix}_${snake(name)}`;
			return typeof value === 'object' && value !== null && !Array.isArray(value)
				? Object.entries(flat(value as IDataObject, whole))
				: [[whole, value]];
		}),
	);
}

const snake = (name: string) => name.replace(/[A-Z]/g, (letter) => `_${letter.toLowerCase()}`);
