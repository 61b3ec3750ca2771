import { NodeOperationError, type IDataObject, type IExecuteFunctions } from 'n8n-workflow';
import { eachItem } from '../transport';
import { toMicros, withAmounts } from './amounts';
import { mutateOne, post, search, targetOf, updateOf } from './call';
import { dayOf, positive } from './checks';
import { getMany, getOne, removeOne, updateOne } from './entity-work';
import { isId } from './gaql';
import { idOf, optionsOf, textOf } from './ids';
import { KINDS } from './kinds';

export const campaignOperations = {
	create: eachItem(create),
	changeBudget: eachItem(changeBudget),
	delete: removeOne('campaign'),
	get: getOne('campaign'),
	getAll: getMany('campaign'),
	update: updateOne('campaign', shared),
};

type MutateAnswer = { mutateOperationResponses?: { campaignResult?: Changed }[] };
type Changed = { resourceName?: string; campaign?: IDataObject };

/** Campaign and budget come to be together or not at all: ids below zero stand for what is yet to be made. */
async function create(this: IExecuteFunctions, itemIndex: number) {
	const target = targetOf(this, itemIndex);
	const isNew = this.getNodeParameter('budgetFrom', itemIndex) === 'new';
	const budget = `customers/${target.customer}/campaignBudgets/${isNew ? '-1' : idOf(this, itemIndex, 'budgetId', 'Existing Budget')}`;
	const campaign = { ...campaignOf(this, itemIndex), campaignBudget: budget };
	const validateOnly = optionsOf(this, itemIndex).validateOnly === true;
	const { mutateOperationResponses: answers = [] } = await post<MutateAnswer>(
		this,
		itemIndex,
		target,
		'/googleAds:mutate',
		{
			mutateOperations: [
				...(isNew ? [{ campaignBudgetOperation: { create: budgetOf(this, itemIndex, budget) } }] : []),
				{ campaignOperation: { create: campaign } },
			],
			responseContentType: 'MUTABLE_RESOURCE',
			...(validateOnly ? { validateOnly } : {}),
		},
	);
	if (validateOnly) return { json: { valid: true } };
	const { resourceName, campaign: made } = answers.at(-1)?.campaignResult ?? {};
	return { json: withAmounts({ resourceName, ...made }) };
}

function budgetOf(context: IExecuteFunctions, itemIndex: number, resourceName: string): IDataObject {
	return {
		resourceName,
		name: `${textOf(context, itemIndex, 'name', 'Name')} (budget)`,
		amountMicros: toMicros(positive(context, itemIndex, 'dailyBudget', 'Daily Budget')),
		explicitlyShared: false,
	};
}

function campaignOf(context: IExecuteFunctions, itemIndex: number): IDataObject {
	const more = context.getNodeParameter('additionalFields', itemIndex, {}) as IDataObject;
	const channel = context.getNodeParameter('channelType', itemIndex) as string;
	return {
		name: textOf(context, itemIndex, 'name', 'Name'),
		status: context.getNodeParameter('status', itemIndex) as string,
		advertisingChannelType: channel,
		containsEuPoliticalAdvertising: context.getNodeParameter('euPoliticalAds', itemIndex) as string,
		...biddingOf(context.getNodeParameter('bidding', itemIndex) as string, more),
		...(channel === 'SEARCH'
			? {
					networkSettings: {
						targetGoogleSearch: true,
						targetSearchNetwork: more.searchPartners === true,
						targetContentNetwork: false,
					},
				}
			: {}),
		...shared(more),
	};
}

function biddingOf(strategy: string, { targetCpa, targetRoas }: IDataObject): IDataObject {
	switch (strategy) {
		case 'manualCpc':
			return { manualCpc: {} };
		case 'maximizeConversions':
			return { maximizeConversions: targetCpa ? { targetCpaMicros: toMicros(targetCpa) } : {} };
		case 'maximizeConversionValue':
			return { maximizeConversionValue: targetRoas ? { targetRoas } : {} };
		default:
			// Google's name of it.
			return { targetSpend: {} };
	}
}

/** What is written alike when a campaign is made and when it is changed. */
function shared(given: IDataObject): IDataObject {
	const { name, status, finalUrlSuffix, trackingUrlTemplate, startDate, endDate } = given;
	return {
		...(name ? { name } : {}),
		...(status ? { status } : {}),
		...(startDate ? { startDateTime: `${dayOf(startDate)} 00:00:00` } : {}),
		...(endDate ? { endDateTime: `${dayOf(endDate)} 23:59:59` } : {}),
		...(finalUrlSuffix === undefined ? {} : { finalUrlSuffix }),
		...(trackingUrlTemplate === undefined ? {} : { trackingUrlTemplate }),
	};
}

type BudgetRow = {
	campaignBudget?: { resourceName: string; explicitlyShared?: boolean; referenceCount?: string };
};

async function changeBudget(this: IExecuteFunctions, itemIndex: number) {
	const target = targetOf(this, itemIndex);
	const id = idOf(this, itemIndex, 'campaignId', 'Campaign');
	const amountMicros = toMicros(positive(this, itemIndex, 'dailyBudget', 'Daily Budget'));
	const query = `SELECT campaign_budget.resource_name, campaign_budget.explicitly_shared, campaign_budget.reference_count FROM campaign WHERE ${isId(KINDS.campaign, id)} LIMIT 1`;
	const [row] = (await search(this, itemIndex, target, query, 1)) as BudgetRow[];
	const budget = row?.campaignBudget;
	if (budget === undefined)
		throw new NodeOperationError(this.getNode(), `There is no campaign ${id}`, {
			itemIndex,
			description: 'Check the ID and the customer: it may belong to another one.',
		});
	const users = Number(budget.referenceCount ?? 1);
	if (users > 1 && optionsOf(this, itemIndex).allowShared !== true)
		throw new NodeOperationError(this.getNode(), `${users} campaigns share this budget`, {
			itemIndex,
			description: 'To change it for all of them, turn on "Allow Shared Budget" under Options.',
		});
	const update = updateOf(budget.resourceName, { amountMicros });
	const { collection, name } = KINDS.budget;
	return { json: withAmounts(await mutateOne(this, itemIndex, target, collection, name, update)) };
}
