import {
	NodeOperationError,
	type IDataObject,
	type IDisplayOptions,
	type IExecuteFunctions,
	type IExecuteSingleFunctions,
	type IHttpRequestOptions,
	type INodeProperties,
} from 'n8n-workflow';

type Show = NonNullable<IDisplayOptions['show']>;

export const shownFor = (resource: string, ...operation: string[]): { show: Show } => ({
	show: { resource: [resource], operation },
});

/** An id that stands in the path as `:name`; declarative operations put it there themselves. */
export const idField = (
	displayName: string,
	name: string,
	displayOptions: IDisplayOptions,
	more: Partial<INodeProperties> = {},
): INodeProperties => ({
	displayName,
	name,
	type: 'string',
	required: true,
	default: '',
	displayOptions,
	...more,
	routing: { send: { preSend: [intoPath(name, displayName)] } },
});

/** A required id of an operation that is code, encoded for a path. */
export function idIn(context: IExecuteFunctions, name: string, label: string, itemIndex: number): string {
	const id = String(context.getNodeParameter(name, itemIndex, '', { extractValue: true }) ?? '').trim();
	if (id === '') throw isEmpty(context, label, itemIndex);
	return encodeURIComponent(id);
}

/** A collection of optional fields. */
export const collectionOf = (context: IExecuteFunctions, name: string, itemIndex: number) =>
	context.getNodeParameter(name, itemIndex, {}) as IDataObject;

/** A list of addresses as text; an expression may give a list. */
export const listText = (value: unknown) =>
	(Array.isArray(value) ? value.map(String) : [String(value ?? '')]).join(', ').trim();

function intoPath(name: string, label: string) {
	return async function (
		this: IExecuteSingleFunctions,
		request: IHttpRequestOptions,
	): Promise<IHttpRequestOptions> {
		const id = String(this.getNodeParameter(name, '', { extractValue: true }) ?? '').trim();
		// An empty one would name another resource: all of them.
		if (id === '') throw isEmpty(this, label, this.getItemIndex());
		return { ...request, url: request.url.replace(`:${name}`, encodeURIComponent(id)) };
	};
}

const isEmpty = (
	context: IExecuteFunctions | IExecuteSingleFunctions,
	label: string,
	itemIndex: number,
): NodeOperationError =>
	new NodeOperationError(context.getNode(), `“${label}” is empty`, {
		itemIndex,
		description: 'Fill it in, or check the expression: it gave nothing for this item.',
	});
