/** https://developers.google.com/workspace/gmail/api/reference/rest/v1/users.labels */
import type { INodeProperties } from 'n8n-workflow';
import { pages, returnAllOrLimit } from '../transport';
import { idField, shownFor } from './fields';
import { gmail, MAILBOX } from './service';

const LABEL = `${MAILBOX}/labels/:labelId`;

const inBody = (property: string) => ({ routing: { send: { type: 'body' as const, property } } });

const VISIBILITY: INodeProperties[] = [
	{
		displayName: 'Background Color',
		name: 'backgroundColor',
		type: 'color',
		default: '#4a86e8',
		description:
			'One of <a href="https://developers.google.com/workspace/gmail/api/reference/rest/v1/users.labels#Color">the colors that Gmail knows</a>; needs a text color too',
		...inBody('color.backgroundColor'),
	},
	{
		displayName: 'Label List Visibility',
		name: 'labelListVisibility',
		type: 'options',
		default: 'labelShow',
		options: [
			{ name: 'Hide', value: 'labelHide' },
			{ name: 'Show', value: 'labelShow' },
			{ name: 'Show If Unread', value: 'labelShowIfUnread' },
		],
		description: 'Whether the label is shown in the list of labels',
		...inBody('labelListVisibility'),
	},
	{
		displayName: 'Message List Visibility',
		name: 'messageListVisibility',
		type: 'options',
		default: 'show',
		options: [
			{ name: 'Hide', value: 'hide' },
			{ name: 'Show', value: 'show' },
		],
		description: 'Whether messages with this label are shown in the list of messages',
		...inBody('messageListVisibility'),
	},
	{
		displayName: 'Text Color',
		name: 'textColor',
		type: 'color',
		default: '#ffffff',
		description:
			'One of <a href="https://developers.google.com/workspace/gmail/api/reference/rest/v1/users.labels#Color">the colors that Gmail knows</a>; needs a background color too',
		...inBody('color.textColor'),
	},
];

export const labelProperties: INodeProperties[] = [
	{
		displayName: 'Operation',
		name: 'operation',
		type: 'options',
		noDataExpression: true,
		displayOptions: { show: { resource: ['label'] } },
		options: [
			{
				name: 'Create',
				value: 'create',
				action: 'Create a label',
				routing: { request: { method: 'POST', url: `${MAILBOX}/labels` } },
			},
			{
				name: 'Delete',
				value: 'delete',
				action: 'Delete a label',
				description: 'Delete a label and take it off all messages',
				routing: { request: { method: 'DELETE', url: LABEL } },
			},
			{
				name: 'Get',
				value: 'get',
				action: 'Get a label',
				description: 'Get a label with its numbers of messages and threads',
				routing: { request: { method: 'GET', url: LABEL } },
			},
			{
				name: 'Get Many',
				value: 'getAll',
				action: 'Get many labels',
				routing: {
					request: { method: 'GET', url: `${MAILBOX}/labels` },
					// Gmail gives all at once.
					operations: { pagination: pages(gmail, { items: 'labels', next: () => null }) },
				},
			},
			{
				name: 'Update',
				value: 'update',
				action: 'Update a label',
				routing: { request: { method: 'PATCH', url: LABEL } },
			},
		],
		default: 'getAll',
	},
	idField('Label', 'labelId', shownFor('label', 'delete', 'get', 'update'), {
		type: 'resourceLocator',
		default: { mode: 'list', value: '' },
		modes: [
			{
				displayName: 'From List',
				name: 'list',
				type: 'list',
				typeOptions: { searchListMethod: 'searchLabels', searchable: true },
			},
			{ displayName: 'By ID', name: 'id', type: 'string', placeholder: 'e.g. Label_12' },
		],
	}),
	{
		displayName: 'Name',
		name: 'name',
		type: 'string',
		required: true,
		default: '',
		placeholder: 'e.g. Invoices/2026',
		description: 'A slash puts a label below another',
		displayOptions: shownFor('label', 'create'),
		...inBody('name'),
	},
	{
		displayName: 'Options',
		name: 'options',
		type: 'collection',
		placeholder: 'Add option',
		default: {},
		displayOptions: shownFor('label', 'create'),
		options: VISIBILITY,
	},
	{
		displayName: 'Update Fields',
		name: 'updateFields',
		type: 'collection',
		placeholder: 'Add Field',
		default: {},
		displayOptions: shownFor('label', 'update'),
		options: [
			...VISIBILITY.slice(0, 3),
			{ displayName: 'Name', name: 'name', type: 'string', default: '', ...inBody('name') },
			...VISIBILITY.slice(3),
		],
	},
	...returnAllOrLimit({ resource: ['label'], operation: ['getAll'] }),
];
