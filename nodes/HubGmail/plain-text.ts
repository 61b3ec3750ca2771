import { withoutHidden } from '../transport/html';

// Counted out, so that a thousand links that nobody closed are not each read to the end of the mail.
const LINK =
	/<a\b[^<>]{0,2000}?\bhref ?= ?(?:"([^"<>]{0,4000})"|'([^'<>]{0,4000})')[^<>]{0,2000}>(.{0,2000}?)<\/a ?>/gi;

/** What a mail reader without HTML shows: the text of a page, its links with their addresses, its paragraphs. */
export function plainTextOf(html: string): string {
	const text = withoutHidden(html)
		.replace(/\s+/g, ' ')
		.replace(LINK, link)
		.replace(/<li\b[^<>]*>/gi, '\n- ')
		.replace(/<(br|hr)\b[^<>]*>/gi, '\n')
		.replace(/<\/(td|th) ?>/gi, '\t')
		.replace(/<\/(p|h[1-6]|ul|ol|table|blockquote) ?>/gi, '\n\n')
		.replace(/<\/?(div|tr|section|article|header|footer)\b[^<>]*>/gi, '\n')
		.replace(/<[^<>]*>/g, '');
	return entities(text)
		.split('\n')
		.map((line) => line.trim())
		.join('\n')
		.replace(/\n{3,}/g, '\n\n')
		.trim();
}

function link(_all: string, inDouble: string | undefined, inSingle: string | undefined, label: string) {
	const address = (inDouble ?? inSingle ?? '').replace(/^mailto:/i, '');
	const shown = label.replace(/<[^<>]*>/g, '').trim();
	return shown === '' || shown === address || address.startsWith('#')
		? shown || address
		: `${label} (${address})`;
}

const NAMED: { [name: string]: string } = {
	amp: '&',
	lt: '<',
	gt: '>',
	quot: '"',
	apos: "'",
	nbsp: ' ',
	euro: '€',
	copy: '©',
	reg: '®',
	trade: '™',
	hellip: '…',
	ndash: '–',
	mdash: '—',
	lsquo: '‘',
	rsquo: '’',
	ldquo: '“',
	rdquo: '”',
	bull: '•',
	middot: '·',
	auml: 'ä',
	ouml: 'ö',
	uuml: 'ü',
	Auml: 'Ä',
	Ouml: 'Ö',
	Uuml: 'Ü',
	szlig: 'ß',
	eacute: 'é',
	egrave: 'è',
	agrave: 'à',
	ccedil: 'ç',
	ntilde: 'ñ',
};

/** In one pass: `&amp;lt;` is the text `&lt;`. */
function entities(text: string): string {
	return text.replace(
		/&(?:#(\d{1,7})|#x([0-9a-f]{1,6})|([a-z]{2,8}));/gi,
		(all, decimal, hexadecimal, name) => {
			if (name !== undefined) return NAMED[name as string] ?? all;
			const code = decimal === undefined ? parseInt(hexadecimal as string, 16) : Number(decimal);
			return code > 0 && code <= 0x10ffff ? String.fromCodePoint(code) : all;
		},
	);
}
