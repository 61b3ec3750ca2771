import { NodeOperationError, type IExecuteFunctions } from 'n8n-workflow';

/** An amount above zero. */
export function positive(context: IExecuteFunctions, itemIndex: number, name: string, label: string): number {
	const given = context.getNodeParameter(name, itemIndex, 0);
	const value = Number(given);
	if (Number.isFinite(value) && value > 0) return value;
	throw new NodeOperationError(context.getNode(), `“${label}” is no amount above zero: ${String(given)}`, {
		itemIndex,
	});
}

/** The day as it was written: Google reads it in the time zone of the account. */
export const dayOf = (given: unknown): string =>
	given instanceof Date ? given.toISOString().slice(0, 10) : String(given).trim().slice(0, 10);

/** Lines, or what commas part, without empty ones. */
export const linesOf = (given: unknown, separator: RegExp = /\r?\n/): string[] =>
	(Array.isArray(given) ? given.map(String) : String(given ?? '').split(separator))
		.map((one) => one.trim())
		.filter(Boolean);
