/** Calls, e-mails, meetings, notes and tasks. https://developers.hubspot.com/docs/api-reference/crm-notes-v3/guide, and likewise the others */
import type { INodeProperties } from 'n8n-workflow';
import { eachItem, jsonItems, limitOf, needed, returnAllOrLimit } from '../transport';
import { call, list } from './call';
import { customProperties, links, withAssociations } from './fields';
import { propertyOf, type Property } from './objects';
import { several } from './record-work';
import { associationsIn, changesIn, propertiesIn, timeOf, type Fields } from './values';

const text = (name: string, label: string, kind: Property['kind'] = 'text'): Property => ({
	name,
	label,
	kind,
});
const choice = (name: string, label: string, ...values: string[]): Property => ({
	name,
	label,
	kind: 'choice',
	values,
});
const owner: Property = { name: 'hubspot_owner_id', label: 'Owner', kind: 'owner' };

const TYPES: { [objectType: string]: { name: string; properties: Property[] } } = {
	calls: {
		name: 'Call',
		properties: [
			text('hs_call_body', 'Notes', 'long'),
			choice('hs_call_direction', 'Direction', 'INBOUND', 'OUTBOUND'),
			text('hs_call_duration', 'Duration in Milliseconds', 'number'),
			text('hs_call_from_number', 'From Number'),
			choice('hs_call_status', 'Status', 'COMPLETED', 'BUSY', 'CANCELED', 'FAILED', 'NO_ANSWER', 'QUEUED'),
			text('hs_call_title', 'Title'),
			text('hs_call_to_number', 'To Number'),
			owner,
		],
	},
	emails: {
		name: 'Email',
		properties: [
			choice('hs_email_direction', 'Direction', 'EMAIL', 'FORWARDED_EMAIL', 'INCOMING_EMAIL'),
			text('hs_email_html', 'HTML', 'long'),
			choice('hs_email_status', 'Status', 'SENT', 'BOUNCED', 'FAILED', 'SCHEDULED', 'SENDING'),
			text('hs_email_subject', 'Subject'),
			text('hs_email_text', 'Text', 'long'),
			owner,
		],
	},
	meetings: {
		name: 'Meeting',
		properties: [
			text('hs_meeting_body', 'Description', 'long'),
			text('hs_meeting_end_time', 'End', 'dateTime'),
			text('hs_meeting_location', 'Location'),
			choice('hs_meeting_outcome', 'Outcome', 'SCHEDULED', 'CANCELED', 'COMPLETED', 'NO_SHOW', 'RESCHEDULED'),
			text('hs_meeting_start_time', 'Start', 'dateTime'),
			text('hs_meeting_title', 'Title'),
			owner,
		],
	},
	notes: { name: 'Note', properties: [text('hs_note_body', 'Text', 'long'), owner] },
	tasks: {
		name: 'Task',
		properties: [
			text('hs_task_body', 'Notes', 'long'),
			choice('hs_task_priority', 'Priority', 'HIGH', 'LOW', 'MEDIUM'),
			choice('hs_task_status', 'Status', 'NOT_STARTED', 'COMPLETED', 'DEFERRED', 'IN_PROGRESS', 'WAITING'),
			text('hs_task_subject', 'Title'),
			choice('hs_task_type', 'Kind', 'TODO', 'CALL', 'EMAIL'),
			owner,
		],
	},
};

const show = (...operation: string[]) => ({ resource: ['engagement'], operation });

/** The same name for each type, as the type is chosen first. */
const fieldsOf = (field: string, displayName: string, operation: string): INodeProperties[] =>
	Object.entries(TYPES).map(([type, { properties }]) => ({
		displayName,
		name: field,
		type: 'collection',
		placeholder: 'Add Field',
		default: {},
		displayOptions: { show: { ...show(operation), type: [type] } },
		options: [
			...properties.map(propertyOf),
			...(operation === 'create' ? [links] : []),
			{ ...customProperties, options: namedProperties },
		].sort((a, b) => a.displayName.localeCompare(b.displayName)),
	}));

/** Other properties by name: the list of an engagement's properties is nobody's to choose from. */
const namedProperties: INodeProperties['options'] = [
	{
		displayName: 'Property',
		name: 'property',
		values: [
			{ displayName: 'Internal Name', name: 'name', type: 'string', default: '' },
			{ displayName: 'Value', name: 'value', type: 'string', default: '' },
		],
	},
];

export const engagementProperties: INodeProperties[] = [
	{
		displayName: 'Operation',
		name: 'operation',
		type: 'options',
		noDataExpression: true,
		displayOptions: { show: { resource: ['engagement'] } },
		options: [
			{ name: 'Create', value: 'create', action: 'Create an engagement' },
			{ name: 'Delete', value: 'delete', action: 'Delete an engagement' },
			{ name: 'Get', value: 'get', action: 'Get an engagement' },
			{ name: 'Get Many', value: 'getAll', action: 'Get many engagements' },
			{ name: 'Update', value: 'update', action: 'Update an engagement' },
		],
		default: 'create',
	},
	{
		displayName: 'Type',
		name: 'type',
		type: 'options',
		options: Object.entries(TYPES).map(([value, { name }]) => ({ name, value })),
		default: 'notes',
		displayOptions: { show: { resource: ['engagement'] } },
	},
	{
		displayName: 'Engagement ID',
		name: 'engagementId',
		type: 'string',
		default: '',
		required: true,
		placeholder: 'e.g. 512',
		displayOptions: { show: show('delete', 'get', 'update') },
	},
	{
		displayName: 'Time',
		name: 'time',
		type: 'dateTime',
		default: '',
		description: 'When it happened, or a task is due. Empty: now.',
		displayOptions: { show: show('create') },
	},
	...fieldsOf('additionalFields', 'Additional Fields', 'create'),
	...fieldsOf('fields', 'Fields', 'update'),
	...returnAllOrLimit(show('getAll')),
	{
		displayName: 'Options',
		name: 'options',
		type: 'collection',
		placeholder: 'Add option',
		default: {},
		displayOptions: { show: show('get', 'getAll') },
		options: [withAssociations],
	},
];

type Options = { associations?: string[] };

/** With every property that the editor knows: HubSpot would give no text otherwise. */
function query(type: string, options: Options) {
	const properties = ['hs_timestamp', ...(TYPES[type]?.properties ?? []).map(({ name }) => name)];
	return several({ properties, associations: options.associations });
}

export const engagementOperations = {
	create: eachItem(async function (item) {
		const type = this.getNodeParameter('type', item) as string;
		const fields = this.getNodeParameter('additionalFields', item, {}) as Fields;
		const time = timeOf(this, item, 'Time', this.getNodeParameter('time', item, ''));
		const properties = {
			hs_timestamp: time || new Date().toISOString(),
			...propertiesIn(this, item, TYPES[type]?.properties ?? [], fields),
		};
		const associations = associationsIn(this, item, type, fields);
		return {
			json: await call(this, item, 'POST', `/crm/v3/objects/${type}`, { body: { properties, associations } }),
		};
	}),
	update: eachItem(async function (item) {
		const type = this.getNodeParameter('type', item) as string;
		const id = needed(this, 'engagementId', 'Engagement ID', item);
		const fields = this.getNodeParameter('fields', item, {}) as Fields;
		const properties = changesIn(this, item, TYPES[type]?.properties ?? [], fields);
		const url = `/crm/v3/objects/${type}/${encodeURIComponent(id)}`;
		return { json: await call(this, item, 'PATCH', url, { body: { properties } }) };
	}),
	get: eachItem(async function (item) {
		const type = this.getNodeParameter('type', item) as string;
		const id = needed(this, 'engagementId', 'Engagement ID', item);
		const qs = query(type, this.getNodeParameter('options', item, {}) as Options);
		return {
			json: await call(this, item, 'GET', `/crm/v3/objects/${type}/${encodeURIComponent(id)}`, { qs }),
		};
	}),
	getAll: eachItem(async function (item) {
		const type = this.getNodeParameter('type', item) as string;
		const qs = query(type, this.getNodeParameter('options', item, {}) as Options);
		return jsonItems(await list(this, item, `/crm/v3/objects/${type}`, qs, limitOf(this, item)));
	}),
	delete: eachItem(async function (item) {
		const type = this.getNodeParameter('type', item) as string;
		const id = needed(this, 'engagementId', 'Engagement ID', item);
		await call(this, item, 'DELETE', `/crm/v3/objects/${type}/${encodeURIComponent(id)}`);
		return { json: { id, deleted: true } };
	}),
};
