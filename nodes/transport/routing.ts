/**
 * What a declarative node's calls go through. n8n's routing builds the request from the parameters; `once` and
 * `pages` stand where its pagination does and send it through the hub, so that every operation has the same
 * way, waits, errors and pairing.
 */
import type {
	DeclarativeRestApiSettings,
	IDataObject,
	IExecutePaginationFunctions,
	IExecuteSingleFunctions,
	IHttpRequestOptions,
	IN8nHttpFullResponse,
	INodeExecutionData,
} from 'n8n-workflow';
import { refusalIn, Refused } from './refusal';
import { patiently, safe, signed } from './request';
import type { Service } from './service';
import { along } from './way';

type Paginate = (
	this: IExecutePaginationFunctions,
	requestData: DeclarativeRestApiSettings.ResultOptions,
) => Promise<INodeExecutionData[]>;

/** A node's `requestOperations.pagination`: one request, one answer. */
export function once(service: Service): Paginate {
	return async function (requestData) {
		const itemIndex = this.getItemIndex();
		const { options } = requestData;
		const items = await patiently(this, service, itemIndex, undefined, async (way) =>
			this.makeRoutingRequest({ ...requestData, options: along(way, options as IHttpRequestOptions) }),
		);
		return paired(items, itemIndex);
	};
}

/** The first `postReceive` of every declarative operation: refuses what is not an answer, and makes items. */
export function accept(service: Service) {
	return async function (
		this: IExecuteSingleFunctions,
		_items: INodeExecutionData[],
		response: IN8nHttpFullResponse,
	): Promise<INodeExecutionData[]> {
		const refusal = refusalIn(service, response);
		if (refusal) throw new Refused(refusal);
		return itemsOf(safe(service, response).body);
	};
}

export type Pages = {
	/** Where a page's items are: a path of names with dots, empty for the body itself, or a function. */
	items: string | ((body: IDataObject) => unknown);
	/** What the next page's request has beside, or in place of, the last one's; null: there is none. */
	next: (page: Page) => NextPage | null;
	/** How a page's size is asked for, and the largest the provider gives. */
	size?: { in: 'qs' | 'body'; name: string; most: number };
	/** One item as it is put out. */
	item?: (item: IDataObject, body: IDataObject) => IDataObject;
};
export type Page = {
	body: IDataObject;
	headers: IDataObject;
	request: IHttpRequestOptions;
	items: IDataObject[];
	/** Items of all pages so far, these included. */
	total: number;
};
export type NextPage = { qs?: IDataObject; body?: IDataObject; url?: string };

/** `routing.operations.pagination` of a "Get Many": as many pages as "Return All" or "Limit" wants. */
export function pages(service: Service, shape: Pages): Paginate {
	return async function ({ options }) {
		const itemIndex = this.getItemIndex();
		const returnAll = this.getNodeParameter('returnAll', false) as boolean;
		const limit = returnAll ? Infinity : (this.getNodeParameter('limit', 50) as number);
		const found: IDataObject[] = [];
		let request: IHttpRequestOptions | null = options as IHttpRequestOptions;
		while (request !== null && found.length < limit) {
			const asked: IHttpRequestOptions = sized(request, shape, limit - found.length);
			const answer = await patiently(this, service, itemIndex, undefined, async (way) => {
				const one = await signed(this, way, along(way, asked));
				const refusal = refusalIn(service, one);
				if (refusal) throw new Refused(refusal);
				return safe(service, one);
			});
			const page = pageOf(shape, answer, asked, found.length);
			found.push(...page.items);
			const next = shape.next(page);
			request = next && {
				...asked,
				...(next.url === undefined ? {} : { url: next.url }),
				qs: { ...asked.qs, ...next.qs },
				...(next.body === undefined ? {} : { body: { ...(asked.body as IDataObject), ...next.body } }),
			};
		}
		return paired(
			found.slice(0, limit).map((json) => ({ json })),
			itemIndex,
		);
	};
}

/** One answer read into a page; shared with operations that are code. */
export function pageOf(
	{ items, item }: Pages,
	answer: IN8nHttpFullResponse,
	request: IHttpRequestOptions,
	before: number,
): Page {
	const body = (answer.body ?? {}) as IDataObject;
	const found = typeof items === 'function' ? items(body) : at(body, items);
	const list = (Array.isArray(found) ? found : found === undefined || found === null ? [] : [found]).map(
		(one) => asObject(one),
	);
	return {
		body,
		headers: answer.headers,
		request,
		items: item ? list.map((one) => item(one, body)) : list,
		total: before + list.length,
	};
}

/** The request with as large a page as is wanted and given. */
export function sized(request: IHttpRequestOptions, { size }: Pages, wanted: number): IHttpRequestOptions {
	if (!size) return request;
	const value = Math.max(1, Math.min(size.most, wanted));
	return size.in === 'qs'
		? { ...request, qs: { ...request.qs, [size.name]: value } }
		: { ...request, body: { ...(request.body as IDataObject), [size.name]: value } };
}

/** An answer's body as items: a list is one each. */
export function itemsOf(body: unknown): INodeExecutionData[] {
	if (Array.isArray(body)) return body.map((one) => ({ json: asObject(one) }));
	// Many providers answer a deletion with nothing at all.
	if (body === undefined || body === null || body === '') return [{ json: { success: true } }];
	return [{ json: asObject(body) }];
}

const asObject = (value: unknown): IDataObject =>
	typeof value === 'object' && value !== null ? (value as IDataObject) : { data: value as string };

const at = (body: unknown, path: string): unknown =>
	path === ''
		? body
		: path.split('.').reduce<unknown>((value, name) => (value as IDataObject | undefined)?.[name], body);

const paired = (items: INodeExecutionData[], item: number): INodeExecutionData[] =>
	items.map((one) => ({ ...one, pairedItem: { item } }));
