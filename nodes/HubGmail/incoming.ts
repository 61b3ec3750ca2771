/** Gmail's message resource read into what a workflow works with. */
import type { IDataObject } from 'n8n-workflow';
import { mailboxText, readableMailboxes, type Mailbox } from './headers';

// https://developers.google.com/workspace/gmail/api/reference/rest/v1/users.messages#Message
export type GmailMessage = {
	id: string;
	threadId: string;
	labelIds?: string[];
	snippet?: string;
	internalDate?: string;
	sizeEstimate?: number;
	raw?: string;
	payload?: Part;
};
export type Part = {
	partId?: string;
	mimeType?: string;
	filename?: string;
	headers?: { name: string; value: string }[];
	body?: { attachmentId?: string; size?: number; data?: string };
	parts?: Part[];
};

/** A message in the few fields that most workflows want. */
export function simplified(message: GmailMessage): IDataObject {
	const header = headersOf(message);
	const people = (name: string) => peopleText(message, name);
	const { text, html } = bodiesOf(message);
	return {
		id: message.id,
		threadId: message.threadId,
		labelIds: message.labelIds ?? [],
		snippet: message.snippet ?? '',
		...(message.internalDate === undefined
			? {}
			: { date: new Date(Number(message.internalDate)).toISOString() }),
		from: people('from'),
		to: people('to'),
		...present({ cc: people('cc'), bcc: people('bcc'), replyTo: people('reply-to') }),
		subject: header('subject'),
		// Gmail's own id is `id`; this one every mail system knows.
		rfcMessageId: header('message-id'),
		...present({ text, html }),
		attachments: attachmentParts(message).map(({ filename, mimeType, body }) => ({
			fileName: filename ?? '',
			mimeType: mimeType ?? '',
			size: body?.size ?? 0,
			attachmentId: body?.attachmentId ?? '',
		})),
	};
}

/** Reads a header, whatever its name's case, as the text it stands for; empty where there is none. */
export function headersOf(message: GmailMessage): (name: string) => string {
	return (name) => oneLine(decodedWords(rawHeader(message, name)));
}

/**
 * The addresses in a header. Names are decoded after they were parted: one that reads `boss@example.com, ` must
 * not become another address.
 */
export function peopleIn(message: GmailMessage, name: string): Mailbox[] {
	return readableMailboxes(rawHeader(message, name)).map((one) => ({
		...one,
		name: oneLine(decodedWords(one.name)),
	}));
}

/** Addresses as text that can be used as an address again. */
function peopleText(message: GmailMessage, name: string): string {
	const raw = rawHeader(message, name);
	const people = raw.includes('=?') ? peopleIn(message, name) : [];
	return people.length > 0 ? people.map(mailboxText).join(', ') : raw;
}

function rawHeader({ payload }: GmailMessage, name: string): string {
	const found = payload?.headers?.find((one) => one.name.toLowerCase() === name.toLowerCase());
	return oneLine(found?.value ?? '');
}

/** Folded lines are one; and what was encoded must not bring in a new one. */
// eslint-disable-next-line no-control-regex
const oneLine = (text: string) => text.replace(/[\u0000-\u001f\u007f\u0085\u2028\u2029]+/g, ' ').trim();

/** RFC 2047, where a header comes as it was sent; white space between two encoded words belongs to neither. */
export function decodedWords(value: string): string {
	return value
		.replace(/(=\?[^?\s]+\?[bq]\?[^?\s]*\?=)\s+(?==\?[^?\s]+\?[bq]\?)/gi, '$1')
		.replace(
			/=\?([^?*\s]+)(?:\*[^?\s]*)?\?([bq])\?([^?\s]*)\?=/gi,
			(all, charset: string, way: string, text: string) => {
				const bytes = way.toLowerCase() === 'b' ? Buffer.from(text, 'base64') : quotedPrintable(text);
				if (/^(utf-8|us-ascii)$/i.test(charset)) return bytes.toString('utf8');
				return /^(iso-8859-1|windows-1252)$/i.test(charset) ? bytes.toString('latin1') : all;
			},
		);
}

const quotedPrintable = (text: string) =>
	Buffer.from(
		text
			.replace(/_/g, ' ')
			.replace(/=([0-9a-f]{2})/gi, (_all, hex: string) => String.fromCharCode(parseInt(hex, 16))),
		'latin1',
	);

export function bodiesOf({ payload }: GmailMessage): { text: string; html: string } {
	const body = (mimeType: string) =>
		partsOf(payload)
			.filter((part) => part.mimeType === mimeType && !part.filename && part.body?.data)
			.map(textIn)
			.join('\n');
	return { text: body('text/plain'), html: body('text/html') };
}

/** Gmail hands out UTF-8; where a message's own charset was left, it is read by that. */
function textIn({ body, headers }: Part): string {
	const bytes = Buffer.from(body?.data ?? '', 'base64url');
	const text = bytes.toString('utf8');
	const type = headers?.find(({ name }) => name.toLowerCase() === 'content-type')?.value ?? '';
	const isLatin = /charset="?(iso-8859-1|windows-1252)/i.test(type) && text.includes('\ufffd');
	return isLatin ? bytes.toString('latin1') : text;
}

export const attachmentParts = ({ payload }: GmailMessage) =>
	partsOf(payload).filter(({ filename, body }) => filename && (body?.attachmentId || body?.data));

function partsOf(part: Part | undefined): Part[] {
	return part === undefined ? [] : [part, ...(part.parts ?? []).flatMap(partsOf)];
}

const present = (fields: { [name: string]: string }) =>
	Object.fromEntries(Object.entries(fields).filter(([, value]) => value !== ''));
