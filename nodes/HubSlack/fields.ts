/** Short ways to say where a field's value goes, and reading what was given. */
import {
	NodeOperationError,
	tryToParseDateTime,
	type IDataObject,
	type IDisplayOptions,
	type IExecuteFunctions,
	type IExecuteSingleFunctions,
	type IHttpRequestOptions,
	type INodeProperties,
	type INodePropertyOptions,
} from 'n8n-workflow';

type Routing = NonNullable<INodePropertyOptions['routing']>;
type Context = IExecuteFunctions | IExecuteSingleFunctions;
type Where = 'body' | 'query';

export const shownFor = (
	resource: string,
	...operation: string[]
): { show: NonNullable<IDisplayOptions['show']> } => ({ show: { resource: [resource], operation } });

/** A Web API method, and which member of its answer is put out; left out: all of it. */
export const method = (verb: 'GET' | 'POST', name: string, root?: string): Routing => ({
	request: { method: verb, url: `/${name}` },
	...(root === undefined
		? {}
		: { output: { postReceive: [{ type: 'rootProperty', properties: { property: root } }] } }),
});

/** A field that is sent as it is. */
export const sent = (
	where: Where,
	property: string,
	field: INodeProperties,
	value?: string,
): INodeProperties => ({
	...field,
	routing: { send: { type: where, property, ...(value === undefined ? {} : { value }) } },
});

/** The same for a field that must not be empty. */
export const required = (
	where: Where,
	property: string,
	field: INodeProperties,
	value?: string,
): INodeProperties => ({
	...field,
	required: true,
	routing: {
		send: {
			type: where,
			property,
			...(value === undefined ? {} : { value }),
			preSend: [assertGiven(field.name, field.displayName)],
		},
	},
});

/** A list as the commas Slack wants; an expression may give text. */
export const JOINED = '={{ Array.isArray($value) ? $value.join(",") : $value }}';

/** A timestamp is text: as a number it has lost the zeros at its end. */
const AS_TIMESTAMP = '={{ typeof $value === "number" ? $value.toFixed(6) : $value }}';

export const timestamp = (
	displayOptions: IDisplayOptions,
	where: Where,
	property: string,
	description = 'What Slack calls <code>ts</code>',
): INodeProperties =>
	required(
		where,
		property,
		{
			displayName: 'Message Timestamp',
			name: 'timestamp',
			type: 'string',
			default: '',
			placeholder: 'e.g. 1663233118.856619',
			description,
			displayOptions,
		},
		AS_TIMESTAMP,
	);

/** A time, sent in the seconds since 1970 that Slack counts in. */
export const time = (
	where: Where,
	property: string,
	displayName: string,
	more: Partial<INodeProperties> = {},
): INodeProperties => ({
	displayName,
	name: property,
	type: 'dateTime',
	default: '',
	...more,
	routing: {
		send: { type: where, property, preSend: [inSeconds(where, property, displayName, more.required)] },
	},
});

/**
 * @param value ISO 8601 (without an offset in the workflow's time zone), a DateTime, or seconds or
 * milliseconds since 1970
 * @throws NodeOperationError where it is no time
 */
export function seconds(context: Context, value: unknown, label: string, itemIndex: number): number {
	const text = String(value ?? '').trim();
	if (/^\d{9,10}(\.\d+)?$/.test(text)) return Number(text);
	if (/^\d{12,13}$/.test(text)) return Math.floor(Number(text) / 1000);
	try {
		return Math.floor(tryToParseDateTime(value, context.getTimezone()).toSeconds());
	} catch {
		throw new NodeOperationError(context.getNode(), `“${label}” is not a time: ${text || 'it is empty'}`, {
			itemIndex,
			description: 'Write it as 2026-03-01T09:00:00, with an offset such as +01:00 if need be.',
		});
	}
}

/** A required value of an operation that is code. */
export function givenIn(context: IExecuteFunctions, name: string, label: string, itemIndex: number): string {
	const value = context.getNodeParameter(name, itemIndex, '', { extractValue: true });
	const text = String(value ?? '').trim();
	if (text === '') throw isEmpty(context, label, itemIndex);
	return text;
}

/** A collection of optional fields. */
export const collectionOf = (context: Context, name: string, itemIndex: number): IDataObject =>
	('getItemIndex' in context
		? context.getNodeParameter(name, {})
		: context.getNodeParameter(name, itemIndex, {})) as IDataObject;

function assertGiven(name: string, label: string) {
	return async function (
		this: IExecuteSingleFunctions,
		request: IHttpRequestOptions,
	): Promise<IHttpRequestOptions> {
		const value = this.getNodeParameter(name, '', { extractValue: true });
		if (String(value ?? '').trim() === '') throw isEmpty(this, label, this.getItemIndex());
		return request;
	};
}

function inSeconds(where: Where, property: string, label: string, isRequired = false) {
	return async function (
		this: IExecuteSingleFunctions,
		request: IHttpRequestOptions,
	): Promise<IHttpRequestOptions> {
		const path = property.split('.');
		const name = path.pop() ?? '';
		const start = (where === 'query' ? request.qs : request.body) as IDataObject;
		const place = path.reduce((at, step) => at[step] as IDataObject, start);
		const value = place[name];
		const isGiven = value !== '' && value !== undefined && value !== null;
		if (!isGiven && isRequired) throw isEmpty(this, label, this.getItemIndex());
		if (!isGiven) delete place[name];
		else place[name] = seconds(this, value, label, this.getItemIndex());
		return request;
	};
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

export const isEmpty = (context: Context, label: string, itemIndex: number): NodeOperationError =>
	new NodeOperationError(context.getNode(), `“${label}” is empty`, {
		itemIndex,
		description: 'Fill it in, or check the expression: it gave nothing for this item.',
	});
