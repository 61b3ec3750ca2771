/** https://developers.google.com/google-ads/api/docs/campaigns/create-campaigns */
import type { INodeProperties } from 'n8n-workflow';
import { BIDDING, CHANNEL, EU_POLITICAL_ADS } from './campaign-choices';
import {
	amount,
	collection,
	customerField,
	field,
	optionsField,
	picked,
	shown,
	STATUS,
	VALIDATE_ONLY,
} from './fields';
import { DATE_RANGE, gettingProperties, STATUSES } from './filters';
import { operations } from './operation';

const creating = shown('campaign', 'create');
const budgetFrom = (from: string) => ({ show: { ...creating, budgetFrom: [from] } });

const DATES: INodeProperties[] = [
	field('End Date', 'endDate', { type: 'dateTime', description: 'The last day, in the account’s time zone' }),
	field('Start Date', 'startDate', {
		type: 'dateTime',
		description: 'The first day, in the account’s time zone',
	}),
];
const LINKS: INodeProperties[] = [
	field('Final URL Suffix', 'finalUrlSuffix', { placeholder: 'e.g. utm_source=google' }),
	field('Tracking URL Template', 'trackingUrlTemplate'),
];

export const campaignProperties: INodeProperties[] = [
	operations(
		'campaign',
		'campaign',
		['create', 'delete', 'get', 'getAll', 'update'],
		[
			{
				name: 'Change Budget',
				value: 'changeBudget',
				action: 'Change the budget of a campaign',
				description: 'Change the amount of the budget that the campaign uses',
			},
		],
	),
	customerField(shown('campaign', 'changeBudget', 'create', 'delete', 'get', 'getAll', 'update')),
	picked({
		displayName: 'Campaign',
		name: 'campaignId',
		searchListMethod: 'searchCampaigns',
		show: shown('campaign', 'changeBudget', 'delete', 'get', 'update'),
	}),
	field('Name', 'name', { required: true, displayOptions: { show: creating } }),
	{ ...CHANNEL, displayOptions: { show: creating } },
	{ ...BIDDING, displayOptions: { show: creating } },
	{
		displayName: 'Budget',
		name: 'budgetFrom',
		type: 'options',
		default: 'new',
		options: [
			{ name: 'Existing', value: 'existing' },
			{ name: 'New', value: 'new', description: 'Made together with the campaign, and used by it alone' },
		],
		displayOptions: { show: creating },
	},
	amount('Daily Budget', 'dailyBudget', {
		required: true,
		displayOptions: { show: { ...creating, budgetFrom: ['new'] } },
	}),
	{
		...picked({
			displayName: 'Existing Budget',
			name: 'budgetId',
			searchListMethod: 'searchBudgets',
			show: creating,
		}),
		displayOptions: budgetFrom('existing'),
	},
	{ ...EU_POLITICAL_ADS, displayOptions: { show: creating } },
	{ ...STATUS, displayOptions: { show: creating } },
	amount('Daily Budget', 'dailyBudget', {
		required: true,
		displayOptions: { show: shown('campaign', 'changeBudget') },
	}),
	collection('Additional Fields', creating, [
		...DATES,
		...LINKS,
		field('Search Partners', 'searchPartners', {
			type: 'boolean',
			default: false,
			description: 'Whether to show the ads on the sites of search partners too',
		}),
		amount('Target CPA', 'targetCpa', {
			description: 'What a conversion may cost, with Maximize Conversions',
		}),
		field('Target ROAS', 'targetRoas', {
			type: 'number',
			typeOptions: { minValue: 0, numberPrecision: 2 },
			default: 0,
			description: 'What is to come back for one spent, with Maximize Conversion Value: 3.5 is 350%',
		}),
	]),
	collection('Update Fields', shown('campaign', 'update'), [
		...DATES,
		...LINKS,
		field('Name', 'name'),
		STATUS,
	]),
	...gettingProperties('campaign', [DATE_RANGE, STATUSES]),
	optionsField(shown('campaign', 'changeBudget'), [
		field('Allow Shared Budget', 'allowShared', {
			type: 'boolean',
			default: false,
			description: 'Whether to change a budget that other campaigns use too',
		}),
		VALIDATE_ONLY,
	]),
	optionsField(shown('campaign', 'create', 'delete', 'update'), [VALIDATE_ONLY]),
];
