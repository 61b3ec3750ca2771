/**
 * Meta's links to other pages (`paging.next`), of a list as of one within an object, carry the token that they were
 * asked for with.
 */
const IN_LINKS = /(access_token|appsecret_proof)=[^&"\\\s]*(&|\\u0026)?/g;

/** The same without them, at any depth, and in the bytes of an answer that is put out as a file. */
export function withoutSecrets<T>(body: T): T {
	if (typeof body === 'string') return body.replace(IN_LINKS, '') as T;
	// Latin-1 gives back every byte as it was.
	if (Buffer.isBuffer(body)) return Buffer.from(withoutSecrets(body.toString('latin1')), 'latin1') as T;
	if (Array.isArray(body)) return body.map(withoutSecrets) as T;
	if (typeof body !== 'object' || body === null) return body;
	return Object.fromEntries(
		Object.entries(body).map(([name, value]) => [name, withoutSecrets(value as unknown)]),
	) as T;
}
