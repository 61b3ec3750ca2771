import type { IDisplayOptions, INodeProperties } from 'n8n-workflow';
import { ACTION_BREAKDOWNS, BREAKDOWNS, WINDOWS } from './insights-choices';

export const USUAL_METRICS =
	'account_id,account_name,account_currency,campaign_id,campaign_name,adset_id,adset_name,ad_id,ad_name,objective,impressions,reach,frequency,clicks,inline_link_clicks,ctr,cpc,cpm,spend,actions,action_values,cost_per_action_type,purchase_roas';

export const insightsOptions = (show: NonNullable<IDisplayOptions['show']>): INodeProperties[] => [
	{
		displayName: 'Options',
		name: 'options',
		type: 'collection',
		placeholder: 'Add option',
		default: {},
		displayOptions: { show },
		options: [
			{
				displayName: 'Action Attribution Windows',
				name: 'attributionWindows',
				type: 'multiOptions',
				options: WINDOWS,
				default: [],
				description: 'How long after a click or view an action counts; each window is told beside the total',
			},
			{
				displayName: 'Action Breakdowns',
				name: 'actionBreakdowns',
				type: 'multiOptions',
				options: ACTION_BREAKDOWNS,
				default: ['action_type'],
				description: 'By what actions are told apart',
			},
			{
				displayName: 'Action Report Time',
				name: 'actionReportTime',
				type: 'options',
				default: 'mixed',
				options: [
					{ name: 'Conversion', value: 'conversion', description: 'On the day of the action' },
					{ name: 'Impression', value: 'impression', description: 'On the day of the ad' },
					{ name: 'Mixed', value: 'mixed', description: 'Clicks by impression, conversions by conversion' },
				],
			},
			{
				displayName: 'Breakdowns',
				name: 'breakdowns',
				type: 'multiOptions',
				options: BREAKDOWNS,
				default: [],
				description:
					'By what rows are told apart. <a href="https://developers.facebook.com/docs/marketing-api/insights/breakdowns">Which go together</a>.',
			},
			{
				displayName: 'Fields',
				name: 'fields',
				type: 'string',
				default: USUAL_METRICS,
				description: 'The metrics to return, separated by commas',
			},
			{
				displayName: 'Filtering (JSON)',
				name: 'filtering',
				type: 'json',
				default: '',
				placeholder: '[{"field": "impressions", "operator": "GREATER_THAN", "value": 100}]',
			},
			{
				displayName: 'Sort',
				name: 'sort',
				type: 'string',
				default: '',
				placeholder: 'e.g. spend_descending',
			},
			{
				displayName: 'Time Increment',
				name: 'timeIncrement',
				type: 'options',
				default: '1',
				options: [
					{ name: 'All Days', value: 'all_days', description: 'One row for the whole time' },
					{ name: 'Days', value: 'days', description: 'One row for each so many days' },
					{ name: 'Monthly', value: 'monthly' },
					{ name: 'Daily', value: '1' },
				].sort((a, b) => a.name.localeCompare(b.name)),
				description: 'How much time each row is about',
			},
			{
				displayName: 'Time Increment Days',
				name: 'timeIncrementDays',
				type: 'number',
				typeOptions: { minValue: 1, maxValue: 90 },
				default: 7,
				description: 'Where Time Increment is Days',
			},
			{
				displayName: 'Use Ad Sets’ Attribution Setting',
				name: 'unifiedAttribution',
				type: 'boolean',
				default: true,
				description: 'Whether to count as Ads Manager does',
			},
		],
	},
];
