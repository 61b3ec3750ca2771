/**
 * Header fields of a message as they go over the wire: ASCII, folded, and never more fields than were meant.
 *
 * RFC 5322 (fields, addresses, folding), RFC 2047 (words outside ASCII), RFC 2231 (file names outside ASCII).
 */

/** Another line would be another field: `Subject: hi\r\nBcc: everyone@…`. */
export function assertOneLine(value: string, what: string): void {
	// eslint-disable-next-line no-control-regex
	if (/[\u0000-\u0008\u000a-\u001f\u007f\u0085\u2028\u2029]/.test(value))
		throw new Error(`${what} contains a line break or another control character. Remove it.`);
}

/** A field with free text: `Subject`. */
export function textField(name: string, value: string): string {
	assertOneLine(value, name);
	const text = value.trim();
	const isPlain =
		isAscii(text) && !text.includes('=?') && text.split(/\s/).every(({ length }) => length < 900);
	return folded(`${name}: ${isPlain ? text : encodedWords(text, name.length + 2)}`);
}

/** A field whose value has its form already: message ids, a MIME version. */
export function rawField(name: string, value: string): string {
	assertOneLine(value, name);
	return folded(`${name}: ${value}`);
}

/**
 * A field with a list of addresses, each `address` or `Name <address>`.
 *
 * @throws where one of them is no address: Gmail's own answer would not say which
 */
export function addressField(name: string, list: string): string {
	return folded(`${name}: ${mailboxes(list, name).map(written).join(', ')}`);
}

// Counted out, so that a thousand quotes that nobody closed are not each read to the end of the header.
const MAILBOXES = /(?:"(?:[^"\\]|\\.){0,1000}"|<[^>]{0,1000}>|[^,;])+/g;

export type Mailbox = { name: string; address: string };

/** `"Doe, Jo" <jo@example.com>, max@example.com` → two mailboxes; commas in quotes and brackets part nothing. */
export function mailboxes(list: string, what: string): Mailbox[] {
	assertOneLine(list, what);
	return (list.match(MAILBOXES) ?? [])
		.map((one) => one.trim())
		.filter((one) => one !== '')
		.map((one) => mailbox(one, what));
}

/** Those of a list somebody else wrote; what is no address there is left out. */
export function readableMailboxes(list: string): Mailbox[] {
	return (list.match(MAILBOXES) ?? []).flatMap((one) => {
		try {
			return mailboxes(one.trim(), 'the message');
		} catch {
			return [];
		}
	});
}

/** One mailbox as text that reads back as the same: its name may hold commas and brackets. */
export const mailboxText = ({ name, address: at }: Mailbox) =>
	name === '' ? at : `${/[",;:<>@()[\]\\]/.test(name) ? quotedName(name) : name} <${at}>`;

const quotedName = (name: string) => `"${name.replace(/(["\\])/g, '\\$1')}"`;

/** `Content-Type` or `Content-Disposition` with a file's name. */
export function fieldWithName(name: string, value: string, parameter: string, fileName: string): string {
	assertOneLine(fileName, 'A file name');
	if (isAscii(fileName) && fileName.length <= 60)
		return `${name}: ${value};\r\n ${parameter}="${fileName.replace(/(["\\])/g, '\\$1')}"`;
	return `${name}: ${value};\r\n ${extendedParameter(parameter, fileName).join(';\r\n ')}`;
}

function mailbox(text: string, what: string): Mailbox {
	const [, phrase = '', inBrackets] = /^(.*)<([^<>]*)>$/.exec(text) ?? [];
	const name = phrase.trim().replace(/^"(.*)"$/, (_all, inner: string) => inner.replace(/\\(.)/g, '$1'));
	return { name, address: address((inBrackets ?? text).trim(), text, what) };
}

function address(given: string, text: string, what: string): string {
	const refuse = (why: string): never => {
		throw new Error(`“${text}” in ${what} is not an email address${why}`);
	};
	const [, local = '', domain = ''] = /^([^\s@<>()[\]\\,;:"]+)@([^\s@<>()[\]\\,;:"]+)$/.exec(given) ?? [];
	if (!local) refuse(': write name@example.com, or Name <name@example.com>, and part several by commas.');
	if (!isAscii(local)) refuse(' that Gmail can send to: the part before @ has letters outside ASCII.');
	return isAscii(domain) ? given : `${local}@${inAscii(domain) ?? refuse(': its domain cannot be read.')}`;
}

/** `bücher.example` → `xn--bcher-kva.example` */
function inAscii(domain: string): string | null {
	try {
		return new URL(`http://${domain}`).hostname;
	} catch {
		return null;
	}
}

function written({ name, address: to }: Mailbox): string {
	if (name === '') return to;
	if (!isAscii(name) || name.includes('=?')) return `${encodedWords(name, 0)} <${to}>`;
	const isAtoms = /^[A-Za-z0-9!#$%&'*+\-/=?^_`{|}~ ]+$/.test(name);
	return `${isAtoms ? name : quotedName(name)} <${to}>`;
}

// eslint-disable-next-line no-control-regex
export const isAscii = (text: string) => /^[\u0000-\u007f]*$/.test(text);

// RFC 2047 §2: 75 characters each, `=?UTF-8?B?` and `?=` included; so 63 of base64, which is 45 bytes.
const WORD_BYTES = 45;

/** Words of whole characters: one cut in two could not be read. */
function encodedWords(text: string, before: number): string {
	const words: string[] = [];
	let word = '';
	for (const character of text) {
		// The first word shares its line with the field's name.
		const most = words.length === 0 ? Math.min(WORD_BYTES, Math.floor((63 - before) / 4) * 3) : WORD_BYTES;
		if (Buffer.byteLength(word + character) > most) {
			words.push(word);
			word = '';
		}
		word += character;
	}
	words.push(word);
	return words.map((one) => `=?UTF-8?B?${Buffer.from(one, 'utf8').toString('base64')}?=`).join(' ');
}

/** RFC 2231 §3 and §4.1: `filename*0*=UTF-8''na%C3%AFve; filename*1*=….txt` */
function extendedParameter(name: string, value: string): string[] {
	const pieces = [''];
	// Half of a surrogate pair cannot be encoded.
	for (const character of value.replace(/\p{Surrogate}/gu, '\ufffd')) {
		const encoded = encodeURIComponent(character).replace(/['()*]/g, (one) => `%${hex(one)}`);
		if ((pieces.at(-1) ?? '').length + encoded.length > 50) pieces.push('');
		pieces[pieces.length - 1] += encoded;
	}
	if (pieces.length === 1) return [`${name}*=UTF-8''${pieces[0]}`];
	return pieces.map((piece, index) => `${name}*${index}*=${index === 0 ? "UTF-8''" : ''}${piece}`);
}

const hex = (character: string) => character.charCodeAt(0).toString(16).toUpperCase();

/** Lines of 78 characters where spaces allow it (RFC 5322 §2.1.1); unfolding gives the same text back. */
function folded(field: string): string {
	const lines: string[] = [];
	let line = '';
	for (const piece of field.split(/(?<=\S)(?=\s)/)) {
		if (line !== '' && line.length + piece.length > 78) {
			lines.push(line);
			line = '';
		}
		line += piece;
	}
	return [...lines, line].join('\r\n');
}
