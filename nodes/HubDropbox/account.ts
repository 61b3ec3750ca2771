/** https://www.dropbox.com/developers/documentation/http/documentation#users */
import type { INodeProperties } from 'n8n-workflow';
import { eachItem } from '../transport';
import { rpc } from './call';

export const accountProperties: INodeProperties[] = [
	{
		displayName: 'Operation',
		name: 'operation',
		type: 'options',
		noDataExpression: true,
		displayOptions: { show: { resource: ['account'] } },
		options: [
			{ name: 'Get', value: 'get', action: 'Get the account' },
			{ name: 'Get Space Usage', value: 'getSpaceUsage', action: 'Get the space usage of the account' },
		],
		default: 'get',
	},
];

export const accountOperations = {
	get: eachItem(async function (itemIndex) {
		return { json: await rpc(this, itemIndex, 'users/get_current_account', null) };
	}),
	getSpaceUsage: eachItem(async function (itemIndex) {
		return { json: await rpc(this, itemIndex, 'users/get_space_usage', null) };
	}),
};
