import {
	NodeOperationError,
	type IDataObject,
	type IDisplayOptions,
	type IExecuteFunctions,
	type IExecuteSingleFunctions,
	type IHttpRequestOptions,
	type INodeProperties,
	type INodePropertyOptions,
} from 'n8n-workflow';

export type Show = NonNullable<IDisplayOptions['show']>;

export const shown = (resource: string, ...operation: string[]): Show => ({
	resource: [resource],
	operation,
});

export const operations = (
	resource: string,
	options: INodePropertyOptions[],
	value: string,
): INodeProperties => ({
	displayName: 'Operation',
	name: 'operation',
	type: 'options',
	noDataExpression: true,
	displayOptions: { show: { resource: [resource] } },
	options,
	default: value,
});

/** Web addresses of items: `…/owa/?ItemID=AAMk…&exvsurl=1`, `…/mail/inbox/id/AAMk…`, `…/calendar/item/AAMk…`. */
const IN_ADDRESS = 'https://[^?]*(?:\\?(?:.*&)?[iI]tem[iI][dD]=|/(?:item|id)/)([^&/?#]+)';

type Picked = 'calendar' | 'contact' | 'draft' | 'event' | 'folder' | 'message' | 'attachment';

/** What is there already: from a list, by its ID or by its address. */
export const existing = (kind: Picked, show: Show, more: Partial<INodeProperties> = {}): INodeProperties => {
	const label = `${kind[0]?.toUpperCase() ?? ''}${kind.slice(1)}`;
	return {
		displayName: label,
		name: `${kind}Id`,
		type: 'resourceLocator',
		default: { mode: 'list', value: '' },
		required: true,
		displayOptions: { show },
		modes: [
			{
				displayName: 'From List',
				name: 'list',
				type: 'list',
				placeholder: `Select ${/^[aeiou]/.test(kind) ? 'an' : 'a'} ${kind}…`,
				typeOptions: { searchListMethod: `search${label}s`, searchable: true },
			},
			...(kind === 'message' || kind === 'event'
				? [
						{
							displayName: 'By URL',
							name: 'url',
							type: 'string' as const,
							placeholder: 'e.g. https://outlook.office365.com/owa/?itemid=AAMkAGI2…',
							extractValue: { type: 'regex' as const, regex: IN_ADDRESS },
						},
					]
				: []),
			{
				displayName: 'By ID',
				name: 'id',
				type: 'string',
				placeholder: kind === 'folder' ? 'e.g. inbox' : 'e.g. AAMkAGI2…',
			},
		],
		...more,
	};
};

/** The same for a declarative operation, whose path has `:name` where the ID belongs. */
export const existingInPath = (
	kind: Picked,
	show: Show,
	more: Partial<INodeProperties> = {},
): INodeProperties => {
	const field = existing(kind, show, more);
	return {
		...field,
		routing: { send: { preSend: [intoPath(field.name, field.displayName)] } },
	} as INodeProperties;
};

export const collection = (
	displayName: 'Additional Fields' | 'Filters' | 'Options' | 'Update Fields',
	show: Show,
	fields: INodeProperties[],
): INodeProperties => ({
	displayName,
	name: `${displayName[0]?.toLowerCase() ?? ''}${displayName.slice(1).replace(' ', '')}`,
	type: 'collection',
	placeholder:
		displayName === 'Options' ? 'Add option' : `Add ${displayName === 'Filters' ? 'filter' : 'field'}`,
	default: {},
	displayOptions: { show },
	options: [...fields].sort((a, b) => a.displayName.localeCompare(b.displayName)),
});

export const text = (
	displayName: string,
	name: string,
	description = '',
	more: Partial<INodeProperties> = {},
): INodeProperties =>
	({
		displayName,
		name,
		type: 'string',
		default: '',
		...(description === '' ? {} : { description }),
		...more,
	}) as INodeProperties;

/** @param value what it is unless it is set */
export const flag = (
	displayName: string,
	name: string,
	description: string,
	value = false,
): INodeProperties => {
	const off: INodeProperties = {
		displayName,
		name,
		type: 'boolean',
		default: false,
		description: `Whether ${description}`,
	};
	return value ? ({ ...off, default: true } as INodeProperties) : off;
};

export const choice = (
	displayName: string,
	name: string,
	options: [string, string][],
	value: string,
	description = '',
): INodeProperties => ({
	displayName,
	name,
	type: 'options',
	options: options.map(([label, one]) => ({ name: label, value: one })),
	default: value,
	...(description === '' ? {} : { description }),
});

export const moment = (displayName: string, name: string, description: string): INodeProperties => ({
	displayName,
	name,
	type: 'dateTime',
	default: '',
	description,
});

const CHOOSE =
	'Choose from the list, or specify an ID using an <a href="https://docs.n8n.io/code/expressions/">expression</a>';
const CHOOSE_MANY =
	'Choose from the list, or specify IDs using an <a href="https://docs.n8n.io/code/expressions/">expression</a>';

/** From what the mailbox has: `getCategories`. */
export const listed = (
	displayName: string,
	name: string,
	loadOptionsMethod: string,
	{ many = false, description = '' } = {},
): INodeProperties => ({
	displayName,
	name,
	type: many ? 'multiOptions' : 'options',
	typeOptions: { loadOptionsMethod },
	default: many ? [] : '',
	description: [...(description === '' ? [] : [description]), many ? CHOOSE_MANY : CHOOSE].join('. '),
});

export const IMPORTANCE: [string, string][] = [
	['High', 'high'],
	['Low', 'low'],
	['Normal', 'normal'],
];

/** A required ID of an operation that is code, encoded for a path. */
export function idIn(context: IExecuteFunctions, itemIndex: number, name: string, label: string): string {
	return encoded(
		context,
		itemIndex,
		label,
		context.getNodeParameter(name, itemIndex, '', { extractValue: true }),
	);
}

/** The same where nothing means: the default one. */
export function optionalIdIn(context: IExecuteFunctions, itemIndex: number, name: string): string | null {
	const given = context.getNodeParameter(name, itemIndex, '', { extractValue: true });
	return String(given ?? '').trim() === '' ? null : encoded(context, itemIndex, name, given);
}

export const collectionOf = (context: IExecuteFunctions, itemIndex: number, name: string) =>
	context.getNodeParameter(name, itemIndex, {}) as IDataObject;

/** An expression may give a list; what is typed is parted by commas. */
export const listOf = (given: unknown): string[] =>
	(Array.isArray(given) ? given.map(String) : String(given ?? '').split(','))
		.map((one) => one.trim())
		.filter((one) => one !== '');

export const refuse = (
	context: IExecuteFunctions | IExecuteSingleFunctions,
	itemIndex: number,
	message: string,
	description: string,
): NodeOperationError => new NodeOperationError(context.getNode(), message, { itemIndex, description });

function intoPath(name: string, label: string) {
	return async function (
		this: IExecuteSingleFunctions,
		request: IHttpRequestOptions,
	): Promise<IHttpRequestOptions> {
		const given = this.getNodeParameter(name, '', { extractValue: true });
		const id = encoded(this, this.getItemIndex(), label, given);
		return { ...request, url: request.url.replace(`:${name}`, id) };
	};
}

function encoded(
	context: IExecuteFunctions | IExecuteSingleFunctions,
	itemIndex: number,
	label: string,
	given: unknown,
): string {
	const id = decoded(String(given ?? '').trim());
	// An empty one would name another resource: all of them.
	if (id !== '') return encodeURIComponent(id);
	throw refuse(
		context,
		itemIndex,
		`“${label}” is empty`,
		'Fill it in, or check the expression: it gave nothing for this item.',
	);
}

/** As it stands in an address: `AAMk%3D`. IDs themselves have no percent sign. */
function decoded(id: string): string {
	try {
		return decodeURIComponent(id);
	} catch {
		return id;
	}
}
