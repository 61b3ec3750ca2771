/** A job is made, people are added to it, and it is run: then Google works on it for hours. */
import {
	NodeOperationError,
	type IDataObject,
	type IExecuteFunctions,
	type INodeExecutionData,
} from 'n8n-workflow';
import { eachItem } from '../transport';
import { together, type Member, type Part } from '../transport/together';
import { post, search, targetOf, type Target } from './call';
import { consentIn } from './consent';
import { createOne, getMany, getOne, removeOne, updateOne } from './entity-work';
import { identifiersOf, type Person } from './identifiers';
import { idOf, optionsOf, textOf } from './ids';
import { failuresIn, refusedOne, type Outcome } from './partial-failure';

type UserData = { userIdentifiers: IDataObject[] };

// "up to 10,000 identifiers per call" for best performance; 100,000 are the most.
const IDENTIFIERS_AT_ONCE = 10_000;

export const customerListOperations = {
	addMembers: together({ read: peopleOf, send: sender('create') }),
	removeMembers: together({ read: peopleOf, send: sender('remove') }),
	create: createOne('customerList', (context, itemIndex) => {
		const more = context.getNodeParameter('additionalFields', itemIndex, {}) as IDataObject;
		return {
			name: textOf(context, itemIndex, 'name', 'Name'),
			...shared({ membershipDays: 540, ...more }),
			membershipStatus: 'OPEN',
			crmBasedUserList: {
				uploadKeyType: context.getNodeParameter('uploadKeyType', itemIndex) as string,
				...(more.appId ? { appId: more.appId } : {}),
			},
		};
	}),
	delete: removeOne('customerList'),
	get: getOne('customerList'),
	getAll: getMany('customerList'),
	update: updateOne('customerList', (fields) => ({
		...(fields.name ? { name: fields.name } : {}),
		...shared(fields),
	})),
	getJob: eachItem(getJob),
};

function shared({ description, membershipDays }: IDataObject): IDataObject {
	return {
		...(description === undefined ? {} : { description }),
		...(membershipDays === undefined ? {} : { membershipLifeSpan: String(membershipDays) }),
	};
}

function peopleOf(this: IExecuteFunctions, itemIndex: number): Part<UserData[]> {
	const options = optionsOf(this, itemIndex);
	const phoneCountry = String(options.phoneCountry ?? '');
	const people = writtenIn(this, itemIndex);
	const value = people.map((person, at) => {
		try {
			return { userIdentifiers: identifiersOf(person, { phoneCountry }) };
		} catch (error) {
			const which = people.length > 1 ? ` (member ${at + 1} of ${people.length})` : '';
			throw new NodeOperationError(this.getNode(), `${(error as Error).message}${which}`, { itemIndex });
		}
	});
	const list = idOf(this, itemIndex, 'listId', 'Customer List');
	return { key: JSON.stringify([targetOf(this, itemIndex), list, consentIn(options)]), value };
}

function writtenIn(context: IExecuteFunctions, itemIndex: number): Person[] {
	if (context.getNodeParameter('membersFrom', itemIndex) === 'items')
		return [context.getNodeParameter('member', itemIndex, {}) as Person];
	const given = context.getNodeParameter('members', itemIndex);
	const list = typeof given === 'string' ? parsed(given) : given;
	const isPerson = (one: unknown) => typeof one === 'object' && one !== null && !Array.isArray(one);
	if (Array.isArray(list) && list.length > 0 && list.every(isPerson)) return list as Person[];
	throw new NodeOperationError(context.getNode(), '“Members” is not a list of people', {
		itemIndex,
		description: 'Write it as [{"email": "jo@example.com"}], with at least one.',
	});
}

function parsed(text: string): unknown {
	try {
		return JSON.parse(text) as unknown;
	} catch {
		return null;
	}
}

type Sent = { itemIndex: number; data: UserData };

function sender(operation: 'create' | 'remove') {
	return async function (
		this: IExecuteFunctions,
		group: Member<UserData[]>[],
	): Promise<INodeExecutionData[]> {
		const first = group[0]?.itemIndex ?? 0;
		const target = targetOf(this, first);
		const list = `customers/${target.customer}/userLists/${idOf(this, first, 'listId', 'Customer List')}`;
		const everybody = group.flatMap(({ itemIndex, value }) =>
			value.map((data): Sent => ({ itemIndex, data })),
		);
		const { resourceName = '' } = await post<{ resourceName?: string }>(
			this,
			first,
			target,
			'/offlineUserDataJobs:create',
			{
				job: {
					type: 'CUSTOMER_MATCH_USER_LIST',
					customerMatchUserListMetadata: { userList: list, ...consentIn(optionsOf(this, first)) },
				},
			},
		);
		const job = `/offlineUserDataJobs/${resourceName.split('/').at(-1) ?? ''}`;
		const refused: Outcome[] = [];
		for (const batch of batchesOf(everybody))
			refused.push(...(await add(this, first, target, job, operation, batch)));
		const accepted = everybody.length - refused.length;
		// A job without anybody in it could not be run.
		if (accepted > 0) await post(this, first, target, `${job}:run`, {});
		const summary = {
			jobId: resourceName.split('/').at(-1) ?? '',
			resourceName,
			userList: list,
			sent: everybody.length,
			refused: refused.length,
			running: accepted > 0,
		};
		return told(this, group, summary, refused);
	};
}

async function add(
	context: IExecuteFunctions,
	itemIndex: number,
	target: Target,
	job: string,
	operation: 'create' | 'remove',
	batch: Sent[],
): Promise<Outcome[]> {
	const { partialFailureError } = await post<{ partialFailureError?: unknown }>(
		context,
		itemIndex,
		target,
		`${job}:addOperations`,
		{ enablePartialFailure: true, operations: batch.map(({ data }) => ({ [operation]: data })) },
	);
	const failures = failuresIn(partialFailureError, 'operations');
	const general = failures.get(-1);
	return batch.flatMap((sent, index): Outcome[] => {
		const errors = failures.get(index) ?? general;
		if (!errors) return [];
		const error = refusedOne(context, sent.itemIndex, errors);
		return [{ itemIndex: sent.itemIndex, json: {}, error }];
	});
}

/** As many people as have no more than so many identifiers among them. */
function batchesOf(everybody: Sent[]): Sent[][] {
	const batches: Sent[][] = [];
	let room = 0;
	for (const one of everybody) {
		const needed = one.data.userIdentifiers.length;
		if (needed > room) {
			batches.push([]);
			room = IDENTIFIERS_AT_ONCE;
		}
		batches.at(-1)?.push(one);
		room -= needed;
	}
	return batches;
}

/** One item for the job, and with "Continue On Fail" one for each person that was refused. */
function told(
	context: IExecuteFunctions,
	group: Member<UserData[]>[],
	summary: IDataObject,
	refused: Outcome[],
): INodeExecutionData[] {
	const [first] = refused;
	if (first?.error && !context.continueOnFail())
		throw new NodeOperationError(
			context.getNode(),
			`Google refused ${refused.length} of ${String(summary.sent)} members`,
			{
				itemIndex: first.itemIndex,
				description: [
					...refused.slice(0, 10).map(({ itemIndex, error }) => `Item ${itemIndex}: ${error?.message}.`),
					summary.running
						? `The others were taken: job ${String(summary.jobId)} runs.`
						: 'Nothing was changed.',
				].join(' '),
			},
		);
	const failed = new Set(refused.map(({ itemIndex }) => itemIndex));
	const pairedItem = group
		.filter(({ itemIndex }) => !failed.has(itemIndex))
		.map(({ itemIndex }) => ({ item: itemIndex }));
	const all = group.map(({ itemIndex }) => ({ item: itemIndex }));
	return [
		{ json: summary, pairedItem: pairedItem.length > 0 ? pairedItem : all },
		...refused.map(({ itemIndex, error }) => ({
			json: { error: error?.message ?? '' },
			...(error ? { error } : {}),
			pairedItem: { item: itemIndex },
		})),
	];
}

const JOB_FIELDS = [
	'resource_name',
	'id',
	'type',
	'status',
	'failure_reason',
	'operation_metadata.match_rate_range',
	'customer_match_user_list_metadata.user_list',
].map((name) => `offline_user_data_job.${name}`);

async function getJob(this: IExecuteFunctions, itemIndex: number) {
	const target = targetOf(this, itemIndex);
	const id = idOf(this, itemIndex, 'jobId', 'Job ID');
	const name = `customers/${target.customer}/offlineUserDataJobs/${id}`;
	const query = `SELECT ${JOB_FIELDS.join(', ')} FROM offline_user_data_job WHERE offline_user_data_job.resource_name = '${name}' LIMIT 1`;
	const [row] = await search(this, itemIndex, target, query, 1);
	if (row !== undefined) return { json: row.offlineUserDataJob as IDataObject };
	throw new NodeOperationError(this.getNode(), `There is no job ${id}`, {
		itemIndex,
		description: 'Check the ID and the customer: it may belong to another one.',
	});
}
