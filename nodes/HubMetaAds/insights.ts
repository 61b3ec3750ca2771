/** https://developers.facebook.com/docs/marketing-api/insights and …/insights/best-practices#asynchronous */
import type { INodeProperties } from 'n8n-workflow';
import { returnAllOrLimit } from '../transport';
import { accountField, picked, shown } from './fields';
import { LEVELS, OBJECTS, PRESETS } from './insights-choices';
import { insightsOptions } from './insights-options';

const ASKING = ['createReport', 'get', 'runReport'];
const ROWS = ['get', 'getReportResults', 'runReport'];
const asking = shown('insight', ...ASKING);

export const insightsProperties: INodeProperties[] = [
	{
		displayName: 'Operation',
		name: 'operation',
		type: 'options',
		noDataExpression: true,
		displayOptions: { show: { resource: ['insight'] } },
		options: [
			{
				name: 'Create Report',
				value: 'createReport',
				action: 'Start a report of insights',
				description: 'Have Meta work out a report, without waiting for it',
			},
			{
				name: 'Get',
				value: 'get',
				action: 'Get insights',
				description: 'Get insights at once; for large amounts use Run Report',
			},
			{
				name: 'Get Report Results',
				value: 'getReportResults',
				action: 'Get the results of a report of insights',
				description: 'Get the rows of a report that is complete',
			},
			{
				name: 'Get Report Status',
				value: 'getReportStatus',
				action: 'Get the status of a report of insights',
			},
			{
				name: 'Run Report',
				value: 'runReport',
				action: 'Run a report of insights and wait for it',
				description: 'Have Meta work out a report, wait until it is complete, and get its rows',
			},
		],
		default: 'get',
	},
	{
		displayName: 'Insights Of',
		name: 'insightsOf',
		type: 'options',
		options: OBJECTS,
		default: 'account',
		displayOptions: { show: asking },
	},
	accountField(asking, false, 'The account itself, or the one whose things the lists below show'),
	...[
		{ displayName: 'Campaign', name: 'campaignId', searchListMethod: 'searchCampaigns', of: 'campaign' },
		{ displayName: 'Ad Set', name: 'adSetId', searchListMethod: 'searchAdSets', of: 'adSet' },
		{ displayName: 'Ad', name: 'adId', searchListMethod: 'searchAds', of: 'ad' },
	].map(({ of, ...one }) => picked({ ...one, show: { ...asking, insightsOf: [of] }, property: null })),
	{
		displayName: 'Report ID',
		name: 'reportId',
		type: 'string',
		required: true,
		default: '',
		placeholder: 'e.g. 6023920149050',
		description: 'The report_run_id that Create Report puts out',
		displayOptions: { show: shown('insight', 'getReportResults', 'getReportStatus') },
	},
	{
		displayName: 'Level',
		name: 'level',
		type: 'options',
		options: LEVELS,
		default: 'campaign',
		description: 'What each row is about',
		displayOptions: { show: asking },
	},
	{
		displayName: 'Time Range',
		name: 'timeRange',
		type: 'options',
		options: PRESETS,
		default: 'last_30d',
		displayOptions: { show: asking },
	},
	{
		displayName: 'Since',
		name: 'since',
		type: 'dateTime',
		required: true,
		default: '',
		description: 'The first day, in the time zone of the ad account; the time of day is not looked at',
		displayOptions: { show: { ...asking, timeRange: ['custom'] } },
	},
	{
		displayName: 'Until',
		name: 'until',
		type: 'dateTime',
		required: true,
		default: '',
		description: 'The last day, which is included',
		displayOptions: { show: { ...asking, timeRange: ['custom'] } },
	},
	...returnAllOrLimit(shown('insight', ...ROWS)),
	{
		displayName: 'Simplify',
		name: 'simple',
		type: 'boolean',
		default: true,
		description: 'Whether to return a simplified version of the response instead of the raw data',
		hint: 'Numbers instead of text, and actions as {"purchase": 3} instead of a list',
		displayOptions: { show: shown('insight', ...ROWS) },
	},
	...insightsOptions(asking),
	{
		displayName: 'Waiting',
		name: 'waiting',
		type: 'collection',
		placeholder: 'Add option',
		default: {},
		displayOptions: { show: shown('insight', 'runReport') },
		options: [
			{
				displayName: 'Ask Every (Seconds)',
				name: 'interval',
				type: 'number',
				typeOptions: { minValue: 0, numberPrecision: 3 },
				default: 5,
				description: 'How long to wait before asking again whether the report is complete',
			},
			{
				displayName: 'Give Up After (Minutes)',
				name: 'giveUpAfter',
				type: 'number',
				typeOptions: { minValue: 0, numberPrecision: 3 },
				default: 10,
				description: 'The report goes on at Meta; its ID is told, to get the results later',
			},
		],
	},
];
