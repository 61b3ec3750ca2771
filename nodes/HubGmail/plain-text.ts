/** What a mail reader without HTML shows: the text of a page, its links with their addresses, its paragraphs. */
export function plainTextOf(html: string): string {
	const text = html
		.replace(/<!--[\s\S]*?-->/g, '')
		.replace(/<(style|script|head|title)\b[\s\S]*?<\/\1\s*>/gi, '')
		.replace(/\s+/g, ' ')
		.replace(/<a\b[^>]*\bhref\s*=\s*(?:"([^"]*)"|'([^']*)')[^>]*>(.*?)<\/a\s*>/gi, link)
		.replace(/<li\b[^>]*>/gi, '\n- ')
		.replace(/<(br|hr)\b[^>]*>/gi, '\n')
		.replace(/<\/(td|th)\s*>/gi, '\t')
		.replace(/<\/(p|h[1-6]|ul|ol|table|blockquote)\s*>/gi, '\n\n')
		.replace(/<\/?(div|tr|section|article|header|footer)\b[^>]*>/gi, '\n')
		.replace(/<[^>]*>/g, '');
	return entities(text)
		.replace(/[ \t]*\n[ \t]*/g, '\n')
		.replace(/\n{3,}/g, '\n\n')
		.trim();
}

function link(_all: string, inDouble: string | undefined, inSingle: string | undefined, label: string) {
	const address = (inDouble ?? inSingle ?? '').replace(/^mailto:/i, '');
	const shown = label.replace(/<[^>]*>/g, '').trim();
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
