/** The message operations that are code. */
import type { IExecuteFunctions, INodeExecutionData } from 'n8n-workflow';
import { eachItem } from '../transport';
import { ANSWER_HEADERS, answerTo, assertRecipient, forwarded } from './answer';
import { contentOf } from './content';
import { deliver } from './deliver';
import { collectionOf, idIn, listText } from './fields';
import { filterQuery } from './filters';
import { attachmentParts, type GmailMessage } from './incoming';
import { idsOf, inTurns, sendersOf } from './lists';
import { attachmentBytes, formatOf, getMessage, messageItem } from './receive';

const SEND = { method: 'POST' as const, path: '/messages/send' };

export const messageOperations = {
	send: eachItem(async function (itemIndex) {
		const to = listText(this.getNodeParameter('sendTo', itemIndex));
		assertRecipient(this, itemIndex, to);
		const subject = String(this.getNodeParameter('subject', itemIndex, '') ?? '');
		const message = { ...(await contentOf(this, itemIndex)), to, subject };
		return { json: await deliver(this, itemIndex, { ...SEND, message }) };
	}),

	reply: eachItem(async function (itemIndex) {
		return await sendAnswer(this, itemIndex, await answered(this, itemIndex), false);
	}),

	replyAll: eachItem(async function (itemIndex) {
		return await sendAnswer(this, itemIndex, await answered(this, itemIndex), true);
	}),

	forward: eachItem(async function (itemIndex) {
		const to = listText(this.getNodeParameter('sendTo', itemIndex));
		assertRecipient(this, itemIndex, to);
		const id = idIn(this, 'messageId', 'Message ID', itemIndex);
		const original = await getMessage(this, itemIndex, id, { format: 'full' });
		const { attachments: added = [], ...content } = await contentOf(this, itemIndex);
		const attachments = [...added];
		if (collectionOf(this, 'options', itemIndex).includeAttachments !== false)
			for (const part of attachmentParts(original))
				attachments.push({
					fileName: part.filename ?? 'attachment',
					mimeType: part.mimeType ?? '',
					content: await attachmentBytes(this, itemIndex, original.id, part),
				});
		const message = { ...content, ...forwarded(original, content), to, attachments };
		return { json: await deliver(this, itemIndex, { ...SEND, message }) };
	}),

	get: eachItem(async function (itemIndex) {
		const id = idIn(this, 'messageId', 'Message ID', itemIndex);
		const message = await getMessage(this, itemIndex, id, { format: formatOf(this, itemIndex) });
		return await messageItem(this, itemIndex, message);
	}),

	getAll: eachItem(async function (itemIndex) {
		const ids = await idsOf(this, itemIndex, 'messages', filterQuery(this, itemIndex));
		const format = formatOf(this, itemIndex);
		if (format === 'ids') return ids.map((json) => ({ json }));
		return await inTurns(ids, async ({ id }) =>
			messageItem(this, itemIndex, await getMessage(this, itemIndex, String(id), { format })),
		);
	}),
};

async function answered(context: IExecuteFunctions, itemIndex: number): Promise<GmailMessage> {
	const id = idIn(context, 'messageId', 'Message ID', itemIndex);
	return await getMessage(context, itemIndex, id, { format: 'metadata', metadataHeaders: ANSWER_HEADERS });
}

/** Sends what the node's fields say as an answer, in the original's thread. */
export async function sendAnswer(
	context: IExecuteFunctions,
	itemIndex: number,
	original: GmailMessage,
	everyone: boolean,
): Promise<INodeExecutionData> {
	const own = (await sendersOf(context, itemIndex)).map(({ sendAsEmail }) => sendAsEmail.toLowerCase());
	const answer = answerTo(original, everyone, own);
	assertRecipient(context, itemIndex, answer.to);
	const content = await contentOf(context, itemIndex);
	const cc = [answer.cc, content.cc].filter(Boolean).join(', ');
	return {
		json: await deliver(context, itemIndex, {
			...SEND,
			message: { ...content, ...answer, cc },
			threadId: original.threadId,
		}),
	};
}
