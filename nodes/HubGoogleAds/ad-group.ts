/** https://developers.google.com/google-ads/api/reference/rpc/v24/AdGroup */
import type { IDataObject, INodeProperties } from 'n8n-workflow';
import { toMicros } from './amounts';
import { createOne, getMany, getOne, removeOne, updateOne } from './entity-work';
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
import { CAMPAIGN_ID, DATE_RANGE, gettingProperties, STATUSES } from './filters';
import { idOf, textOf } from './ids';
import { operations } from './operation';

const CPC_BID = amount('CPC Bid', 'cpcBid', {
	description: 'The most a click may cost, where bids are manual',
});

export const adGroupProperties: INodeProperties[] = [
	operations('adGroup', 'ad group', ['create', 'delete', 'get', 'getAll', 'update']),
	customerField(shown('adGroup', 'create', 'delete', 'get', 'getAll', 'update')),
	picked({
		displayName: 'Ad Group',
		name: 'adGroupId',
		searchListMethod: 'searchAdGroups',
		show: shown('adGroup', 'delete', 'get', 'update'),
	}),
	picked({
		displayName: 'Campaign',
		name: 'campaignId',
		searchListMethod: 'searchCampaigns',
		show: shown('adGroup', 'create'),
	}),
	field('Name', 'name', { required: true, displayOptions: { show: shown('adGroup', 'create') } }),
	field('Type', 'type', {
		type: 'options',
		default: 'SEARCH_STANDARD',
		options: [
			{ name: 'Display', value: 'DISPLAY_STANDARD' },
			{ name: 'Search', value: 'SEARCH_STANDARD' },
		],
		displayOptions: { show: shown('adGroup', 'create') },
	}),
	{ ...STATUS, displayOptions: { show: shown('adGroup', 'create') } },
	collection('Additional Fields', shown('adGroup', 'create'), [CPC_BID]),
	collection('Update Fields', shown('adGroup', 'update'), [CPC_BID, field('Name', 'name'), STATUS]),
	...gettingProperties('adGroup', [CAMPAIGN_ID, DATE_RANGE, STATUSES]),
	optionsField(shown('adGroup', 'create', 'delete', 'update'), [VALIDATE_ONLY]),
];

const bidIn = ({ cpcBid }: IDataObject): IDataObject => (cpcBid ? { cpcBidMicros: toMicros(cpcBid) } : {});

export const adGroupOperations = {
	create: createOne('adGroup', (context, itemIndex, customer) => ({
		name: textOf(context, itemIndex, 'name', 'Name'),
		campaign: `customers/${customer}/campaigns/${idOf(context, itemIndex, 'campaignId', 'Campaign')}`,
		type: context.getNodeParameter('type', itemIndex) as string,
		status: context.getNodeParameter('status', itemIndex) as string,
		...bidIn(context.getNodeParameter('additionalFields', itemIndex, {}) as IDataObject),
	})),
	delete: removeOne('adGroup'),
	get: getOne('adGroup'),
	getAll: getMany('adGroup'),
	update: updateOne('adGroup', (fields) => ({
		...(fields.name ? { name: fields.name } : {}),
		...(fields.status ? { status: fields.status } : {}),
		...bidIn(fields),
	})),
};
