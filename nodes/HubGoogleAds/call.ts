/** https://developers.google.com/google-ads/api/rest/overview: how every call is made. */
import {
	NodeOperationError,
	type IDataObject,
	type IExecuteFunctions,
	type ILoadOptionsFunctions,
} from 'n8n-workflow';
import { allPages, requestJson, type Pages } from '../transport';
import { customerDigits, customerOf, optionsOf } from './ids';
import { DEFAULT_VERSION, googleAds } from './service';

/** What an item says of how it is to be called: part of what makes items go together. */
export type Target = { version: string; customer: string; headers: IDataObject };
type Caller = IExecuteFunctions | ILoadOptionsFunctions;

export const targetOf = (context: IExecuteFunctions, itemIndex: number): Target => ({
	...versionOf(context, itemIndex),
	customer: customerOf(context, itemIndex),
});

export function versionOf(context: IExecuteFunctions, itemIndex: number): Omit<Target, 'customer'> {
	const { apiVersion, loginCustomerId } = optionsOf(context, itemIndex);
	const version = String(apiVersion || DEFAULT_VERSION);
	if (!/^v\d{1,3}$/.test(version))
		throw new NodeOperationError(context.getNode(), `“API Version” is none: ${version}`, {
			itemIndex,
			description: `Write it as ${DEFAULT_VERSION}.`,
		});
	const headers: IDataObject = loginCustomerId
		? { 'login-customer-id': customerDigits(context, itemIndex, loginCustomerId, 'Login Customer ID') }
		: {};
	return { version, headers };
}

/** One call below the customer (`/campaigns:mutate`), or of the customer itself (`:uploadClickConversions`). */
export async function post<T = IDataObject>(
	context: IExecuteFunctions,
	itemIndex: number,
	{ version, customer, headers }: Target,
	path: string,
	body: IDataObject,
): Promise<T> {
	return await requestJson<T>(context, googleAds, itemIndex, {
		method: 'POST',
		url: `/${version}/customers/${customer}${path}`,
		headers,
		body,
		json: true,
	});
}

/** Pages are of 10,000 rows; nobody can ask for others. */
const ROWS: Pages = {
	items: 'results',
	next: ({ body }) => (body.nextPageToken ? { body: { pageToken: body.nextPageToken } } : null),
};

export async function search(
	caller: Caller,
	itemIndex: number,
	{ version, customer, headers }: Target,
	query: string,
	limit = Infinity,
): Promise<IDataObject[]> {
	const call = {
		method: 'POST' as const,
		url: `/${version}/customers/${customer}/googleAds:search`,
		headers,
		body: { query },
		json: true,
	};
	return await allPages(caller, googleAds, itemIndex, call, ROWS, limit);
}

type Mutated = { results?: ({ resourceName?: string } & IDataObject)[] };

/**
 * Changes one thing, and answers it as it is then.
 * @param collection `campaigns`
 * @param name of the thing in the answer: `campaign`
 */
export async function mutateOne(
	context: IExecuteFunctions,
	itemIndex: number,
	target: Target,
	collection: string,
	name: string,
	operation: IDataObject,
): Promise<IDataObject> {
	const validateOnly = optionsOf(context, itemIndex).validateOnly === true;
	const { results = [] } = await post<Mutated>(context, itemIndex, target, `/${collection}:mutate`, {
		operations: [operation],
		responseContentType: 'MUTABLE_RESOURCE',
		...(validateOnly ? { validateOnly } : {}),
	});
	if (validateOnly) return { valid: true };
	const [result = {}] = results;
	return { resourceName: result.resourceName, ...((result[name] ?? {}) as IDataObject) };
}

/** `{updateMask, update}` of what is to change, and nothing else. */
export const updateOf = (resourceName: string, changes: IDataObject): IDataObject => ({
	updateMask: Object.keys(changes).join(','),
	update: { resourceName, ...changes },
});
