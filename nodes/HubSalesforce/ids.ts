import { NodeOperationError, type IExecuteFunctions } from 'n8n-workflow';

/** The ID in what a field gave: a list's choice, an ID, or a record's address in the browser. */
export function idOf(given: unknown): string {
	const value = typeof given === 'object' && given !== null && 'value' in given ? given.value : given;
	const text = String(value ?? '').trim();
	// …/lightning/r/Account/001D000000IqhSLIAZ/view, or …/001D000000IqhSL
	return /^https?:/i.test(text)
		? (/\/([a-z0-9]{18}|[a-z0-9]{15})(?=[/?#]|$)/i.exec(text)?.[1] ?? text)
		: text;
}

/** @throws NodeOperationError where it is no ID: an empty one would name all records */
export function checkedId(
	context: IExecuteFunctions,
	itemIndex: number,
	given: unknown,
	label: string,
): string {
	const id = idOf(given);
	if (/^[a-z0-9]{15}([a-z0-9]{3})?$/i.test(id)) return id;
	throw new NodeOperationError(
		context.getNode(),
		id === '' ? `“${label}” is empty` : `“${id}” is no ID of Salesforce’s`,
		{
			itemIndex,
			description:
				id === ''
					? 'Fill it in, or check the expression: it gave nothing for this item.'
					: 'An ID has 15 or 18 letters and digits: 001D000000IqhSLIAZ.',
		},
	);
}

export const idIn = (context: IExecuteFunctions, itemIndex: number, name: string, label: string): string =>
	checkedId(context, itemIndex, context.getNodeParameter(name, itemIndex, ''), label);

export function textIn(context: IExecuteFunctions, itemIndex: number, name: string, label: string): string {
	const text = String(context.getNodeParameter(name, itemIndex, '') ?? '').trim();
	if (text !== '') return text;
	throw new NodeOperationError(context.getNode(), `“${label}” is empty`, {
		itemIndex,
		description: 'Fill it in, or check the expression: it gave nothing for this item.',
	});
}
