/** https://developers.google.com/google-ads/api/docs/query/overview */
import type { INodeProperties } from 'n8n-workflow';
import { eachItem, jsonItems, limitOf, returnAllOrLimit } from '../transport';
import { flat, withAmounts } from './amounts';
import { search, targetOf } from './call';
import { customerField, field, optionsField, shown } from './fields';
import { limited } from './gaql';
import { optionsOf, textOf } from './ids';

const show = shown('query', 'search');

export const queryProperties: INodeProperties[] = [
	{
		displayName: 'Operation',
		name: 'operation',
		type: 'options',
		noDataExpression: true,
		displayOptions: { show: { resource: ['query'] } },
		options: [
			{
				name: 'Search',
				value: 'search',
				action: 'Search with a query',
				description: 'Ask for anything in the query language of Google Ads (GAQL)',
			},
		],
		default: 'search',
	},
	customerField(show),
	{
		displayName: 'Query',
		name: 'query',
		type: 'string',
		typeOptions: { rows: 6 },
		required: true,
		default: '',
		placeholder:
			'SELECT campaign.id, campaign.name, metrics.clicks, metrics.cost_micros FROM campaign WHERE segments.date DURING LAST_7_DAYS',
		description:
			'<a href="https://developers.google.com/google-ads/api/fields/v24/overview_query_builder">Query builder</a>',
		displayOptions: { show },
	},
	...returnAllOrLimit(show),
	optionsField(show, [
		field('Add Amounts', 'amounts', {
			type: 'boolean',
			default: true,
			description: 'Whether to put amounts in the account’s currency beside those in micros',
		}),
		field('Flatten', 'flatten', {
			type: 'boolean',
			default: false,
			description: 'Whether to return rows of one level, such as campaign_id and metrics_clicks',
		}),
	]),
];

export const queryOperations = {
	search: eachItem(async function (itemIndex) {
		const limit = limitOf(this, itemIndex);
		const query = limited(textOf(this, itemIndex, 'query', 'Query').replace(/;\s*$/, ''), limit);
		const { amounts = true, flatten = false } = optionsOf(this, itemIndex);
		const rows = await search(this, itemIndex, targetOf(this, itemIndex), query, limit);
		const priced = amounts ? withAmounts(rows) : rows;
		return jsonItems(flatten ? priced.map((row) => flat(row)) : priced);
	}),
};
