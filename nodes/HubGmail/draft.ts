/** https://developers.google.com/workspace/gmail/api/reference/rest/v1/users.drafts */
import type { IDataObject, IExecuteFunctions, INodeExecutionData, INodeProperties } from 'n8n-workflow';
import { eachItem, requestJson, returnAllOrLimit } from '../transport';
import { bodyFields, CONTENT_OPTIONS, contentOf } from './content';
import { deliver } from './deliver';
import { collectionOf, idField, idIn, listText, shownFor } from './fields';
import { filterField, filterQuery } from './filters';
import type { GmailMessage } from './incoming';
import { idsOf, inTurns } from './lists';
import { threadedTo } from './answer';
import type { OutgoingMessage } from './mime';
import { attachmentOptions, formatFields, formatOf, messageItem } from './receive';
import { gmail, MAILBOX } from './service';
import { lastOf } from './thread-work';

const DRAFT = `${MAILBOX}/drafts/:draftId`;

export const draftProperties: INodeProperties[] = [
	{
		displayName: 'Operation',
		name: 'operation',
		type: 'options',
		noDataExpression: true,
		displayOptions: { show: { resource: ['draft'] } },
		options: [
			{ name: 'Create', value: 'create', action: 'Create a draft' },
			{
				name: 'Delete',
				value: 'delete',
				action: 'Delete a draft',
				description: 'Delete a draft for good',
				routing: { request: { method: 'DELETE', url: DRAFT } },
			},
			{ name: 'Get', value: 'get', action: 'Get a draft' },
			{ name: 'Get Many', value: 'getAll', action: 'Get many drafts' },
			{
				name: 'Send',
				value: 'send',
				action: 'Send a draft',
				description: 'Send a draft as it is to the recipients it names',
				routing: {
					request: { method: 'POST', url: `${MAILBOX}/drafts/send` },
					send: { type: 'body', property: 'id', value: '={{ $parameter.draftId }}' },
				},
			},
			{
				name: 'Update',
				value: 'update',
				action: 'Update a draft',
				description: 'Put another message in place of a draft’s',
			},
		],
		default: 'create',
	},
	idField('Draft ID', 'draftId', shownFor('draft', 'delete', 'get', 'send', 'update'), {
		placeholder: 'e.g. r-3254521568507167962',
	}),
	{
		displayName: 'Subject',
		name: 'subject',
		type: 'string',
		default: '',
		placeholder: 'e.g. Hello World!',
		description: 'In a thread it may be left empty: then it is that of the thread',
		displayOptions: shownFor('draft', 'create', 'update'),
	},
	...bodyFields(shownFor('draft', 'create', 'update')),
	{
		displayName: 'Options',
		name: 'options',
		type: 'collection',
		placeholder: 'Add option',
		default: {},
		displayOptions: shownFor('draft', 'create', 'update'),
		options: [
			...CONTENT_OPTIONS,
			{
				displayName: 'Thread ID',
				name: 'threadId',
				type: 'string' as const,
				default: '',
				placeholder: 'e.g. 18cc573e2431878f',
				description: 'The thread that the draft is an answer in',
			},
			{
				displayName: 'To Email',
				name: 'sendTo',
				type: 'string' as const,
				default: '',
				placeholder: 'e.g. info@example.com',
				description: 'Addresses of the recipients, separated by commas',
			},
		].sort((a, b) => a.displayName.localeCompare(b.displayName)),
	},
	...formatFields(shownFor('draft', 'get'), 'oneByOne'),
	...returnAllOrLimit({ resource: ['draft'], operation: ['getAll'] }),
	...formatFields(shownFor('draft', 'getAll'), 'listed'),
	filterField(shownFor('draft', 'getAll')),
	attachmentOptions(shownFor('draft', 'get', 'getAll')),
];

export const draftOperations = {
	create: eachItem(async function (itemIndex) {
		const { message, threadId } = await draftOf(this, itemIndex);
		const call = { method: 'POST' as const, path: '/drafts', within: 'message' as const };
		return { json: await deliver(this, itemIndex, { ...call, message, threadId }) };
	}),

	update: eachItem(async function (itemIndex) {
		const id = idIn(this, 'draftId', 'Draft ID', itemIndex);
		const { message, threadId } = await draftOf(this, itemIndex);
		const call = { method: 'PUT' as const, path: `/drafts/${id}`, within: 'message' as const };
		return { json: await deliver(this, itemIndex, { ...call, message, threadId }) };
	}),

	get: eachItem(async function (itemIndex) {
		const id = idIn(this, 'draftId', 'Draft ID', itemIndex);
		return await draftItem(this, itemIndex, id, formatOf(this, itemIndex));
	}),

	getAll: eachItem(async function (itemIndex) {
		// Drafts have no labels to ask for: the message's label DRAFT is all there is.
		const query = { ...filterQuery(this, itemIndex), labelIds: undefined };
		const ids = await idsOf(this, itemIndex, 'drafts', query);
		const format = formatOf(this, itemIndex);
		if (format === 'ids') return ids.map((json) => ({ json }));
		return await inTurns(ids, async ({ id }) => draftItem(this, itemIndex, String(id), format));
	}),
};

async function draftOf(
	context: IExecuteFunctions,
	itemIndex: number,
): Promise<{ message: OutgoingMessage; threadId: string | undefined }> {
	const { sendTo, threadId = '' } = collectionOf(context, 'options', itemIndex);
	const thread = String(threadId).trim() || undefined;
	const content = await contentOf(context, itemIndex);
	const subject = String(context.getNodeParameter('subject', itemIndex, '') ?? '');
	const threaded = thread === undefined ? { subject } : threadedTo(await lastOf(context, itemIndex, thread));
	return {
		message: { ...content, ...threaded, to: listText(sendTo), subject: subject || threaded.subject },
		threadId: thread,
	};
}

async function draftItem(
	context: IExecuteFunctions,
	itemIndex: number,
	id: string,
	format: string,
): Promise<INodeExecutionData> {
	const draft = await requestJson<{ id: string; message: GmailMessage }>(context, gmail, itemIndex, {
		method: 'GET',
		url: `${MAILBOX}/drafts/${id}`,
		qs: { format },
	});
	const item = await messageItem(context, itemIndex, draft.message);
	const isSimple = context.getNodeParameter('simple', itemIndex, true) as boolean;
	return {
		...item,
		json: isSimple ? { draftId: draft.id, ...item.json } : (draft as unknown as IDataObject),
	};
}
