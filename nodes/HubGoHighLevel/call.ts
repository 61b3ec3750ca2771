import {
	NodeOperationError,
	type IDataObject,
	type IExecuteFunctions,
	type ILoadOptionsFunctions,
} from 'n8n-workflow';
import {
	accountIdOf,
	allPages,
	chosen,
	limitOf,
	requestJson,
	type Call,
	type Page,
	type Pages,
} from '../transport';
import { instant } from '../transport/instant';
import { gohighlevel } from './service';

export type Caller = IExecuteFunctions | ILoadOptionsFunctions;

export async function call<T = IDataObject>(
	caller: Caller,
	itemIndex: number,
	method: 'GET' | 'POST' | 'PUT' | 'DELETE',
	url: string,
	more: Omit<Call, 'url' | 'method'> = {},
): Promise<T> {
	return await requestJson<T>(caller, gohighlevel, itemIndex, { ...more, method, url, json: true });
}

/**
 * The sub-account that calls are about: the one that is named, or the one that is connected.
 *
 * @throws NodeOperationError where an agency is connected and none is named
 */
export async function locationOf(caller: Caller, itemIndex: number): Promise<string> {
	const given = chosen(caller, 'locationId', itemIndex);
	const location = given || (await accountIdOf(caller, gohighlevel, itemIndex));
	if (location) return location;
	throw new NodeOperationError(caller.getNode(), 'No sub-account is named', {
		itemIndex,
		description: 'Fill in “Location ID”: the connection does not say which sub-account it is of.',
	});
}

/**
 * Pages until there are as many as wanted. HighLevel's lists differ in how they go on, so each says it; none goes on
 * after a page that is not full.
 *
 * @param next what the next page's request has beside the last one's; null: that was all
 */
export async function paged(
	caller: IExecuteFunctions,
	itemIndex: number,
	asked: Call,
	shape: Required<Pick<Pages, 'items' | 'size'>>,
	next: (page: Page) => IDataObject | null,
): Promise<IDataObject[]> {
	const { size } = shape;
	const pages: Pages = {
		...shape,
		next: (page) => {
			const wanted = Number((page.request[size.in] as IDataObject)[size.name]);
			const more = page.items.length < wanted ? null : next(page);
			return more && { [size.in]: more };
		},
	};
	return await allPages(
		caller,
		gohighlevel,
		itemIndex,
		{ ...asked, json: true },
		pages,
		limitOf(caller, itemIndex),
	);
}

/** ISO 8601 in UTC; a time without a zone is one of the workflow's. @throws NodeOperationError */
export function timeOf(caller: IExecuteFunctions, itemIndex: number, what: string, value: unknown): string {
	const text = String(value ?? '').trim();
	const time = instant(text, caller.getTimezone());
	if (Number.isFinite(time)) return new Date(time).toISOString();
	throw new NodeOperationError(caller.getNode(), `${what} is no time`, {
		itemIndex,
		description: `“${text}” was given. Write it as 2026-01-31T12:00:00Z.`,
	});
}

export const listIn = (text: unknown): string[] =>
	(Array.isArray(text) ? text.map(String) : String(text ?? '').split(','))
		.map((one) => one.trim())
		.filter(Boolean);

/** What is filled in of a collection, with texts of lists made lists and the fields of one's own as they are sent. */
export function given(caller: IExecuteFunctions, itemIndex: number, name: string): IDataObject {
	const { customFields, ...fields } = caller.getNodeParameter(name, itemIndex, {}) as IDataObject & {
		customFields?: { field?: { id: string; value: unknown }[] };
	};
	const own = customFields?.field ?? [];
	return {
		...fields,
		...('tags' in fields ? { tags: listIn(fields.tags) } : {}),
		...(own.length > 0
			? { customFields: own.map(({ id, value }) => ({ id, field_value: value })) as IDataObject[] }
			: {}),
	};
}

/** @throws NodeOperationError where nothing is filled in */
export function changes(caller: IExecuteFunctions, itemIndex: number, name: string): IDataObject {
	const fields = given(caller, itemIndex, name);
	if (Object.keys(fields).length > 0) return fields;
	throw new NodeOperationError(caller.getNode(), 'There is nothing to update', {
		itemIndex,
		description: 'Add at least one field.',
	});
}
