/** https://developers.google.com/google-ads/api/docs/keywords/overview */
import { NodeOperationError, type IDataObject, type INodeProperties } from 'n8n-workflow';
import { eachItem } from '../transport';
import { toMicros, withAmounts } from './amounts';
import { post, targetOf } from './call';
import { linesOf } from './checks';
import { getMany, getOne, removeOne, updateOne } from './entity-work';
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
import { AD_GROUP_ID, CAMPAIGN_ID, DATE_RANGE, gettingProperties, STATUSES } from './filters';
import { idOf, optionsOf } from './ids';
import { KINDS } from './kinds';
import { operations } from './operation';
import { failuresIn, refusedOne, settled, type Outcome } from './partial-failure';

const creating = { displayOptions: { show: shown('keyword', 'create') } };
const CPC_BID = amount('CPC Bid', 'cpcBid', {
	description: 'The most a click may cost, where bids are manual',
});
const FINAL_URL = field('Final URL', 'finalUrl', { description: 'In place of that of the ads' });

export const keywordProperties: INodeProperties[] = [
	operations(
		'keyword',
		'keyword',
		['delete', 'get', 'getAll', 'update'],
		[
			{
				name: 'Create',
				value: 'create',
				action: 'Create keywords',
				description: 'Create one keyword or many, negative ones too',
			},
		],
	),
	customerField(shown('keyword', 'create', 'delete', 'get', 'getAll', 'update')),
	picked({
		displayName: 'Keyword',
		name: 'keywordId',
		searchListMethod: 'searchKeywords',
		show: shown('keyword', 'delete', 'get', 'update'),
		placeholder: 'e.g. 123456~7890 (ad group ~ keyword)',
	}),
	picked({
		displayName: 'Ad Group',
		name: 'adGroupId',
		searchListMethod: 'searchAdGroups',
		show: shown('keyword', 'create'),
	}),
	field('Keywords', 'keywords', {
		typeOptions: { rows: 4 },
		required: true,
		description: 'One in each line',
		...creating,
	}),
	field('Match Type', 'matchType', {
		type: 'options',
		default: 'PHRASE',
		options: [
			{ name: 'Broad', value: 'BROAD' },
			{ name: 'Exact', value: 'EXACT' },
			{ name: 'Phrase', value: 'PHRASE' },
		],
		...creating,
	}),
	field('Negative', 'negative', {
		type: 'boolean',
		default: false,
		description: 'Whether searches for them are not to show the ads',
		...creating,
	}),
	collection('Additional Fields', shown('keyword', 'create'), [CPC_BID, FINAL_URL, STATUS]),
	collection('Update Fields', shown('keyword', 'update'), [CPC_BID, FINAL_URL, STATUS]),
	...gettingProperties('keyword', [AD_GROUP_ID, CAMPAIGN_ID, DATE_RANGE, STATUSES]),
	optionsField(shown('keyword', 'create', 'delete', 'update'), [VALIDATE_ONLY]),
];

const written = ({ cpcBid, finalUrl, status }: IDataObject): IDataObject => ({
	...(status ? { status } : {}),
	...(cpcBid ? { cpcBidMicros: toMicros(cpcBid) } : {}),
	...(finalUrl ? { finalUrls: [finalUrl] } : {}),
});

type Answer = {
	results?: { resourceName?: string; adGroupCriterion?: IDataObject }[];
	partialFailureError?: unknown;
};

export const keywordOperations = {
	create: eachItem(async function (itemIndex) {
		const target = targetOf(this, itemIndex);
		const adGroup = idOf(this, itemIndex, 'adGroupId', 'Ad Group');
		const texts = linesOf(this.getNodeParameter('keywords', itemIndex, ''));
		if (texts.length === 0)
			throw new NodeOperationError(this.getNode(), '“Keywords” is empty', { itemIndex });
		const negative = this.getNodeParameter('negative', itemIndex) as boolean;
		const matchType = this.getNodeParameter('matchType', itemIndex) as string;
		const more = this.getNodeParameter('additionalFields', itemIndex, {}) as IDataObject;
		const validateOnly = optionsOf(this, itemIndex).validateOnly === true;
		const { collection: path } = KINDS.keyword;
		const { results = [], partialFailureError } = await post<Answer>(
			this,
			itemIndex,
			target,
			`/${path}:mutate`,
			{
				operations: texts.map((text) => ({
					create: {
						adGroup: `customers/${target.customer}/adGroups/${adGroup}`,
						keyword: { text, matchType },
						// Negative ones have neither status nor bid.
						...(negative ? { negative } : written({ status: 'ENABLED', ...more })),
					},
				})),
				partialFailure: true,
				responseContentType: 'MUTABLE_RESOURCE',
				...(validateOnly ? { validateOnly } : {}),
			},
		);
		const failures = failuresIn(partialFailureError, 'operations');
		const outcomes = texts.map((text, index): Outcome => {
			const errors = failures.get(index) ?? failures.get(-1);
			if (errors) return { itemIndex, json: {}, error: refusedOne(this, itemIndex, errors, text) };
			const { resourceName, adGroupCriterion } = results[index] ?? {};
			return {
				itemIndex,
				json: validateOnly ? { text, valid: true } : withAmounts({ text, resourceName, ...adGroupCriterion }),
			};
		});
		return settled(this, outcomes, 'keywords');
	}),
	delete: removeOne('keyword'),
	get: getOne('keyword'),
	getAll: getMany('keyword'),
	update: updateOne('keyword', written),
};
