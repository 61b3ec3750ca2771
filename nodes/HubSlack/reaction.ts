/** https://docs.slack.dev/reference/methods#reactions */
import type { INodeProperties } from 'n8n-workflow';
import { method, required, shownFor, timestamp } from './fields';
import { CHANNEL } from './pickers';

export const reactionProperties: INodeProperties[] = [
	{
		displayName: 'Operation',
		name: 'operation',
		type: 'options',
		noDataExpression: true,
		displayOptions: { show: { resource: ['reaction'] } },
		options: [
			{ name: 'Add', value: 'add', action: 'Add a reaction', routing: method('POST', 'reactions.add') },
			{
				name: 'Get',
				value: 'get',
				action: 'Get a message with its reactions',
				routing: { request: { method: 'GET', url: '/reactions.get', qs: { full: true } } },
			},
			{
				name: 'Remove',
				value: 'remove',
				action: 'Remove a reaction',
				routing: method('POST', 'reactions.remove'),
			},
		],
		default: 'add',
	},
	required('body', 'channel', { ...CHANNEL, displayOptions: shownFor('reaction', 'add', 'remove') }),
	required('query', 'channel', { ...CHANNEL, displayOptions: shownFor('reaction', 'get') }),
	timestamp(shownFor('reaction', 'add', 'remove'), 'body', 'timestamp'),
	timestamp(shownFor('reaction', 'get'), 'query', 'timestamp'),
	required(
		'body',
		'name',
		{
			displayName: 'Emoji Code',
			name: 'name',
			type: 'string',
			default: '',
			placeholder: 'e.g. +1',
			description: 'Name of the emoji, with or without its colons',
			displayOptions: shownFor('reaction', 'add', 'remove'),
		},
		'={{ $value.replace(/^:|:$/g, "") }}',
	),
];
