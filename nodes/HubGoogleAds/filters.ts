import type { INodeProperties } from 'n8n-workflow';
import { returnAllOrLimit } from '../transport';
import { field, optionsField, shown, simplify } from './fields';

/** https://developers.google.com/google-ads/api/docs/query/date-ranges */
const RANGES = [
	['All Time', 'ALL_TIME'],
	['Last 14 Days', 'LAST_14_DAYS'],
	['Last 30 Days', 'LAST_30_DAYS'],
	['Last 7 Days', 'LAST_7_DAYS'],
	['Last Business Week', 'LAST_BUSINESS_WEEK'],
	['Last Month', 'LAST_MONTH'],
	['Last Week (Monday to Sunday)', 'LAST_WEEK_MON_SUN'],
	['Last Week (Sunday to Saturday)', 'LAST_WEEK_SUN_SAT'],
	['This Month', 'THIS_MONTH'],
	['This Week (From Monday)', 'THIS_WEEK_MON_TODAY'],
	['This Week (From Sunday)', 'THIS_WEEK_SUN_TODAY'],
	['Today', 'TODAY'],
	['Yesterday', 'YESTERDAY'],
].map(([name = '', value = '']) => ({ name, value }));

export const DATE_RANGE = field('Metrics For', 'dateRange', {
	type: 'options',
	default: 'LAST_30_DAYS',
	options: RANGES,
	description: 'Adds impressions, clicks, cost and conversions of these days',
});
export const CAMPAIGN_ID = field('Campaign ID', 'campaignId', { description: 'Only those of this campaign' });
export const AD_GROUP_ID = field('Ad Group ID', 'adGroupId', { description: 'Only those of this ad group' });
export const STATUSES = field('Status', 'status', {
	type: 'multiOptions',
	default: [],
	options: [
		{ name: 'Enabled', value: 'ENABLED' },
		{ name: 'Paused', value: 'PAUSED' },
		{ name: 'Removed', value: 'REMOVED' },
	],
	description: 'All but removed ones unless chosen',
});

/** "Get" and "Get Many" of a resource: how much, how simple, and which. */
export const gettingProperties = (resource: string, filters: INodeProperties[]): INodeProperties[] => [
	...returnAllOrLimit(shown(resource, 'getAll')),
	simplify(shown(resource, 'get', 'getAll')),
	optionsField(shown(resource, 'get')),
	optionsField(shown(resource, 'getAll'), [
		...filters,
		field('Where (GAQL)', 'where', {
			placeholder: "e.g. campaign.name LIKE '%May%'",
			description: 'A further condition, in the query language of Google Ads',
		}),
	]),
];
