/** https://www.dropbox.com/developers/documentation/http/documentation#formats */
import type {
	IDataObject,
	IExecuteFunctions,
	ILoadOptionsFunctions,
	IN8nHttpFullResponse,
} from 'n8n-workflow';
import { allPages, request, requestJson, type Call } from '../transport';
import { dropbox } from './service';

type Caller = IExecuteFunctions | ILoadOptionsFunctions;

/** @param arg null: the endpoint has none, and refuses a body or a content type */
export async function rpc<T = IDataObject>(
	caller: Caller,
	itemIndex: number,
	endpoint: string,
	arg: IDataObject | null,
	more: Pick<Call, 'accepts'> = {},
): Promise<T> {
	return await requestJson<T>(caller, dropbox, itemIndex, {
		...(await rpcCall(caller, itemIndex, endpoint, arg)),
		...more,
	});
}

/**
 * The items of as many pages as `limit` takes. The endpoint that goes on takes the cursor alone and refuses
 * anything beside it.
 */
export async function rpcPages(
	caller: Caller,
	itemIndex: number,
	endpoint: { first: string; next: string; items: string },
	arg: IDataObject,
	limit: number,
): Promise<IDataObject[]> {
	const nothingElse = Object.fromEntries(Object.keys(arg).map((name) => [name, undefined]));
	const call = await rpcCall(caller, itemIndex, endpoint.first, arg);
	const next = ({ body }: { body: IDataObject }) =>
		body.has_more && body.cursor
			? { url: `/2/${endpoint.next}`, body: { ...nothingElse, cursor: body.cursor } }
			: null;
	return await allPages(caller, dropbox, itemIndex, call, { items: endpoint.items, next }, limit);
}

/** A call of the host that takes in and hands out content: its argument goes in a header. */
export async function contentCall(
	context: IExecuteFunctions,
	itemIndex: number,
	endpoint: string,
	arg: IDataObject,
	more: Partial<Call> = {},
): Promise<IN8nHttpFullResponse> {
	return await request(context, dropbox, itemIndex, {
		base: 'content',
		method: 'POST',
		url: `/2/${endpoint}`,
		...more,
		headers: {
			...more.headers,
			...(await rootHeaders(context, itemIndex)),
			'dropbox-api-arg': headerSafe(arg),
		},
	});
}

/** JSON with everything that is not ASCII, and DEL, written as \u: a header carries nothing else. */
export const headerSafe = (arg: IDataObject): string =>
	JSON.stringify(arg).replace(
		/[\u007f-\uffff]/g,
		(unit) => `\\u${unit.charCodeAt(0).toString(16).padStart(4, '0')}`,
	);

async function rpcCall(
	caller: Caller,
	itemIndex: number,
	endpoint: string,
	arg: IDataObject | null,
): Promise<Call> {
	return {
		method: 'POST',
		url: `/2/${endpoint}`,
		headers: await rootHeaders(caller, itemIndex),
		...(arg === null ? {} : { body: arg, json: true }),
	};
}

/** By run and connection: the root seldom changes, and its id costs a call. */
const teamRoots = new WeakMap<object, Map<string, Promise<string>>>();

/** Paths are those of the account's own folder, unless the node is set to the team's (Dropbox-API-Path-Root). */
async function rootHeaders(caller: Caller, itemIndex: number): Promise<IDataObject> {
	if (parameter(caller, 'root', itemIndex) !== 'team') return {};
	const known = teamRoots.get(caller) ?? new Map<string, Promise<string>>();
	teamRoots.set(caller, known);
	const connection = JSON.stringify(parameter(caller, 'connection', itemIndex) ?? null);
	const root = known.get(connection) ?? teamRoot(caller, itemIndex);
	known.set(connection, root);
	// One that failed is asked for again by the next item.
	root.catch(() => known.delete(connection));
	return { 'dropbox-api-path-root': JSON.stringify({ '.tag': 'root', root: await root }) };
}

async function teamRoot(caller: Caller, itemIndex: number): Promise<string> {
	const account = await requestJson<{ root_info: { root_namespace_id: string } }>(
		caller,
		dropbox,
		itemIndex,
		{ method: 'POST', url: '/2/users/get_current_account' },
	);
	return account.root_info.root_namespace_id;
}

const parameter = (caller: Caller, name: string, itemIndex: number): unknown =>
	'getCurrentNodeParameter' in caller
		? (caller.getCurrentNodeParameter(name) ?? caller.getNodeParameter(name, ''))
		: caller.getNodeParameter(name, itemIndex, '');
