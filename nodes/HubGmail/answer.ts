/** Answers and forwarded messages: whom they go to, and what keeps them in the conversation. */
import { NodeOperationError, type IExecuteFunctions } from 'n8n-workflow';
import { bodiesOf, headersOf, peopleIn, type GmailMessage } from './incoming';
import { mailboxText, type Mailbox } from './headers';
import type { OutgoingMessage } from './mime';

/** The headers an answer is made from, for `format=metadata`. */
export const ANSWER_HEADERS = ['From', 'To', 'Cc', 'Reply-To', 'Subject', 'Message-ID', 'References'];

type Answer = Required<Pick<OutgoingMessage, 'to' | 'cc'>> & Threaded;
type Threaded = Pick<OutgoingMessage, 'subject' | 'inReplyTo' | 'references'>;

/**
 * RFC 5322 §3.6.3: an answer goes to `Reply-To`, else `From`; one to all also to the other recipients.
 *
 * @param own addresses of this mailbox, which get no copy; an answer to one's own message goes where that went
 */
export function answerTo(original: GmailMessage, everyone: boolean, own: readonly string[]): Answer {
	const isOwn = ({ address }: Mailbox) => own.includes(address.toLowerCase());
	const author = peopleIn(original, 'from');
	const recipients = peopleIn(original, 'to');
	const isMine = author.some(isOwn);
	const replyTo = peopleIn(original, 'reply-to');
	const sender = isMine ? recipients : replyTo.length > 0 ? replyTo : author;
	const others = (list: Mailbox[], taken: readonly Mailbox[] = []) =>
		distinct(list).filter((one) => !isOwn(one) && !taken.some(sameAs(one)));
	const to = everyone && !isMine ? [...sender, ...others(recipients, sender)] : distinct(sender);
	const cc = everyone ? others(peopleIn(original, 'cc'), to) : [];
	return { to: text(to), cc: text(cc), ...threadedTo(original) };
}

/** Gmail keeps a message in a thread where subject and references fit, and the thread's id is given. */
export function threadedTo(original: GmailMessage): Threaded {
	const header = headersOf(original);
	const subject = header('subject');
	return {
		subject: /^re:/i.test(subject) ? subject : `Re: ${subject}`,
		inReplyTo: header('message-id'),
		references: header('references'),
	};
}

/** The body of a forwarded message, as Gmail writes it. */
export function forwarded(
	original: GmailMessage,
	note: { text?: string; html?: string },
): { subject: string; text: string; html?: string } {
	const header = headersOf(original);
	const { text: plain, html } = bodiesOf(original);
	const subject = header('subject');
	const lines = ['From', 'Date', 'Subject', 'To', 'Cc'].flatMap((name) =>
		header(name) ? [`${name}: ${header(name)}`] : [],
	);
	const head = ['---------- Forwarded message ---------', ...lines];
	const noteHtml = note.html ?? escaped(note.text ?? '').replace(/\n/g, '<br>');
	return {
		subject: /^fwd?:/i.test(subject) ? subject : `Fwd: ${subject}`,
		text: [note.text ?? '', '', ...head, '', plain].join('\n').trimStart(),
		...(note.html === undefined && html === ''
			? {}
			: {
					html: `${noteHtml}<br><br>${head.map(escaped).join('<br>')}<br><br>${html || `<pre>${escaped(plain)}</pre>`}`,
				}),
	};
}

export function assertRecipient(context: IExecuteFunctions, itemIndex: number, to: string): void {
	if (to.trim() === '')
		throw new NodeOperationError(context.getNode(), 'There is nobody to send this to', {
			itemIndex,
			description: 'The message names no sender and no recipient that could be answered.',
		});
}

const text = (list: readonly Mailbox[]) => list.map(mailboxText).join(', ');

const sameAs =
	({ address }: Mailbox) =>
	(other: Mailbox) =>
		other.address.toLowerCase() === address.toLowerCase();

const distinct = (list: Mailbox[]) => list.filter((one, index) => list.findIndex(sameAs(one)) === index);

const escaped = (value: string) => value.replace(/&/g, '&amp;').replace(/</g, '&lt;').replace(/>/g, '&gt;');
