import {
	NodeOperationError,
	type IDataObject,
	type IDisplayOptions,
	type IExecuteFunctions,
	type IExecuteSingleFunctions,
	type IHttpRequestOptions,
	type INodeProperties,
} from 'n8n-workflow';
import { listOrId } from '../transport';
import { instant } from '../transport/instant';

type Show = NonNullable<IDisplayOptions['show']>;

export const shown = (resource: string, ...operation: string[]): Show => ({
	resource: [resource],
	operation,
});

type PreSend = (this: IExecuteSingleFunctions, request: IHttpRequestOptions) => Promise<IHttpRequestOptions>;

const IN_ADS_MANAGER = 'https:\\/\\/[^/]*facebook\\.com\\/.*[?&]act=(\\d+)';

/** The ad account that the call is about, or, with `isPath` off, the one that lists to pick from are read from. */
export function accountField(
	show: Show,
	isPath = true,
	description = 'Whose things the lists below show; not needed where an ID is given',
): INodeProperties {
	return {
		displayName: 'Ad Account',
		name: 'adAccountId',
		type: 'resourceLocator',
		default: { mode: 'list', value: '' },
		...(isPath
			? { required: true, routing: { send: { preSend: [intoPath('adAccountId', 'Ad Account', accountId)] } } }
			: { description }),
		displayOptions: { show },
		modes: [
			{
				displayName: 'From List',
				name: 'list',
				type: 'list',
				typeOptions: { searchListMethod: 'searchAdAccounts', searchable: true },
			},
			{ displayName: 'By ID', name: 'id', type: 'string', placeholder: 'e.g. act_1234567890' },
			{
				displayName: 'By URL',
				name: 'url',
				type: 'string',
				placeholder: 'e.g. https://adsmanager.facebook.com/adsmanager/manage/campaigns?act=1234567890',
				extractValue: { type: 'regex', regex: IN_ADS_MANAGER },
			},
		],
	};
}

type Picked = {
	displayName: string;
	name: string;
	searchListMethod: string;
	show: Show;
	/** Where it is sent: into the path unless said otherwise; null: nowhere by itself. */
	property?: string | null;
};

export function picked({ displayName, name, searchListMethod, show, property }: Picked): INodeProperties {
	return {
		...listOrId({ displayName, name, searchListMethod, show, placeholder: 'e.g. 120210000000000001' }),
		...(property === null
			? {}
			: property === undefined
				? { routing: { send: { preSend: [intoPath(name, displayName)] } } }
				: { routing: { send: { type: 'body', property, preSend: [filled(name, displayName)] } } }),
	};
}

/** A field of the body. In a collection it is sent only where it was added. */
export const inBody = (
	displayName: string,
	name: string,
	property: string,
	more: Partial<INodeProperties> = {},
): INodeProperties => ({
	displayName,
	name,
	type: 'string',
	default: '',
	...more,
	routing: { send: { type: 'body', property } },
});

export const dateInBody = (displayName: string, name: string, property: string): INodeProperties => ({
	displayName,
	name,
	type: 'dateTime',
	default: '',
	routing: {
		send: { type: 'body', property, preSend: [changed(property, displayName, asTime, 'is not a date')] },
	},
});

/** Written as JSON, sent as what it says; left empty it is not sent. */
export const jsonInBody = (
	displayName: string,
	name: string,
	property: string,
	more: Partial<INodeProperties> = {},
): INodeProperties => ({
	displayName,
	name,
	type: 'json',
	default: '',
	...more,
	routing: {
		send: { type: 'body', property, preSend: [changed(property, displayName, asJson, 'is not valid JSON')] },
	},
});

export const STATUS: INodeProperties = inBody('Status', 'status', 'status', {
	type: 'options',
	default: 'PAUSED',
	options: [
		{ name: 'Active', value: 'ACTIVE' },
		{ name: 'Archived', value: 'ARCHIVED' },
		{ name: 'Paused', value: 'PAUSED' },
	],
});

export const FIRST_STATUS: INodeProperties = {
	...STATUS,
	options: STATUS.options?.filter(({ name }) => name !== 'Archived'),
	description: 'Whether it may be delivered at once; paused is the safe choice',
};

export const collection = (
	displayName: 'Additional Fields' | 'Update Fields' | 'Options',
	show: Show,
	options: INodeProperties[],
): INodeProperties => ({
	displayName,
	name: { 'Additional Fields': 'additionalFields', 'Update Fields': 'updateFields', Options: 'options' }[
		displayName
	],
	type: 'collection',
	placeholder: displayName === 'Options' ? 'Add option' : 'Add Field',
	default: {},
	displayOptions: { show },
	options: [...options].sort((a, b) => a.displayName.localeCompare(b.displayName)),
});

/** Which fields Meta answers: it gives little more than the id where none are named. */
export const fieldsOption = (usual: string): INodeProperties => ({
	displayName: 'Fields',
	name: 'fields',
	type: 'string',
	default: usual,
	description: 'The fields to return, separated by commas; those of related objects as campaign{name}',
	routing: { send: { type: 'query', property: 'fields' } },
});

export const EFFECTIVE_STATUS: INodeProperties = {
	displayName: 'Effective Status',
	name: 'effectiveStatus',
	type: 'multiOptions',
	default: [],
	options: [
		{ name: 'Active', value: 'ACTIVE' },
		{ name: 'Ad Set Paused', value: 'ADSET_PAUSED' },
		{ name: 'Archived', value: 'ARCHIVED' },
		{ name: 'Campaign Paused', value: 'CAMPAIGN_PAUSED' },
		{ name: 'Deleted', value: 'DELETED' },
		{ name: 'Disapproved', value: 'DISAPPROVED' },
		{ name: 'In Process', value: 'IN_PROCESS' },
		{ name: 'Paused', value: 'PAUSED' },
		{ name: 'Pending Review', value: 'PENDING_REVIEW' },
		{ name: 'With Issues', value: 'WITH_ISSUES' },
	],
	description: 'Only those in one of these states; all but archived and deleted unless chosen',
	routing: {
		send: {
			type: 'query',
			property: 'effective_status',
			value: '={{ $value.length ? JSON.stringify($value) : undefined }}',
		},
	},
};

export const NAME_CONTAINS = (field: string): INodeProperties => ({
	displayName: 'Name Contains',
	name: 'nameContains',
	type: 'string',
	default: '',
	routing: {
		send: {
			type: 'query',
			property: 'filtering',
			value: `={{ $value ? JSON.stringify([{ field: "${field}", operator: "CONTAIN", value: $value }]) : undefined }}`,
		},
	},
});

/** `act_1234567890`, however the account was written. */
export const accountId = (given: string) => `act_${given.replace(/^act_/, '')}`;

/** A required id of an operation that is code. */
export function idOf(context: IExecuteFunctions, name: string, label: string, itemIndex: number): string {
	const given = context.getNodeParameter(name, itemIndex, '', { extractValue: true });
	return notEmpty(context, itemIndex, given, label);
}

export const accountOf = (context: IExecuteFunctions, itemIndex: number) =>
	accountId(idOf(context, 'adAccountId', 'Ad Account', itemIndex));

function intoPath(name: string, label: string, written = (id: string) => id): PreSend {
	return async function (request) {
		const given = this.getNodeParameter(name, '', { extractValue: true });
		// An empty one would name another object: the connected person, or all of them.
		const id = notEmpty(this, this.getItemIndex(), given, label);
		return { ...request, url: request.url.replace(`:${name}`, encodeURIComponent(written(id))) };
	};
}

function filled(name: string, label: string): PreSend {
	return async function (request) {
		const given = this.getNodeParameter(name, '', { extractValue: true });
		notEmpty(this, this.getItemIndex(), given, label);
		return request;
	};
}

/** @param change undefined: the value cannot be read */
function changed(
	property: string,
	label: string,
	change: (value: unknown, timeZone: string) => unknown,
	wrong: string,
): PreSend {
	return async function (request) {
		const { [property]: given, ...rest } = request.body as IDataObject;
		if (given === undefined || given === null || given === '') return { ...request, body: rest };
		const value = change(given, this.getTimezone());
		if (value === undefined)
			throw new NodeOperationError(this.getNode(), `“${label}” ${wrong}`, {
				itemIndex: this.getItemIndex(),
			});
		return { ...request, body: { ...rest, [property]: value as IDataObject } };
	};
}

/** @returns undefined where it is no JSON */
export function asJson(given: unknown): unknown {
	if (typeof given !== 'string') return given;
	try {
		return JSON.parse(given) as unknown;
	} catch {
		return undefined;
	}
}

/** ISO 8601; a time without a zone is one of the workflow's. @returns undefined where it is no time */
function asTime(given: unknown, timeZone: string): string | undefined {
	const at = instant(String(given), timeZone);
	return Number.isFinite(at) ? new Date(at).toISOString().replace(/\.\d+Z$/, '+0000') : undefined;
}

function notEmpty(
	context: IExecuteFunctions | IExecuteSingleFunctions,
	itemIndex: number,
	given: unknown,
	label: string,
): string {
	const id = String(given ?? '').trim();
	if (id !== '') return id;
	throw new NodeOperationError(context.getNode(), `“${label}” is empty`, {
		itemIndex,
		description: 'Fill it in, or check the expression: it gave nothing for this item.',
	});
}
