/** What the operations of a kind of record do. */
import {
	NodeOperationError,
	type IDataObject,
	type IExecuteFunctions,
	type INodeParameters,
} from 'n8n-workflow';
import { chosen, eachItem, jsonItems, limitOf, needed } from '../transport';
import { call, list, search } from './call';
import type { RecordType } from './objects';
import { associationsIn, changesIn, propertiesIn, timeOf, type Fields } from './values';

const DAY_MS = 86_400_000;
// HubSpot's own limits: https://developers.hubspot.com/docs/api-reference/crm-search-v3/guide#limits
const MOST_GROUPS = 5;
const MOST_FILTERS = 6;

export function recordOperations(type: RecordType) {
	const typeOf = (caller: IExecuteFunctions, item: number) =>
		type.objectType || needed(caller, 'customObject', 'Object Type', item);
	const at = (caller: IExecuteFunctions, item: number) =>
		`/crm/v3/objects/${encodeURIComponent(typeOf(caller, item))}`;
	const idOf = (caller: IExecuteFunctions, item: number) =>
		encodeURIComponent(needed(caller, 'recordId', type.name, item));
	const fieldsOf = (caller: IExecuteFunctions, name: string, item: number) =>
		caller.getNodeParameter(name, item, {}) as Fields;
	const known = [...type.required, ...type.properties];
	const found = async (caller: IExecuteFunctions, item: number, body: IDataObject) =>
		jsonItems(
			await search(
				caller,
				item,
				typeOf(caller, item),
				{ ...body, ...wanted(caller, item) },
				limitOf(caller, item),
			),
		);

	return {
		create: eachItem(async function (item) {
			const fields = fieldsOf(this, 'additionalFields', item);
			const required = Object.fromEntries(
				type.required.map(({ name, label }) => [name, needed(this, name, label, item)]),
			);
			const properties = propertiesIn(this, item, known, { ...required, ...fields });
			const associations = associationsIn(this, item, typeOf(this, item), fields);
			const json = await call(this, item, 'POST', at(this, item), { body: { properties, associations } });
			return { json };
		}),

		upsert: eachItem(async function (item) {
			const idProperty = needed(this, 'idProperty', 'Find By Property', item);
			const id = needed(this, 'idValue', 'The value to find it by', item);
			const properties = propertiesIn(this, item, known, fieldsOf(this, 'fields', item));
			const { results } = await call<{ results: IDataObject[] }>(
				this,
				item,
				'POST',
				`${at(this, item)}/batch/upsert`,
				{ body: { inputs: [{ idProperty, id, properties: { [idProperty]: id, ...properties } }] } },
			);
			return { json: results[0] ?? {} };
		}),

		get: eachItem(async function (item) {
			const { archived, associations, properties, propertiesWithHistory } = optionsOf(this, item);
			const qs = {
				...several({ associations, properties, propertiesWithHistory }),
				...(archived ? { archived: true } : {}),
			};
			return { json: await call(this, item, 'GET', `${at(this, item)}/${idOf(this, item)}`, { qs }) };
		}),

		getAll: eachItem(async function (item) {
			const { archived, associations, properties } = optionsOf(this, item);
			const qs = { ...several({ associations, properties }), ...(archived ? { archived: true } : {}) };
			return jsonItems(await list(this, item, at(this, item), qs, limitOf(this, item)));
		}),

		getRecentlyCreatedUpdated: eachItem(async function (item) {
			const which = this.getNodeParameter('which', item) as 'created' | 'modified';
			const given = timeOf(this, item, 'Since', this.getNodeParameter('since', item, ''));
			const value = given || new Date(Date.now() - DAY_MS).toISOString();
			const propertyName = type[which];
			return await found(this, item, {
				filterGroups: [{ filters: [{ propertyName, operator: 'GTE', value: String(Date.parse(value)) }] }],
				sorts: [{ propertyName, direction: 'DESCENDING' }],
			});
		}),

		search: eachItem(async function (item) {
			const query = chosen(this, 'query', item);
			const order = this.getNodeParameter('sort.order', item, null) as IDataObject | null;
			return await found(this, item, {
				...(query ? { query } : {}),
				filterGroups: groupsOf(this, item),
				...(order?.propertyName ? { sorts: [order] } : {}),
			});
		}),

		...(type.resource === 'company'
			? {
					searchByDomain: eachItem(async function (item) {
						const value = needed(this, 'domain', 'Domain', item).toLowerCase();
						const filters = [{ propertyName: 'domain', operator: 'EQ', value }];
						return await found(this, item, { filterGroups: [{ filters }] });
					}),
				}
			: {}),

		update: eachItem(async function (item) {
			const properties = changesIn(this, item, known, fieldsOf(this, 'fields', item));
			const url = `${at(this, item)}/${idOf(this, item)}`;
			return { json: await call(this, item, 'PATCH', url, { body: { properties } }) };
		}),

		delete: eachItem(async function (item) {
			const id = needed(this, 'recordId', type.name, item);
			await call(this, item, 'DELETE', `${at(this, item)}/${idOf(this, item)}`);
			return { json: { id, deleted: true } };
		}),
	};
}

type Options = {
	archived?: boolean;
	associations?: string[];
	properties?: string[];
	propertiesWithHistory?: string[];
};

const optionsOf = (caller: IExecuteFunctions, item: number) =>
	caller.getNodeParameter('options', item, {}) as Options;

/** Lists of names as addresses take them; what is empty is left out. */
export const several = (lists: { [name: string]: string[] | undefined }): IDataObject =>
	Object.fromEntries(
		Object.entries(lists).flatMap(([name, values]) => (values?.length ? [[name, values.join(',')]] : [])),
	);

function wanted(caller: IExecuteFunctions, item: number): INodeParameters {
	const { properties = [] } = optionsOf(caller, item);
	return properties.length > 0 ? { properties } : {};
}

type Filter = { propertyName: string; operator: string; value?: string };

/** All: one group. Any: a group for each. @throws NodeOperationError where there are more than HubSpot takes */
function groupsOf(caller: IExecuteFunctions, item: number): IDataObject[] {
	const given = caller.getNodeParameter('filters.filter', item, []) as Filter[];
	const isAny = caller.getNodeParameter('match', item, 'all') === 'any';
	const most = isAny ? MOST_GROUPS : MOST_FILTERS;
	if (given.length > most)
		throw new NodeOperationError(caller.getNode(), `HubSpot takes ${most} conditions at most`, {
			itemIndex: item,
			description: 'Take some out; “In List” looks for several values in one condition.',
		});
	const filters = given.map(({ propertyName, operator, value = '' }) => {
		if (operator.endsWith('HAS_PROPERTY')) return { propertyName, operator };
		if (!operator.endsWith('IN')) return { propertyName, operator, value };
		return { propertyName, operator, values: value.split(';').map((one) => one.trim()) };
	});
	if (filters.length === 0) return [];
	return isAny ? filters.map((one) => ({ filters: [one] })) : [{ filters }];
}
