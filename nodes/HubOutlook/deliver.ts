/** Messages on their way out, in one call where they are small, else as a draft that is filled and sent. */
import type { IDataObject, IExecuteFunctions } from 'n8n-workflow';
import { asJson, attach, attachmentsIn, bytesOf, TOGETHER_BYTES, type Attachment } from './attach';
import { contentType, filesOf, messageOf } from './content';
import { refuse } from './fields';
import { graph } from './graph';
import type { Recipient } from './recipients';
import { withoutHidden } from '../transport/html';

export const MESSAGES = '/me/messages';

/**
 * https://learn.microsoft.com/graph/api/user-sendmail
 *
 * @param fields subject and recipients among them
 * @returns `{success: true}`, or the message where it was asked for
 */
export async function sendMessage(
	context: IExecuteFunctions,
	itemIndex: number,
	fields: IDataObject,
	body: string,
): Promise<IDataObject> {
	const message = messageOf(context, itemIndex, fields, body);
	const attachments = await attachmentsIn(context, itemIndex, filesOf(fields));
	const keep = fields.saveToSentItems !== false;
	if (bytesOf(attachments) <= TOGETHER_BYTES && !fields.returnMessage) {
		const parts: IDataObject[] = [];
		for (const attachment of attachments) parts.push(await asJson(attachment));
		await graph(context, itemIndex, 'POST', '/me/sendMail', {
			message: { ...message, ...(parts.length > 0 ? { attachments: parts } : {}) },
			saveToSentItems: keep,
		});
		return { success: true };
	}
	if (!keep)
		throw refuse(
			context,
			itemIndex,
			'This message is kept in Sent Items in any case',
			'Large files, and “Return Message”, take a draft, which Outlook keeps when it is sent. Turn on “Save To Sent Items”, or send less than 2 MB.',
		);
	const draft = await createDraft(context, itemIndex, message, attachments);
	await sendDraft(context, itemIndex, String(draft.id));
	return fields.returnMessage ? { ...draft, isDraft: false } : { success: true };
}

/** https://learn.microsoft.com/graph/api/user-post-messages */
export async function createDraft(
	context: IExecuteFunctions,
	itemIndex: number,
	message: IDataObject,
	attachments: readonly Attachment[],
): Promise<IDataObject> {
	if (bytesOf(attachments) > TOGETHER_BYTES) {
		const draft = await graph(context, itemIndex, 'POST', MESSAGES, message);
		return await filled(context, itemIndex, draft, attachments);
	}
	const parts: IDataObject[] = [];
	for (const attachment of attachments) parts.push(await asJson(attachment));
	return await graph(context, itemIndex, 'POST', MESSAGES, {
		...message,
		...(parts.length > 0 ? { attachments: parts } : {}),
	});
}

export async function sendDraft(context: IExecuteFunctions, itemIndex: number, id: string): Promise<void> {
	await graph(context, itemIndex, 'POST', `${MESSAGES}/${encodeURIComponent(id)}/send`);
}

type Answer = {
	action: 'createReply' | 'createReplyAll' | 'createForward';
	/** Encoded for a path. */
	messageId: string;
	fields: IDataObject;
	body: string;
	/** The draft is left for somebody to look over. */
	asDraft: boolean;
};

/**
 * An answer, as Outlook itself writes one: what is said stands above the original, which is quoted (and, when
 * forwarding, comes with its files). https://learn.microsoft.com/graph/api/message-createreply
 */
export async function sendAnswer(
	context: IExecuteFunctions,
	itemIndex: number,
	{ action, messageId, fields, body, asDraft }: Answer,
): Promise<IDataObject> {
	// Both are read first: what cannot be read leaves no draft behind.
	const { internetMessageHeaders, ...said } = messageOf(context, itemIndex, fields);
	const attachments = await attachmentsIn(context, itemIndex, filesOf(fields));
	const draft = await graph(
		context,
		itemIndex,
		'POST',
		`${MESSAGES}/${messageId}/${action}`,
		// They can be given at the beginning alone.
		internetMessageHeaders === undefined ? undefined : { message: { internetMessageHeaders } },
	);
	const id = encodeURIComponent(String(draft.id));
	const changes = { ...joined(said, draft), body: aboveOriginal(draft, body, contentType(fields)) };
	const written = await orRemoved(context, itemIndex, id, async () => {
		const answer = await graph(context, itemIndex, 'PATCH', `${MESSAGES}/${id}`, changes);
		for (const one of attachments) await attach(context, itemIndex, `${MESSAGES}/${id}`, one);
		return answer;
	});
	if (asDraft) return written;
	await sendDraft(context, itemIndex, String(draft.id));
	return { ...written, isDraft: false };
}

async function filled(
	context: IExecuteFunctions,
	itemIndex: number,
	draft: IDataObject,
	attachments: readonly Attachment[],
): Promise<IDataObject> {
	const id = encodeURIComponent(String(draft.id));
	await orRemoved(context, itemIndex, id, async () => {
		for (const one of attachments) await attach(context, itemIndex, `${MESSAGES}/${id}`, one);
	});
	return { ...draft, hasAttachments: true };
}

/** Half a message is of no use to anybody: where the rest of it fails, the draft is removed again. */
async function orRemoved<T>(
	context: IExecuteFunctions,
	itemIndex: number,
	id: string,
	work: () => Promise<T>,
): Promise<T> {
	try {
		return await work();
	} catch (error) {
		// The first error is the one to tell.
		await graph(context, itemIndex, 'DELETE', `${MESSAGES}/${id}`).catch(() => undefined);
		return await Promise.reject(error);
	}
}

/** Copies go to those that the answer has already, and to those that were added. */
function joined(said: IDataObject, draft: IDataObject): IDataObject {
	const out = { ...said };
	for (const name of ['bccRecipients', 'ccRecipients', 'toRecipients']) {
		const added = said[name] as Recipient[] | undefined;
		if (added === undefined) continue;
		const there = (draft[name] ?? []) as Recipient[];
		const known = new Set(there.map(key));
		out[name] = [...there, ...added.filter((one) => !known.has(key(one)))];
	}
	return out;
}

const key = ({ emailAddress }: Recipient) => emailAddress.address.toLowerCase();

/** Before all that the draft quotes, in the draft's own form. */
function aboveOriginal(draft: IDataObject, body: string, type: 'html' | 'text'): IDataObject {
	const { contentType: form, content = '' } = (draft.body ?? {}) as {
		contentType?: string;
		content?: string;
	};
	if (content === '') return { contentType: type, content: body };
	if (form === 'text')
		return { contentType: 'text', content: `${type === 'html' ? textOf(body) : body}\n\n${content}` };
	const html = `<div>${type === 'html' ? body : htmlOf(body)}</div><br>`;
	const opening = /<body\b[^<>]*>/i.exec(content);
	const at = opening === null ? 0 : opening.index + opening[0].length;
	return { contentType: 'html', content: content.slice(0, at) + html + content.slice(at) };
}

const htmlOf = (text: string) =>
	text.replace(/&/g, '&amp;').replace(/</g, '&lt;').replace(/>/g, '&gt;').replace(/\r?\n/g, '<br>');

const textOf = (html: string) =>
	withoutHidden(html)
		.replace(/<(br|\/p|\/div|\/li|\/tr|\/h[1-6])\b[^<>]*>/gi, '\n')
		.replace(/<[^<>]*>/g, '')
		.replace(/&nbsp;/g, ' ')
		.replace(/&lt;/g, '<')
		.replace(/&gt;/g, '>')
		.replace(/&quot;/g, '"')
		.replace(/&#39;/g, "'")
		.replace(/&amp;/g, '&')
		.trim();
