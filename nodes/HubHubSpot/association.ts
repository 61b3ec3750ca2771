/** Which records belong together. https://developers.hubspot.com/docs/api-reference/crm-associations-v4/guide */
import type { IDataObject, IExecuteFunctions, INodeProperties } from 'n8n-workflow';
import { eachItem, jsonItems, limitOf, needed, returnAllOrLimit } from '../transport';
import { call, list } from './call';
import { fromList, RECORDS } from './objects';
import { objectTypeLocator } from './fields';

const show = (...operation: string[]) => ({ resource: ['association'], operation });
const every = { resource: ['association'] };

const OBJECTS = [
	...RECORDS.filter(({ objectType }) => objectType !== '').map(({ name, objectType }) => ({
		name,
		value: objectType,
	})),
	{ name: 'Other', value: 'other' },
];

/** One of HubSpot's own, or any other by name. */
const typeProperty = (displayName: string, name: string): INodeProperties[] => [
	{
		displayName,
		name,
		type: 'options',
		options: OBJECTS,
		default: 'contacts',
		displayOptions: { show: every },
	},
	objectTypeLocator(`${displayName} (Other)`, `${name}Other`, { ...every, [name]: ['other'] } as never),
];

export const associationProperties: INodeProperties[] = [
	{
		displayName: 'Operation',
		name: 'operation',
		type: 'options',
		noDataExpression: true,
		displayOptions: { show: every },
		options: [
			{ name: 'Create', value: 'create', action: 'Create an association' },
			{
				name: 'Delete',
				value: 'delete',
				action: 'Delete an association',
				description: 'Take two records apart, with all labels between them',
			},
			{ name: 'Get Many', value: 'getAll', action: 'Get many associations' },
		],
		default: 'create',
	},
	...typeProperty('From Object', 'from'),
	{
		displayName: 'From ID',
		name: 'fromId',
		type: 'string',
		default: '',
		required: true,
		placeholder: 'e.g. 512',
		displayOptions: { show: every },
	},
	...typeProperty('To Object', 'to'),
	{
		displayName: 'To ID',
		name: 'toId',
		type: 'string',
		default: '',
		required: true,
		placeholder: 'e.g. 1024',
		displayOptions: { show: show('create', 'delete') },
	},
	{
		...fromList('Label Name or ID', 'label', 'getLabels', 'from', 'to', 'fromOther.value', 'toOther.value'),
		description:
			'What the one is to the other. Empty: just associated. Choose from the list, or specify an ID using an <a href="https://docs.n8n.io/code/expressions/">expression</a>.',
		displayOptions: { show: show('create') },
	},
	...returnAllOrLimit(show('getAll')),
];

const typeOf = (caller: IExecuteFunctions, name: 'from' | 'to', item: number): string => {
	const value = caller.getNodeParameter(name, item) as string;
	const other = () => needed(caller, `${name}Other`, 'The object type', item);
	return encodeURIComponent(value === 'other' ? other() : value);
};

function ends(caller: IExecuteFunctions, item: number) {
	const id = (name: string, what: string) => encodeURIComponent(needed(caller, name, what, item));
	return {
		start: `/crm/v4/objects/${typeOf(caller, 'from', item)}/${id('fromId', 'From ID')}/associations`,
		to: typeOf(caller, 'to', item),
		toId: () => id('toId', 'To ID'),
	};
}

export const associationOperations = {
	create: eachItem(async function (item) {
		const { start, to, toId } = ends(this, item);
		const label = String(this.getNodeParameter('label', item, ''));
		if (label === '') return { json: await call(this, item, 'PUT', `${start}/default/${to}/${toId()}`) };
		const [associationCategory, associationTypeId] = label.split('/');
		const body = [{ associationCategory, associationTypeId: Number(associationTypeId) }];
		return { json: await call(this, item, 'PUT', `${start}/${to}/${toId()}`, { body }) };
	}),
	delete: eachItem(async function (item) {
		const { start, to, toId } = ends(this, item);
		await call(this, item, 'DELETE', `${start}/${to}/${toId()}`);
		return { json: { deleted: true } };
	}),
	getAll: eachItem(async function (item) {
		const { start, to } = ends(this, item);
		const found: IDataObject[] = await list(this, item, `${start}/${to}`, {}, limitOf(this, item), 500);
		return jsonItems(found);
	}),
};
