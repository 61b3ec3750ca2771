import type { INodeProperties, INodePropertyOptions, INodePropertyRouting } from 'n8n-workflow';
import { pages } from '../transport';
import { cursorPages } from './pages';
import { meta } from './service';

type Wanted = {
	resource: string;
	/** `campaign`, as the actions call it. */
	one: string;
	many: string;
	/** `:campaignId`. */
	id: string;
	/** Under the ad account: `campaigns`. */
	edge: string;
	/** What is read of it unless the user names other fields. */
	usual: string;
	/** Beside the five, or in place of one of them. */
	more?: INodePropertyOptions[];
	without?: string[];
};

/** The operations that every object of the Marketing API has. */
export function objectOperations({
	resource,
	one,
	many,
	id,
	edge,
	usual,
	more = [],
	without = [],
}: Wanted): INodeProperties {
	const a = /^[aeiou]/.test(one) ? 'an' : 'a';
	const usualFive: INodePropertyOptions[] = [
		named('Create', 'create', `Create ${a} ${one}`, {
			request: { method: 'POST', url: `/:adAccountId/${edge}` },
		}),
		named('Delete', 'delete', `Delete ${a} ${one}`, { request: { method: 'DELETE', url: `/${id}` } }),
		named('Get', 'get', `Get ${a} ${one}`, {
			request: { method: 'GET', url: `/${id}`, qs: { fields: usual } },
		}),
		named('Get Many', 'getAll', `Get many ${many}`, {
			request: { method: 'GET', url: `/:adAccountId/${edge}`, qs: { fields: usual } },
			operations: { pagination: pages(meta, cursorPages()) },
		}),
		named('Update', 'update', `Update ${a} ${one}`, { request: { method: 'POST', url: `/${id}` } }),
	];
	const replaced = [...without, ...more.map(({ value }) => value)];
	return {
		displayName: 'Operation',
		name: 'operation',
		type: 'options',
		noDataExpression: true,
		displayOptions: { show: { resource: [resource] } },
		options: [...usualFive.filter(({ value }) => !replaced.includes(value)), ...more].sort((x, y) =>
			x.name.localeCompare(y.name),
		),
		default: 'getAll',
	};
}

const named = (
	name: string,
	value: string,
	action: string,
	routing: INodePropertyRouting,
): INodePropertyOptions => ({ name, value, action, routing });
