/** https://learn.microsoft.com/graph/use-the-api */
import type {
	IDataObject,
	IExecuteFunctions,
	IHttpRequestMethods,
	ILoadOptionsFunctions,
} from 'n8n-workflow';
import { allPages, request, requestJson, type Call } from '../transport';
import { outlook } from './service';

export type Caller = IExecuteFunctions | ILoadOptionsFunctions;

/** Beside the call itself. */
export type More = Omit<Partial<Call>, 'headers'> & {
	/** Further preferences: `outlook.timezone="UTC"`. */
	prefer?: readonly string[];
};

/** @param body left out where the call has none */
export async function graph<T = IDataObject>(
	caller: Caller,
	itemIndex: number,
	method: IHttpRequestMethods,
	url: string,
	body?: IDataObject,
	{ prefer, ...more }: More = {},
): Promise<T> {
	return await requestJson<T>(caller, outlook, itemIndex, {
		method,
		url,
		headers: preferences(caller, itemIndex, prefer),
		...(body === undefined ? {} : { body, json: true }),
		...more,
	});
}

/** Bytes as they are kept: a file, a message in MIME. As a stream, so that large ones need no memory. */
export async function graphContent(caller: Caller, itemIndex: number, url: string): Promise<Buffer> {
	const { body } = await request(caller, outlook, itemIndex, {
		method: 'GET',
		url,
		headers: preferences(caller, itemIndex),
		encoding: 'stream',
	});
	// n8n keeps a stream as it keeps bytes.
	return body as Buffer;
}

// "returning a page with hundreds of messages … may trigger the gateway timeout" (user-list-messages).
const PAGE_SIZE = 100;

/** The items of as many pages as `limit` takes. */
export async function graphPages(
	caller: Caller,
	itemIndex: number,
	url: string,
	qs: IDataObject,
	limit = Infinity,
	prefer?: readonly string[],
): Promise<IDataObject[]> {
	const asked: IDataObject = { ...qs, $top: Math.max(1, Math.min(PAGE_SIZE, limit)) };
	const call: Call = { method: 'GET', url, qs: asked, headers: preferences(caller, itemIndex, prefer) };
	const nothingElse = Object.fromEntries(Object.keys(asked).map((name) => [name, undefined]));
	const next = ({ body }: { body: IDataObject }) => {
		const path = nextPath(body);
		return path === null ? null : { url: path, qs: nothingElse };
	};
	return await allPages(caller, outlook, itemIndex, call, { items: 'value', next }, limit);
}

/**
 * Where the next page is, as a path with its query under the API's base. Graph names it by an absolute address,
 * which is to be used as it is but for its beginning: the token, or the hub's key, goes to the API alone.
 */
export function nextPath(body: IDataObject): string | null {
	const link = body['@odata.nextLink'];
	if (typeof link !== 'string') return null;
	return /\/v1\.0(\/[^#]*)/.exec(link)?.[1] ?? null;
}

/**
 * IDs that stay the same when an item is moved (https://learn.microsoft.com/graph/outlook-immutable-id), unless
 * the node is set otherwise.
 */
function preferences(caller: Caller, itemIndex: number, more: readonly string[] = []): IDataObject {
	const all = [...(parameter(caller, 'immutableIds', itemIndex) === false ? [] : [IMMUTABLE]), ...more];
	return all.length > 0 ? { prefer: all.join(', ') } : {};
}

const IMMUTABLE = 'IdType="ImmutableId"';

const parameter = (caller: Caller, name: string, itemIndex: number): unknown =>
	'getCurrentNodeParameter' in caller
		? (caller.getCurrentNodeParameter(name) ?? caller.getNodeParameter(name, true))
		: caller.getNodeParameter(name, itemIndex, true);
