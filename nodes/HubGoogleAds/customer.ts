/** https://developers.google.com/google-ads/api/docs/account-management/listing-accounts */
import { NodeOperationError, type IDataObject, type INodeProperties } from 'n8n-workflow';
import { eachItem, jsonItems, limitOf, requestJson, returnAllOrLimit } from '../transport';
import { search, targetOf, versionOf } from './call';
import { customerField, field, optionsField, shown } from './fields';
import { limited } from './gaql';
import { optionsOf } from './ids';
import { googleAds } from './service';

export const customerProperties: INodeProperties[] = [
	{
		displayName: 'Operation',
		name: 'operation',
		type: 'options',
		noDataExpression: true,
		displayOptions: { show: { resource: ['customer'] } },
		options: [
			{ name: 'Get', value: 'get', action: 'Get a customer' },
			{
				name: 'Get Clients',
				value: 'getClients',
				action: 'Get the clients of a manager account',
				description: 'Get the accounts below a manager account, however deep',
			},
			{
				name: 'Get Many',
				value: 'getAll',
				action: 'Get many customers',
				description: 'Get the customers that the connected person has direct access to',
			},
		],
		default: 'getAll',
	},
	customerField(shown('customer', 'get', 'getClients')),
	...returnAllOrLimit(shown('customer', 'getAll', 'getClients')),
	optionsField(shown('customer', 'get', 'getAll')),
	optionsField(shown('customer', 'getClients'), [
		field('Include Managers', 'includeManagers', {
			type: 'boolean',
			default: true,
			description: 'Whether to return manager accounts too',
		}),
	]),
];

const FIELDS = [
	'id',
	'descriptive_name',
	'currency_code',
	'time_zone',
	'manager',
	'test_account',
	'status',
	'auto_tagging_enabled',
	'optimization_score',
].map((name) => `customer.${name}`);
const CLIENT_FIELDS = [
	'id',
	'descriptive_name',
	'currency_code',
	'time_zone',
	'manager',
	'test_account',
	'status',
	'level',
	'client_customer',
].map((name) => `customer_client.${name}`);

export const customerOperations = {
	get: eachItem(async function (itemIndex) {
		const query = `SELECT ${FIELDS.join(', ')} FROM customer`;
		const [row] = await search(this, itemIndex, targetOf(this, itemIndex), query, 1);
		if (row !== undefined) return { json: row.customer as IDataObject };
		throw new NodeOperationError(this.getNode(), 'Google Ads tells nothing of this customer', { itemIndex });
	}),

	getClients: eachItem(async function (itemIndex) {
		const limit = limitOf(this, itemIndex);
		const managers =
			optionsOf(this, itemIndex).includeManagers === false ? [' WHERE customer_client.manager = FALSE'] : [];
		const query = limited(
			`SELECT ${CLIENT_FIELDS.join(', ')} FROM customer_client${managers.join('')}`,
			limit,
		);
		const rows = await search(this, itemIndex, targetOf(this, itemIndex), query, limit);
		return jsonItems(rows.map(({ customerClient }) => customerClient as IDataObject));
	}),

	getAll: eachItem(async function (itemIndex) {
		const { version } = versionOf(this, itemIndex);
		const { resourceNames = [] } = await requestJson<{ resourceNames?: string[] }>(
			this,
			googleAds,
			itemIndex,
			// Whoever asks here is meant, whichever manager is named.
			{ method: 'GET', url: `/${version}/customers:listAccessibleCustomers` },
		);
		return jsonItems(
			resourceNames
				.slice(0, limitOf(this, itemIndex))
				.map((resourceName) => ({ resourceName, id: resourceName.replace(/^customers\//, '') })),
		);
	}),
};
