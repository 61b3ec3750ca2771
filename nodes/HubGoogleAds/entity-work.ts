/** What campaigns, ad groups, ads, keywords, budgets and lists have in common: to be read, changed and removed. */
import { NodeOperationError, type IDataObject, type IExecuteFunctions } from 'n8n-workflow';
import { eachItem, jsonItems, limitOf } from '../transport';
import { withAmounts } from './amounts';
import { mutateOne, search, targetOf, updateOf } from './call';
import { hasStatus, isId, queryOf } from './gaql';
import { idIn, idOf, optionsOf } from './ids';
import { KINDS, type Kind, type Resource, type Row } from './kinds';

export const getOne = (resource: Resource) =>
	eachItem(async function (itemIndex) {
		const kind = KINDS[resource];
		const id = idOf(this, itemIndex, kind.parameter, kind.label);
		const query = queryOf(kind, { where: [isId(kind, id)], limit: 1 });
		const [row] = await search(this, itemIndex, targetOf(this, itemIndex), query, 1);
		if (row !== undefined) return { json: put(this, itemIndex, kind, row) };
		throw new NodeOperationError(this.getNode(), `There is no ${kind.label.toLowerCase()} ${id}`, {
			itemIndex,
			description: 'Check the ID and the customer: it may belong to another one.',
		});
	});

export const getMany = (resource: Resource) =>
	eachItem(async function (itemIndex) {
		const kind = KINDS[resource];
		const { dateRange, status, where, ...others } = optionsOf(this, itemIndex);
		const limit = limitOf(this, itemIndex);
		const query = queryOf(kind, {
			metrics: Boolean(dateRange),
			where: [
				...(dateRange && dateRange !== 'ALL_TIME' ? [`segments.date DURING ${String(dateRange)}`] : []),
				...parentsIn(this, itemIndex, others),
				hasStatus(kind, status),
				String(where ?? ''),
			],
			limit,
		});
		const rows = await search(this, itemIndex, targetOf(this, itemIndex), query, limit);
		return jsonItems(rows.map((row) => put(this, itemIndex, kind, row)));
	});

/** @param read what is to change, by the names of the API; nothing at all is an error */
export const updateOne = (resource: Resource, read: (fields: IDataObject) => IDataObject) =>
	eachItem(async function (itemIndex) {
		const changes = read(this.getNodeParameter('updateFields', itemIndex, {}) as IDataObject);
		if (Object.keys(changes).length === 0)
			throw new NodeOperationError(this.getNode(), 'There is nothing to change', {
				itemIndex,
				description: 'Add at least one field under "Update Fields".',
			});
		return { json: await changed(this, itemIndex, resource, (name) => updateOf(name, changes)) };
	});

export const removeOne = (resource: Resource) =>
	eachItem(async function (itemIndex) {
		return { json: await changed(this, itemIndex, resource, (name) => ({ remove: name })) };
	});

export const createOne = (
	resource: Resource,
	read: (context: IExecuteFunctions, itemIndex: number, customer: string) => IDataObject,
) =>
	eachItem(async function (itemIndex) {
		const { collection, name } = KINDS[resource];
		const target = targetOf(this, itemIndex);
		const create = read(this, itemIndex, target.customer);
		const made = await mutateOne(this, itemIndex, target, collection, name, { create });
		return { json: withAmounts(made) };
	});

async function changed(
	context: IExecuteFunctions,
	itemIndex: number,
	resource: Resource,
	operation: (resourceName: string) => IDataObject,
): Promise<IDataObject> {
	const { collection, name, parameter, label, inAdGroup } = KINDS[resource];
	const target = targetOf(context, itemIndex);
	const id = idOf(context, itemIndex, parameter, label);
	if (inAdGroup && !id.includes('~'))
		throw new NodeOperationError(context.getNode(), `“${label}” lacks its ad group: ${id}`, {
			itemIndex,
			description: `Give it as the resource name, or as ad group, ~ and ID, such as 123456~${id}.`,
		});
	const resourceName = `customers/${target.customer}/${collection}/${id}`;
	const now = await mutateOne(context, itemIndex, target, collection, name, operation(resourceName));
	return withAmounts(now);
}

function parentsIn(context: IExecuteFunctions, itemIndex: number, options: IDataObject): string[] {
	const some = (name: string, label: string, field: string) =>
		options[name] ? [`${field} = ${idIn(context, itemIndex, options[name], label)}`] : [];
	return [
		...some('campaignId', 'Campaign ID', 'campaign.id'),
		...some('adGroupId', 'Ad Group ID', 'ad_group.id'),
	];
}

const put = (context: IExecuteFunctions, itemIndex: number, { item }: Kind, row: IDataObject): IDataObject =>
	context.getNodeParameter('simple', itemIndex, true) ? withAmounts(item(row as Row)) : row;
