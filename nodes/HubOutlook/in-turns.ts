// Exchange Online takes four requests of an app at once for one mailbox (https://learn.microsoft.com/graph/throttling-limits).
const AT_ONCE = 4;

/** Does the work for each, a few at a time; what comes out is in the order of what went in. */
export async function inTurns<T, R>(all: readonly T[], work: (one: T) => Promise<R>): Promise<R[]> {
	const done: R[] = [];
	for (let at = 0; at < all.length; at += AT_ONCE)
		done.push(...(await Promise.all(all.slice(at, at + AT_ONCE).map(work))));
	return done;
}
