/** https://developers.facebook.com/docs/marketing-api/reference/ad-account */
import type { INodeProperties } from 'n8n-workflow';
import { pages, returnAllOrLimit } from '../transport';
import { accountField, collection, fieldsOption, shown } from './fields';
import { cursorPages } from './pages';
import { meta } from './service';

const USUAL =
	'id,account_id,name,account_status,currency,timezone_name,amount_spent,balance,spend_cap,business';

export const accountProperties: INodeProperties[] = [
	{
		displayName: 'Operation',
		name: 'operation',
		type: 'options',
		noDataExpression: true,
		displayOptions: { show: { resource: ['adAccount'] } },
		options: [
			{
				name: 'Get',
				value: 'get',
				action: 'Get an ad account',
				routing: { request: { method: 'GET', url: '/:adAccountId', qs: { fields: USUAL } } },
			},
			{
				name: 'Get Many',
				value: 'getAll',
				action: 'Get many ad accounts',
				description: 'Get the ad accounts that the connected person has a role in',
				routing: {
					request: { method: 'GET', url: '/me/adaccounts', qs: { fields: USUAL } },
					operations: { pagination: pages(meta, cursorPages()) },
				},
			},
		],
		default: 'getAll',
	},
	accountField(shown('adAccount', 'get')),
	...returnAllOrLimit(shown('adAccount', 'getAll')),
	collection('Options', shown('adAccount', 'get', 'getAll'), [fieldsOption(USUAL)]),
];
