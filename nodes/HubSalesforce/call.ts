import {
	NodeOperationError,
	type IDataObject,
	type IExecuteFunctions,
	type ILoadOptionsFunctions,
} from 'n8n-workflow';
import { allPages, requestJson, type Call, type Pages } from '../transport';
import { salesforce } from './service';

export type Caller = IExecuteFunctions | ILoadOptionsFunctions;

/** As the integration has it; https://developer.salesforce.com/docs/atlas.en-us.api_rest.meta/api_rest/resources_versions.htm */
export const API_VERSION = 'v66.0';

/** @param path under the version, as in `/sobjects/Account` */
export async function call<T = IDataObject>(
	caller: Caller,
	itemIndex: number,
	path: string,
	more: Omit<Call, 'url'> = {},
): Promise<T> {
	return await requestJson<T>(caller, salesforce, itemIndex, {
		method: 'GET',
		...more,
		url: base(caller, itemIndex) + path,
		json: true,
	});
}

/** `/services/data/v66.0` */
export function base(caller: Caller, itemIndex: number): string {
	const given = String(parameter(caller, 'apiVersion', itemIndex) || API_VERSION).trim();
	const [, number] = /^v?(\d{2,3})(?:\.0)?$/.exec(given) ?? [];
	if (number !== undefined) return `/services/data/v${number}.0`;
	throw new NodeOperationError(caller.getNode(), `“${given}” is no API version`, {
		itemIndex,
		description: `Write it as ${API_VERSION}.`,
	});
}

/** https://developer.salesforce.com/docs/atlas.en-us.api_rest.meta/api_rest/dome_query.htm */
export const queryPages: Pages = {
	items: 'records',
	next: ({ body }) =>
		body.done === false && typeof body.nextRecordsUrl === 'string'
			? { url: body.nextRecordsUrl, qs: { q: undefined } }
			: null,
};

// Salesforce gives 2,000 records at once unless told otherwise, and never takes less than 200.
const batch = (limit: number) => Math.max(200, Math.min(2000, limit));

/** @param withDeleted also what lies in the recycle bin, and archived tasks */
export async function query(
	caller: Caller,
	itemIndex: number,
	soql: string,
	{ limit = Infinity, withDeleted = false } = {},
): Promise<IDataObject[]> {
	const asked: Call = {
		method: 'GET',
		url: `${base(caller, itemIndex)}/${withDeleted ? 'queryAll' : 'query'}`,
		qs: { q: soql },
		json: true,
		...(limit < 2000 ? { headers: { 'sforce-query-options': `batchSize=${batch(limit)}` } } : {}),
	};
	return await allPages(caller, salesforce, itemIndex, asked, queryPages, limit);
}

/**
 * The same question, whether asked for an item or by a list in the editor; of a locator, what was chosen. n8n's own
 * `extractValue` fails for a parameter that the others hide.
 */
export function parameter(caller: Caller, name: string, itemIndex: number): unknown {
	const given =
		'getCurrentNodeParameter' in caller
			? (caller.getCurrentNodeParameter(name) ?? caller.getNodeParameter(name, ''))
			: caller.getNodeParameter(name, itemIndex, '');
	return typeof given === 'object' && given !== null && 'value' in given ? given.value : given;
}
