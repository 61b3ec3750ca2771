import { NodeOperationError, type IExecuteFunctions, type ILoadOptionsFunctions } from 'n8n-workflow';

/** A parameter as a text; of a resource locator, what was chosen. The same whoever asks. */
export function chosen(
	caller: IExecuteFunctions | ILoadOptionsFunctions,
	name: string,
	itemIndex: number,
): string {
	const given =
		'getCurrentNodeParameter' in caller
			? (caller.getCurrentNodeParameter(name) ?? caller.getNodeParameter(name, ''))
			: caller.getNodeParameter(name, itemIndex, '');
	const value = typeof given === 'object' && given !== null && 'value' in given ? given.value : given;
	return String(value ?? '').trim();
}

/** @throws NodeOperationError where it is empty */
export function needed(caller: IExecuteFunctions, name: string, what: string, itemIndex: number): string {
	const value = chosen(caller, name, itemIndex);
	if (value !== '') return value;
	throw new NodeOperationError(caller.getNode(), `${what} is empty`, { itemIndex });
}
