/** The thread operations that are code. */
import { NodeOperationError, type IDataObject, type IExecuteFunctions } from 'n8n-workflow';
import { eachItem, requestJson } from '../transport';
import { ANSWER_HEADERS } from './answer';
import { collectionOf, idIn } from './fields';
import { filterQuery } from './filters';
import { simplified, type GmailMessage } from './incoming';
import { idsOf, inTurns } from './lists';
import { sendAnswer } from './message-work';
import { formatOf, messageItem } from './receive';
import { gmail, MAILBOX } from './service';

type Thread = { id: string; historyId?: string; messages?: GmailMessage[] };

export const threadOperations = {
	get: eachItem(async function (itemIndex) {
		const id = idIn(this, 'threadId', 'Thread ID', itemIndex);
		const thread = await getThread(this, itemIndex, id, { format: formatOf(this, itemIndex) });
		if (!collectionOf(this, 'options', itemIndex).returnOnlyMessages)
			return { json: threadJson(this, itemIndex, thread) };
		return await inTurns(thread.messages ?? [], async (one) => messageItem(this, itemIndex, one));
	}),

	getAll: eachItem(async function (itemIndex) {
		const ids = await idsOf(this, itemIndex, 'threads', filterQuery(this, itemIndex));
		const format = formatOf(this, itemIndex);
		if (format === 'ids') return ids.map((json) => ({ json }));
		return await inTurns(ids, async ({ id }) => ({
			json: threadJson(this, itemIndex, await getThread(this, itemIndex, String(id), { format })),
		}));
	}),

	reply: eachItem(async function (itemIndex) {
		const id = idIn(this, 'threadId', 'Thread ID', itemIndex);
		const wanted = String(collectionOf(this, 'options', itemIndex).messageId ?? '').trim();
		const original = await lastOf(this, itemIndex, id, wanted);
		const everyone = this.getNodeParameter('recipients', itemIndex, 'sender') === 'everyone';
		return await sendAnswer(this, itemIndex, original, everyone);
	}),
};

/** The message of a thread that an answer refers to: the one named, else the last that was sent. */
export async function lastOf(
	context: IExecuteFunctions,
	itemIndex: number,
	threadId: string,
	wanted = '',
): Promise<GmailMessage> {
	const { messages = [] } = await getThread(context, itemIndex, threadId, {
		format: 'metadata',
		metadataHeaders: ANSWER_HEADERS,
	});
	const found =
		wanted === ''
			? messages.filter(({ labelIds = [] }) => !labelIds.includes('DRAFT')).at(-1)
			: messages.find(({ id }) => id === wanted);
	if (found) return found;
	throw new NodeOperationError(
		context.getNode(),
		wanted === '' ? 'The thread has no message to answer' : `The thread has no message ${wanted}`,
		{ itemIndex, description: 'Check the IDs of thread and message.' },
	);
}

async function getThread(
	context: IExecuteFunctions,
	itemIndex: number,
	id: string,
	qs: IDataObject,
): Promise<Thread> {
	return await requestJson(context, gmail, itemIndex, {
		method: 'GET',
		url: `${MAILBOX}/threads/${id}`,
		qs,
	});
}

function threadJson(context: IExecuteFunctions, itemIndex: number, thread: Thread): IDataObject {
	if (!context.getNodeParameter('simple', itemIndex, true)) return thread as unknown as IDataObject;
	return { id: thread.id, messages: (thread.messages ?? []).map(simplified) };
}
