import type { INodeProperties } from 'n8n-workflow';
import { inBody } from './fields';

export const BUDGETS: INodeProperties[] = [
	inBody('Daily Budget', 'dailyBudget', 'daily_budget', {
		type: 'number',
		default: 0,
		description: 'In the smallest unit of the account’s currency: 1000 is $10.00, or ¥1000',
	}),
	inBody('Lifetime Budget', 'lifetimeBudget', 'lifetime_budget', {
		type: 'number',
		default: 0,
		description:
			'In the smallest unit of the account’s currency: 1000 is $10.00, or ¥1000. Needs an end of the ad sets.',
	}),
];

export const BID_STRATEGY: INodeProperties = inBody('Bid Strategy', 'bidStrategy', 'bid_strategy', {
	type: 'options',
	default: 'LOWEST_COST_WITHOUT_CAP',
	options: [
		{ name: 'Bid Cap', value: 'LOWEST_COST_WITH_BID_CAP' },
		{ name: 'Cost Cap', value: 'COST_CAP' },
		{ name: 'Highest Volume or Value', value: 'LOWEST_COST_WITHOUT_CAP' },
		{ name: 'Minimum ROAS', value: 'LOWEST_COST_WITH_MIN_ROAS' },
	],
});
