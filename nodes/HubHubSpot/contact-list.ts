/** Members of lists (segments). https://developers.hubspot.com/docs/api-reference/crm-lists-v3/guide */
import type { INodeProperties } from 'n8n-workflow';
import { eachItem, listOrId, needed } from '../transport';
import { call } from './call';
import { idsIn } from './values';

const show = { resource: ['contactList'] };

export const contactListProperties: INodeProperties[] = [
	{
		displayName: 'Operation',
		name: 'operation',
		type: 'options',
		noDataExpression: true,
		displayOptions: { show },
		options: [
			{ name: 'Add', value: 'add', action: 'Add to a list' },
			{ name: 'Remove', value: 'remove', action: 'Remove from a list' },
		],
		default: 'add',
	},
	{
		...listOrId({
			displayName: 'List',
			name: 'listId',
			searchListMethod: 'searchLists',
			show,
			placeholder: 'e.g. 42',
		}),
		description:
			'A manual list. The connection needs crm.lists.read and crm.lists.write among its optional scopes.',
	},
	{
		displayName: 'By',
		name: 'by',
		type: 'options',
		options: [
			{ name: 'Email', value: 'email' },
			{ name: 'ID', value: 'id' },
		],
		default: 'email',
		displayOptions: { show },
	},
	{
		displayName: 'Email',
		name: 'email',
		type: 'string',
		placeholder: 'name@email.com',
		default: '',
		required: true,
		displayOptions: { show: { ...show, by: ['email'] } },
	},
	{
		displayName: 'IDs',
		name: 'ids',
		type: 'string',
		default: '',
		required: true,
		placeholder: 'e.g. 512, 513',
		description: 'Of contacts, or of whatever is in the list, separated by commas',
		displayOptions: { show: { ...show, by: ['id'] } },
	},
];

const change = (what: 'add' | 'remove') =>
	eachItem(async function (item) {
		const listId = encodeURIComponent(needed(this, 'listId', 'List', item));
		const byEmail = this.getNodeParameter('by', item) === 'email';
		const email = byEmail ? needed(this, 'email', 'Email', item) : '';
		const ids = byEmail
			? [
					(
						await call<{ id: string }>(
							this,
							item,
							'GET',
							`/crm/v3/objects/contacts/${encodeURIComponent(email)}`,
							{ qs: { idProperty: 'email', properties: 'email' } },
						)
					).id,
				]
			: idsIn(needed(this, 'ids', 'IDs', item));
		const url = `/crm/v3/lists/${listId}/memberships/${what}`;
		return { json: await call(this, item, 'PUT', url, { body: ids as never }) };
	});

export const contactListOperations = { add: change('add'), remove: change('remove') };
