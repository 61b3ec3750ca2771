/**
 * A message as bytes (RFC 5322, RFC 2045, RFC 2046). Every body is base64, so that no line is too long, no byte is
 * outside ASCII, and no boundary can occur in it.
 */
import { addressField, assertOneLine, fieldWithName, rawField, textField } from './headers';

export type Attachment = { fileName: string; mimeType: string; content: Buffer };
export type OutgoingMessage = {
	/** Lists of addresses, parted by commas. */
	from?: string;
	to?: string;
	cc?: string;
	bcc?: string;
	replyTo?: string;
	subject: string;
	text?: string;
	html?: string;
	attachments?: readonly Attachment[];
	/** `Message-ID` of the message this one answers. */
	inReplyTo?: string;
	/** `References` of that message. */
	references?: string;
};

/** @throws Error that names the field, where a header could not be written safely */
export function mimeMessage(message: OutgoingMessage): Buffer {
	return Buffer.from([...headersOf(message), ...bodyOf(message), ''].join('\r\n'), 'latin1');
}

function headersOf({ from, to, cc, bcc, replyTo, subject, inReplyTo, references }: OutgoingMessage) {
	const addresses = [
		['From', from],
		['To', to],
		['Cc', cc],
		['Bcc', bcc],
		['Reply-To', replyTo],
	] as const;
	return [
		...addresses.flatMap(([name, list]) => (list?.trim() ? [addressField(name, list)] : [])),
		textField('Subject', subject),
		...threading(inReplyTo, references),
		'MIME-Version: 1.0',
	];
}

/** RFC 5322 §3.6.4: the parent's references and the parent. */
function threading(inReplyTo?: string, references = ''): string[] {
	const parent = idsIn(inReplyTo ?? '')[0];
	if (parent === undefined) return [];
	const ancestors = idsIn(references).filter((id) => id !== parent);
	return [
		rawField('In-Reply-To', parent),
		// Some mailers send a field that grows without end; the first and the latest are what threads hang on.
		rawField('References', [...ancestors.slice(0, 1), ...ancestors.slice(1).slice(-20), parent].join(' ')),
	];
}

// Written by whoever sent the message: only what has the form of an id is repeated.
const idsIn = (field: string) => field.match(/<[\x21-\x3b\x3d\x3f-\x7e]{1,900}>/g) ?? [];

function bodyOf({ text, html, attachments = [] }: OutgoingMessage): string[] {
	const body = html === undefined ? textPart('plain', text ?? '') : alternatives(text, html);
	return attachments.length === 0 ? body : multipart('mixed', [body, ...attachments.map(attached)]);
}

function alternatives(text: string | undefined, html: string): string[] {
	const page = textPart('html', html);
	// The last is the one preferred (RFC 2046 §5.1.4).
	return text === undefined ? page : multipart('alternative', [textPart('plain', text), page]);
}

const textPart = (subtype: string, text: string) => [
	`Content-Type: text/${subtype}; charset=UTF-8`,
	'Content-Transfer-Encoding: base64',
	'',
	// Lines of text end in CRLF, whatever they were typed with (RFC 2046 §4.1.1).
	base64Lines(Buffer.from(text.replace(/\r\n|\r|\n/g, '\r\n'), 'utf8')),
];

const attached = ({ fileName, mimeType, content }: Attachment) => [
	fieldWithName('Content-Type', safeType(mimeType), 'name', fileName),
	fieldWithName('Content-Disposition', 'attachment', 'filename', fileName),
	'Content-Transfer-Encoding: base64',
	'',
	base64Lines(content),
];

/** The type alone: a parameter of it, such as a boundary, would say something about other bytes than these. */
function safeType(given: string): string {
	assertOneLine(given, 'A MIME type');
	const [type] = /^[a-z0-9!#$&^_.+-]+\/[a-z0-9!#$&^_.+-]+/i.exec(given.trim()) ?? [];
	// These may not be base64 (RFC 2046 §5.2, RFC 2045 §6.4); as bytes they arrive unharmed.
	return type === undefined || /^(multipart|message)\//i.test(type) ? 'application/octet-stream' : type;
}

/** The underscore is not in base64's alphabet, so no line of a body can begin with a boundary. */
function multipart(subtype: string, parts: string[][]): string[] {
	const boundary = `=_${subtype}`;
	return [
		`Content-Type: multipart/${subtype}; boundary="${boundary}"`,
		'',
		...parts.flatMap((part) => [`--${boundary}`, ...part]),
		`--${boundary}--`,
	];
}

/** RFC 2045 §6.8: at most 76 characters a line. */
const base64Lines = (content: Buffer) => content.toString('base64').replace(/(.{76})(?=.)/g, '$1\r\n');
