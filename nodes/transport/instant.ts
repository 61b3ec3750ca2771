/** @returns ms; a time without a zone is one of `timeZone` */
export function instant(text: string, timeZone: string): number {
	const given = text.trim().replace(/^(\d{4}-\d\d-\d\d)$/, '$1T00:00:00');
	if (!/^\d{4}-\d\d-\d\d[T ]\d\d:\d\d(:\d\d(\.\d+)?)?$/.test(given)) return Date.parse(given);
	const asUtc = Date.parse(`${given.replace(' ', 'T')}Z`);
	if (!Number.isFinite(asUtc)) return asUtc;
	const offset = (at: number) =>
		Date.parse(`${new Date(at).toLocaleString('sv-SE', { timeZone }).replace(' ', 'T')}Z`) -
		Math.floor(at / 1000) * 1000;
	// Twice: the first guess may lie on the other side of a change of the clocks.
	return asUtc - offset(asUtc - offset(asUtc));
}
