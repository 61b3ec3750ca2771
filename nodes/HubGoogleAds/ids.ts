import { NodeOperationError, type IDataObject, type IExecuteFunctions } from 'n8n-workflow';

export const optionsOf = (context: IExecuteFunctions, itemIndex: number) =>
	context.getNodeParameter('options', itemIndex, {}) as IDataObject;

/** `1234567890`, however the customer was written. */
export function customerOf(context: IExecuteFunctions, itemIndex: number): string {
	const given = context.getNodeParameter('customerId', itemIndex, '', { extractValue: true });
	return customerDigits(context, itemIndex, given, 'Customer');
}

export function customerDigits(
	context: IExecuteFunctions,
	itemIndex: number,
	given: unknown,
	label: string,
): string {
	const digits = String(given ?? '')
		.trim()
		.replace(/^customers\//, '')
		.replace(/-/g, '');
	if (/^\d{10}$/.test(digits)) return digits;
	throw noId(context, itemIndex, label, given, 'Give the ten digits shown at the top of Google Ads.');
}

/**
 * The last part of a resource name, or what was given by itself: `123`, or `123~456` of what lies in an ad group.
 * Nothing else comes into a query.
 */
export function idOf(context: IExecuteFunctions, itemIndex: number, name: string, label: string): string {
	const given = context.getNodeParameter(name, itemIndex, '', { extractValue: true });
	return idIn(context, itemIndex, given, label);
}

export function idIn(context: IExecuteFunctions, itemIndex: number, given: unknown, label: string): string {
	const id = String(given ?? '')
		.trim()
		.replace(/^customers\/\d+\/\w+\//, '');
	if (/^\d+(~\d+)?$/.test(id)) return id;
	throw noId(
		context,
		itemIndex,
		label,
		given,
		'Give the number, or the resource name, that Google Ads tells.',
	);
}

function noId(context: IExecuteFunctions, itemIndex: number, label: string, given: unknown, advice: string) {
	const what = String(given ?? '').trim() === '' ? 'is empty' : `is no ID: ${String(given)}`;
	return new NodeOperationError(context.getNode(), `“${label}” ${what}`, { itemIndex, description: advice });
}

/** A text that must be there. */
export function textOf(context: IExecuteFunctions, itemIndex: number, name: string, label: string): string {
	const text = String(context.getNodeParameter(name, itemIndex, '') ?? '').trim();
	if (text !== '') return text;
	throw new NodeOperationError(context.getNode(), `“${label}” is empty`, {
		itemIndex,
		description: 'Fill it in, or check the expression: it gave nothing for this item.',
	});
}
