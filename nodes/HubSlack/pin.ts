/** https://docs.slack.dev/reference/methods#pins */
import type { INodeProperties } from 'n8n-workflow';
import { pages, returnAllOrLimit } from '../transport';
import { method, required, shownFor, timestamp } from './fields';
import { onePage } from './pages';
import { CHANNEL } from './pickers';
import { slack } from './service';

export const pinProperties: INodeProperties[] = [
	{
		displayName: 'Operation',
		name: 'operation',
		type: 'options',
		noDataExpression: true,
		displayOptions: { show: { resource: ['pin'] } },
		options: [
			{ name: 'Add', value: 'add', action: 'Pin a message', routing: method('POST', 'pins.add') },
			{
				name: 'Get Many',
				value: 'getAll',
				action: 'Get many pinned messages',
				routing: {
					...method('GET', 'pins.list'),
					operations: { pagination: pages(slack, onePage('items')) },
				},
			},
			{ name: 'Remove', value: 'remove', action: 'Unpin a message', routing: method('POST', 'pins.remove') },
		],
		default: 'add',
	},
	required('body', 'channel', { ...CHANNEL, displayOptions: shownFor('pin', 'add', 'remove') }),
	required('query', 'channel', { ...CHANNEL, displayOptions: shownFor('pin', 'getAll') }),
	timestamp(shownFor('pin', 'add', 'remove'), 'body', 'timestamp'),
	...returnAllOrLimit(shownFor('pin', 'getAll').show),
];
