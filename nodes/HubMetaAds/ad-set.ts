/** https://developers.facebook.com/docs/marketing-api/reference/ad-campaign */
import type { INodeProperties } from 'n8n-workflow';
import { returnAllOrLimit } from '../transport';
import { BILLING_EVENT, OPTIMIZATION_GOAL } from './ad-set-goals';
import { BID_STRATEGY, BUDGETS } from './budget-fields';
import {
	accountField,
	collection,
	dateInBody,
	EFFECTIVE_STATUS,
	fieldsOption,
	FIRST_STATUS,
	inBody,
	jsonInBody,
	NAME_CONTAINS,
	picked,
	shown,
	STATUS,
} from './fields';
import { objectOperations } from './operation';
import { targetingProperties } from './targeting';

const USUAL =
	'id,name,campaign_id,status,effective_status,daily_budget,lifetime_budget,budget_remaining,bid_strategy,bid_amount,billing_event,optimization_goal,targeting,start_time,end_time,created_time,updated_time';

const BOTH: INodeProperties[] = [
	...BUDGETS,
	BID_STRATEGY,
	jsonInBody('Attribution Spec (JSON)', 'attributionSpec', 'attribution_spec', {
		placeholder: '[{"event_type": "CLICK_THROUGH", "window_days": 7}]',
	}),
	inBody('Bid Amount', 'bidAmount', 'bid_amount', {
		type: 'number',
		default: 0,
		description: 'The cap or target, in the smallest unit of the account’s currency (cents)',
	}),
	inBody('Destination Type', 'destinationType', 'destination_type', { placeholder: 'e.g. WEBSITE' }),
	inBody('DSA Beneficiary', 'dsaBeneficiary', 'dsa_beneficiary', {
		description: 'Who benefits from the ads; needed for ads in the European Union',
	}),
	inBody('DSA Payor', 'dsaPayor', 'dsa_payor', {
		description: 'Who pays for the ads; needed for ads in the European Union',
	}),
	dateInBody('End Time', 'endTime', 'end_time'),
	jsonInBody('Promoted Object (JSON)', 'promotedObject', 'promoted_object', {
		placeholder: '{"pixel_id": "1234567890", "custom_event_type": "PURCHASE"}',
		description: 'What the ads are for: a pixel with its event, a page, an app',
	}),
	dateInBody('Start Time', 'startTime', 'start_time'),
];

export const adSetProperties: INodeProperties[] = [
	objectOperations({
		resource: 'adSet',
		one: 'ad set',
		many: 'ad sets',
		id: ':adSetId',
		edge: 'adsets',
		usual: USUAL,
	}),
	accountField(shown('adSet', 'create', 'getAll')),
	accountField(shown('adSet', 'delete', 'get', 'update'), false),
	picked({
		displayName: 'Ad Set',
		name: 'adSetId',
		searchListMethod: 'searchAdSets',
		show: shown('adSet', 'delete', 'get', 'update'),
	}),
	picked({
		displayName: 'Campaign',
		name: 'campaignId',
		searchListMethod: 'searchCampaigns',
		show: shown('adSet', 'create'),
		property: 'campaign_id',
	}),
	{
		...inBody('Name', 'name', 'name', { required: true }),
		displayOptions: { show: shown('adSet', 'create') },
	},
	{ ...OPTIMIZATION_GOAL, displayOptions: { show: shown('adSet', 'create') } },
	{ ...BILLING_EVENT, displayOptions: { show: shown('adSet', 'create') } },
	{ ...FIRST_STATUS, displayOptions: { show: shown('adSet', 'create') } },
	...targetingProperties(shown('adSet', 'create')),
	collection('Additional Fields', shown('adSet', 'create'), BOTH),
	collection('Update Fields', shown('adSet', 'update'), [
		...BOTH,
		BILLING_EVENT,
		inBody('Name', 'name', 'name'),
		OPTIMIZATION_GOAL,
		STATUS,
		jsonInBody('Targeting (JSON)', 'targeting', 'targeting', {
			placeholder: '{"geo_locations": {"countries": ["US"]}}',
			description: 'In place of the whole targeting that the ad set has',
		}),
	]),
	...returnAllOrLimit(shown('adSet', 'getAll')),
	collection('Options', shown('adSet', 'get'), [fieldsOption(USUAL)]),
	collection('Options', shown('adSet', 'getAll'), [
		EFFECTIVE_STATUS,
		fieldsOption(USUAL),
		NAME_CONTAINS('adset.name'),
	]),
];
