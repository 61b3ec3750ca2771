/**
 * A page without its comments and without what it does not show: styles, scripts, its head.
 *
 * One walk, not one expression: `<!--[^]*?-->` begins anew at each of ten thousand comments that nobody closed, and
 * goes to the end each time. Pages come in mails from anybody.
 */
export function withoutHidden(html: string): string {
	const neverClosed = new Set<string>();
	const opening = /<!--|<(style|script|head|title)\b/gi;
	let kept = '';
	let from = 0;
	for (let found = opening.exec(html); found !== null; found = opening.exec(html)) {
		const kind = (found[1] ?? '--').toLowerCase();
		if (neverClosed.has(kind)) continue;
		const closing = kind === '--' ? /-->/g : new RegExp(`</${kind}[ \\t\\r\\n]{0,100}>`, 'gi');
		closing.lastIndex = opening.lastIndex;
		if (closing.exec(html) === null) {
			neverClosed.add(kind);
			continue;
		}
		kept += html.slice(from, found.index);
		from = closing.lastIndex;
		opening.lastIndex = from;
	}
	return kept + html.slice(from);
}
