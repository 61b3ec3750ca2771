import type { INodeProperties } from 'n8n-workflow';
import { pages, returnAllOrLimit } from '../transport';
import { cursorPages } from './cursor-pages';
import { slack } from './service';

const show = (...operation: string[]) => ({ resource: ['channel'], operation });

export const channelProperties: INodeProperties[] = [
	{
		displayName: 'Operation',
		name: 'operation',
		type: 'options',
		noDataExpression: true,
		displayOptions: { show: { resource: ['channel'] } },
		options: [
			{
				name: 'Get',
				value: 'get',
				action: 'Get a channel',
				routing: {
					request: { method: 'GET', url: '/conversations.info' },
					output: { postReceive: [{ type: 'rootProperty', properties: { property: 'channel' } }] },
				},
			},
			{
				name: 'Get Many',
				value: 'getAll',
				action: 'Get many channels',
				routing: {
					request: { method: 'GET', url: '/conversations.list' },
					operations: { pagination: pages(slack, cursorPages('channels')) },
				},
			},
		],
		default: 'getAll',
	},
	{
		displayName: 'Channel',
		name: 'channelId',
		type: 'resourceLocator',
		default: { mode: 'list', value: '' },
		required: true,
		displayOptions: { show: show('get') },
		modes: [
			{
				displayName: 'From List',
				name: 'list',
				type: 'list',
				typeOptions: { searchListMethod: 'searchChannels', searchable: true },
			},
			{ displayName: 'By ID', name: 'id', type: 'string', placeholder: 'C012AB3CD' },
		],
		routing: { send: { type: 'query', property: 'channel' } },
	},
	...returnAllOrLimit(show('getAll')),
];
