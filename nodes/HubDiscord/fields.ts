/** Short ways to say where a field's value goes, and reading what was given. */
import {
	NodeOperationError,
	tryToParseDateTime,
	type IDataObject,
	type IDisplayOptions,
	type IExecuteFunctions,
	type IExecuteSingleFunctions,
	type IHttpRequestMethods,
	type IHttpRequestOptions,
	type INodeProperties,
	type INodePropertyOptions,
} from 'n8n-workflow';

type Routing = NonNullable<INodePropertyOptions['routing']>;
type Context = IExecuteFunctions | IExecuteSingleFunctions;

export const shownFor = (
	resource: string,
	...operation: string[]
): { show: NonNullable<IDisplayOptions['show']> } => ({ show: { resource: [resource], operation } });

/** One call; `:name` in the path is filled by the field of that name. */
export const calls = (method: IHttpRequestMethods, url: string): Routing => ({ request: { method, url } });

/** The field's value in place of `:name` in the path. */
export const inPath = (field: INodeProperties): INodeProperties => ({
	...field,
	required: true,
	routing: { send: { preSend: [intoPath(field.name, field.displayName)] } },
});

export const inBody = (property: string, field: INodeProperties, value?: string): INodeProperties => ({
	...field,
	routing: { send: { type: 'body', property, ...(value === undefined ? {} : { value }) } },
});

export const inQuery = (property: string, field: INodeProperties): INodeProperties => ({
	...field,
	routing: { send: { type: 'query', property } },
});

/** `#rrggbb` as the number Discord wants. */
export const COLOR = '={{ parseInt(String($value).replace("#", ""), 16) }}';

/** https://docs.discord.com/developers/resources/audit-log: shown to the server's moderators. */
export const REASON: INodeProperties = {
	displayName: 'Reason',
	name: 'reason',
	type: 'string',
	default: '',
	description: 'What the server’s audit log says about it; 512 characters at most',
	routing: {
		request: { headers: { 'X-Audit-Log-Reason': '={{ encodeURIComponent($value) || undefined }}' } },
	},
};

export const reasonOption = (displayOptions: IDisplayOptions): INodeProperties => ({
	displayName: 'Options',
	name: 'options',
	type: 'collection',
	placeholder: 'Add option',
	default: {},
	displayOptions,
	options: [REASON],
});

/**
 * @param value ISO 8601 (without an offset in the workflow's time zone), a DateTime, or milliseconds since 1970
 * @returns in UTC
 * @throws NodeOperationError where it is no time
 */
export function isoTime(context: Context, value: unknown, label: string, itemIndex: number): string {
	const text = String(value ?? '').trim();
	if (/^\d{12,13}$/.test(text)) return new Date(Number(text)).toISOString();
	try {
		return new Date(tryToParseDateTime(value, context.getTimezone()).toMillis()).toISOString();
	} catch {
		throw new NodeOperationError(context.getNode(), `“${label}” is not a time: ${text || 'it is empty'}`, {
			itemIndex,
			description: 'Write it as 2026-03-01T09:00:00, with an offset such as +01:00 if need be.',
		});
	}
}

/** JSON as people paste it, or as an expression gives it. @throws NodeOperationError where it is none */
export function json(context: Context, value: unknown, label: string, itemIndex: number): unknown {
	if (typeof value !== 'string') return value;
	try {
		return JSON.parse(value) as unknown;
	} catch (error) {
		throw new NodeOperationError(context.getNode(), `“${label}” is not valid JSON`, {
			itemIndex,
			description: (error as Error).message,
		});
	}
}

/** A required id of an operation that is code, encoded for a path. */
export function idIn(context: IExecuteFunctions, name: string, label: string, itemIndex: number): string {
	const id = String(context.getNodeParameter(name, itemIndex, '', { extractValue: true }) ?? '').trim();
	if (id === '') throw isEmpty(context, label, itemIndex);
	return encodeURIComponent(id);
}

/** A collection of optional fields. */
export const collectionOf = (context: IExecuteFunctions, name: string, itemIndex: number): IDataObject =>
	context.getNodeParameter(name, itemIndex, {}) as IDataObject;

/** An emoji as a path wants it: a server's own as `name:id`, however it was copied. */
export const emojiCode = (emoji: string): string => emoji.trim().replace(/^<a?:(\w+:\d+)>$/, '$1');

function intoPath(name: string, label: string) {
	return async function (
		this: IExecuteSingleFunctions,
		request: IHttpRequestOptions,
	): Promise<IHttpRequestOptions> {
		const value = String(this.getNodeParameter(name, '', { extractValue: true }) ?? '').trim();
		// An empty one would name another resource: all of them.
		if (value === '') throw isEmpty(this, label, this.getItemIndex());
		const inUrl = encodeURIComponent(name === 'emoji' ? emojiCode(value) : value);
		return { ...request, url: request.url.replace(`:${name}`, inUrl) };
	};
}

export const isEmpty = (context: Context, label: string, itemIndex: number): NodeOperationError =>
	new NodeOperationError(context.getNode(), `“${label}” is empty`, {
		itemIndex,
		description: 'Fill it in, or check the expression: it gave nothing for this item.',
	});
