/** Who records belong to. https://developers.hubspot.com/docs/api-reference/crm-crm-owners-v3/guide */
import type { INodeProperties } from 'n8n-workflow';
import { chosen, eachItem, jsonItems, limitOf, needed, returnAllOrLimit } from '../transport';
import { call, list } from './call';

const show = (...operation: string[]) => ({ resource: ['owner'], operation });

export const ownerProperties: INodeProperties[] = [
	{
		displayName: 'Operation',
		name: 'operation',
		type: 'options',
		noDataExpression: true,
		displayOptions: { show: { resource: ['owner'] } },
		options: [
			{ name: 'Get', value: 'get', action: 'Get an owner' },
			{ name: 'Get Many', value: 'getAll', action: 'Get many owners' },
		],
		default: 'getAll',
	},
	{
		displayName: 'Owner ID',
		name: 'ownerId',
		type: 'string',
		default: '',
		required: true,
		displayOptions: { show: show('get') },
	},
	...returnAllOrLimit(show('getAll')),
	{
		displayName: 'Email',
		name: 'email',
		type: 'string',
		placeholder: 'name@email.com',
		default: '',
		description: 'Only the owner with this address',
		displayOptions: { show: show('getAll') },
	},
];

export const ownerOperations = {
	get: eachItem(async function (item) {
		const id = encodeURIComponent(needed(this, 'ownerId', 'Owner ID', item));
		return { json: await call(this, item, 'GET', `/crm/v3/owners/${id}`) };
	}),
	getAll: eachItem(async function (item) {
		const email = chosen(this, 'email', item);
		const qs = email ? { email } : {};
		return jsonItems(await list(this, item, '/crm/v3/owners', qs, limitOf(this, item), 500));
	}),
};
