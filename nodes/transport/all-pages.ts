import type { IDataObject, IExecuteFunctions, ILoadOptionsFunctions } from 'n8n-workflow';
import { request, type Call } from './request';
import { pageOf, sized, type Pages } from './routing';
import type { Service } from './service';

/** The items of as many pages as `limit` takes, for operations that are code and for lists in the editor. */
export async function allPages(
	caller: IExecuteFunctions | ILoadOptionsFunctions,
	service: Service,
	itemIndex: number,
	call: Call,
	shape: Pages,
	limit = Infinity,
): Promise<IDataObject[]> {
	const found: IDataObject[] = [];
	let next: Call | null = call;
	while (next !== null && found.length < limit) {
		const asked: Call = { ...next, ...sized(next, shape, limit - found.length) };
		const page = pageOf(shape, await request(caller, service, itemIndex, asked), asked, found.length);
		found.push(...page.items);
		const more = shape.next(page);
		next = more && {
			...asked,
			...(more.url === undefined ? {} : { url: more.url }),
			qs: { ...asked.qs, ...more.qs },
			...(more.body === undefined ? {} : { body: { ...(asked.body as IDataObject), ...more.body } }),
		};
	}
	return found.slice(0, limit);
}

/** How many a "Get Many" that is code puts out. */
export function limitOf(caller: IExecuteFunctions, itemIndex: number): number {
	const returnAll = caller.getNodeParameter('returnAll', itemIndex, false) as boolean;
	return returnAll ? Infinity : (caller.getNodeParameter('limit', itemIndex, 50) as number);
}
