/** https://docs.slack.dev/reference/methods/?filter=reactions */
import type { INodeProperties } from 'n8n-workflow';
import { channelField, shown, textField } from './fields';

export const reactionProperties: INodeProperties[] = [
	{
		displayName: 'Operation',
		name: 'operation',
		type: 'options',
		noDataExpression: true,
		displayOptions: { show: { resource: ['reaction'] } },
		options: [
			{
				name: 'Add',
				value: 'add',
				action: 'Add a reaction',
				routing: {
					request: { method: 'POST', url: '/reactions.add' },
					output: {
						postReceive: [{ type: 'set', properties: { value: '={{ { ok: true } }}' } }],
					},
				},
			},
			{
				name: 'Get',
				value: 'get',
				action: 'Get the reactions of a message',
				routing: {
					request: { method: 'GET', url: '/reactions.get' },
					output: {
						postReceive: [{ type: 'rootProperty', properties: { property: 'message' } }],
					},
				},
			},
			{
				name: 'Remove',
				value: 'remove',
				action: 'Remove a reaction',
				routing: {
					request: { method: 'POST', url: '/reactions.remove' },
					output: {
						postReceive: [{ type: 'set', properties: { value: '={{ { ok: true } }}' } }],
					},
				},
			},
		],
		default: 'add',
	},
	channelField(shown('reaction', 'add', 'remove'), 'body'),
	channelField(shown('reaction', 'get'), 'query'),
	textField('Message Timestamp', 'timestamp', 'timestamp', shown('reaction', 'add', 'remove'), 'body', {
		placeholder: 'e.g. 1663233118.856619',
	}),
	textField('Message Timestamp', 'timestamp', 'timestamp', shown('reaction', 'get'), 'query', {
		placeholder: 'e.g. 1663233118.856619',
	}),
	textField('Emoji', 'name', 'name', shown('reaction', 'add', 'remove'), 'body', {
		placeholder: 'e.g. thumbsup',
		description: 'Its name, without colons',
	}),
];
