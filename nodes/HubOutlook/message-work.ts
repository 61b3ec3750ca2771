import type { IBinaryKeyData, IDataObject, IExecuteFunctions } from 'n8n-workflow';
import { eachItem, limitOf } from '../transport';
import { messageOf } from './content';
import { MESSAGES, sendAnswer, sendMessage } from './deliver';
import { collectionOf, idIn, refuse } from './fields';
import { messageQuery } from './filters';
import { graph, graphContent, graphPages } from './graph';
import { inTurns } from './in-turns';
import {
	messageItem,
	outputOf,
	pathless,
	readingPreferences,
	SIMPLE_MESSAGE,
	withoutContext,
} from './receive';
import { zonedTime } from './times';

export const messageOperations = {
	send: eachItem(async function (itemIndex) {
		const fields = {
			...collectionOf(this, itemIndex, 'additionalFields'),
			toRecipients: this.getNodeParameter('toRecipients', itemIndex) as string,
			subject: String(this.getNodeParameter('subject', itemIndex, '') ?? ''),
		};
		assertRecipient(this, itemIndex, fields.toRecipients);
		return { json: withoutContext(await sendMessage(this, itemIndex, fields, bodyIn(this, itemIndex))) };
	}),

	reply: answering('createReply'),
	replyAll: answering('createReplyAll'),
	forward: answering('createForward'),

	get: eachItem(async function (itemIndex) {
		const id = idIn(this, itemIndex, 'messageId', 'Message');
		const { qs, shape } = outputOf(this, itemIndex, SIMPLE_MESSAGE, ['id', 'subject']);
		const options = collectionOf(this, itemIndex, 'options');
		const prefer = readingPreferences(options);
		const message = await graph(this, itemIndex, 'GET', `${MESSAGES}/${id}`, undefined, { qs, prefer });
		const item = await messageItem(this, itemIndex, message, shape);
		const field = String(options.mimeField ?? '').trim();
		if (field === '') return item;
		const mime = { [field]: await mimeOf(this, itemIndex, id, message) };
		return { ...item, binary: { ...item.binary, ...mime } as IBinaryKeyData };
	}),

	getAll: eachItem(async function (itemIndex) {
		return await listMessages(this, itemIndex, MESSAGES);
	}),

	copy: movedBy('copy'),
	move: movedBy('move'),

	update: eachItem(async function (itemIndex) {
		const id = idIn(this, itemIndex, 'messageId', 'Message');
		const changes = changesOf(this, itemIndex);
		return { json: withoutContext(await graph(this, itemIndex, 'PATCH', `${MESSAGES}/${id}`, changes)) };
	}),

	delete: eachItem(async function (itemIndex) {
		const path = `${MESSAGES}/${idIn(this, itemIndex, 'messageId', 'Message')}`;
		// https://learn.microsoft.com/graph/api/message-permanentdelete
		if (collectionOf(this, itemIndex, 'options').permanent)
			await graph(this, itemIndex, 'POST', `${path}/permanentDelete`);
		else await graph(this, itemIndex, 'DELETE', path);
		return { json: { success: true } };
	}),
};

/** The messages at this path, as the fields say. */
export async function listMessages(context: IExecuteFunctions, itemIndex: number, path: string) {
	const { qs, shape } = outputOf(context, itemIndex, SIMPLE_MESSAGE, ['id']);
	const query = { ...qs, ...messageQuery(context, itemIndex) };
	const prefer = readingPreferences(collectionOf(context, itemIndex, 'options'));
	const found = await graphPages(context, itemIndex, path, query, limitOf(context, itemIndex), prefer);
	return await inTurns(found, async (one) => messageItem(context, itemIndex, one, shape));
}

function answering(action: 'createReply' | 'createReplyAll' | 'createForward') {
	return eachItem(async function (itemIndex) {
		const messageId = idIn(this, itemIndex, 'messageId', 'Message');
		const fields = { ...collectionOf(this, itemIndex, 'additionalFields') };
		if (action === 'createForward') {
			fields.toRecipients = this.getNodeParameter('toRecipients', itemIndex) as string;
			assertRecipient(this, itemIndex, fields.toRecipients);
		}
		const answer = await sendAnswer(this, itemIndex, {
			action,
			messageId,
			fields,
			body: bodyIn(this, itemIndex),
			asDraft: collectionOf(this, itemIndex, 'options').saveAsDraft === true,
		});
		return { json: withoutContext(answer) };
	});
}

function movedBy(action: 'copy' | 'move') {
	return eachItem(async function (itemIndex) {
		const id = idIn(this, itemIndex, 'messageId', 'Message');
		const destinationId = decodeURIComponent(idIn(this, itemIndex, 'folderId', 'Destination Folder'));
		const moved = await graph(this, itemIndex, 'POST', `${MESSAGES}/${id}/${action}`, { destinationId });
		return { json: withoutContext(moved) };
	});
}

/** https://learn.microsoft.com/graph/api/message-update */
function changesOf(context: IExecuteFunctions, itemIndex: number): IDataObject {
	const fields = collectionOf(context, itemIndex, 'updateFields');
	const body = fields.bodyContent === undefined ? undefined : String(fields.bodyContent);
	const { flagDue, flagStatus, inferenceClassification } = fields;
	const changes: IDataObject = {
		...messageOf(context, itemIndex, fields, body),
		...(inferenceClassification ? { inferenceClassification } : {}),
	};
	if (flagDue) {
		const due = zonedTime(context, itemIndex, flagDue, context.getTimezone());
		// Exchange takes no due date without a start.
		changes.flag = { flagStatus: flagStatus || 'flagged', startDateTime: due, dueDateTime: due };
	} else if (flagStatus) changes.flag = { flagStatus };
	if (Object.keys(changes).length > 0) return changes;
	throw refuse(context, itemIndex, 'There is nothing to update', 'Add at least one of the “Update Fields”.');
}

/** https://learn.microsoft.com/graph/outlook-get-mime-message */
async function mimeOf(context: IExecuteFunctions, itemIndex: number, id: string, { subject }: IDataObject) {
	const content = await graphContent(context, itemIndex, `${MESSAGES}/${id}/$value`);
	const name = `${pathless(String(subject || 'message'))}.eml`;
	return await context.helpers.prepareBinaryData(content, name, 'message/rfc822');
}

const bodyIn = (context: IExecuteFunctions, itemIndex: number) =>
	String(context.getNodeParameter('bodyContent', itemIndex, '') ?? '');

export function assertRecipient(context: IExecuteFunctions, itemIndex: number, to: unknown): void {
	if (Array.isArray(to) ? to.length > 0 : String(to ?? '').trim() !== '') return;
	throw refuse(
		context,
		itemIndex,
		'There is nobody to send this to',
		'Fill in “To”, or check the expression: it gave nothing for this item.',
	);
}
