/** https://marketplace.gohighlevel.com/docs/ghl/opportunities/opportunities */
import type { IDataObject, INodeProperties } from 'n8n-workflow';
import { chosen, eachItem, jsonItems, needed, returnAllOrLimit } from '../transport';
import { call, changes, given, locationOf, paged } from './call';
import { collection, customFields, fromList, locator, operation, text } from './fields';

const show = (...operations: string[]) => ({ resource: ['opportunity'], operation: operations });

const status = (initial: string, ...more: string[]): INodeProperties => ({
	displayName: 'Status',
	name: 'status',
	type: 'options',
	options: ['abandoned', 'lost', 'open', 'won', ...more].sort().map((value) => ({
		name: value.charAt(0).toUpperCase() + value.slice(1),
		value,
	})),
	default: initial,
});
const name = text('Name', 'name');
const pipeline = fromList('Pipeline Name or ID', 'pipelineId', 'getPipelines');
const stage = fromList('Stage Name or ID', 'pipelineStageId', 'getStages');
const more: INodeProperties[] = [
	fromList('Assigned To Name or ID', 'assignedTo', 'getUsers'),
	{
		displayName: 'Value',
		name: 'monetaryValue',
		type: 'number',
		typeOptions: { numberPrecision: 2 },
		default: 0,
	},
	stage,
];
const own = customFields('getOpportunityFields');

export const opportunityProperties: INodeProperties[] = [
	operation(
		'opportunity',
		[
			{ name: 'Create', value: 'create', action: 'Create an opportunity' },
			{
				name: 'Create or Update',
				value: 'upsert',
				action: 'Create or update an opportunity',
				description: 'Create a new record, or update the current one if it already exists (upsert)',
			},
			{ name: 'Delete', value: 'delete', action: 'Delete an opportunity' },
			{ name: 'Get', value: 'get', action: 'Get an opportunity' },
			{ name: 'Get Many', value: 'getAll', action: 'Get many opportunities' },
			{ name: 'Update', value: 'update', action: 'Update an opportunity' },
			{ name: 'Update Status', value: 'updateStatus', action: 'Update the status of an opportunity' },
		],
		'create',
	),
	locator(
		'Opportunity',
		'opportunityId',
		'searchOpportunities',
		show('delete', 'get', 'update', 'updateStatus'),
	),
	{ ...pipeline, required: true, displayOptions: { show: show('create', 'upsert') } },
	locator('Contact', 'contactId', 'searchContacts', show('create', 'upsert')),
	{ ...name, required: true, displayOptions: { show: show('create', 'upsert') } },
	{ ...status('open'), displayOptions: { show: show('create', 'updateStatus', 'upsert') } },
	collection('Additional Fields', 'additionalFields', show('create'), [...more, own]),
	collection('Additional Fields', 'additionalFields', show('upsert'), more),
	collection('Update Fields', 'updateFields', show('update'), [...more, own, name, pipeline, status('open')]),
	...returnAllOrLimit(show('getAll')),
	collection('Filters', 'filters', show('getAll'), [
		fromList('Assigned To Name or ID', 'assigned_to', 'getUsers'),
		text('Contact ID', 'contact_id'),
		fromList('Pipeline Name or ID', 'pipeline_id', 'getPipelines'),
		text('Search', 'q'),
		fromList('Stage Name or ID', 'pipeline_stage_id', 'getStages'),
		status('all', 'all'),
	]),
];

type Run = Parameters<typeof given>[0];
type Answer = { opportunity: IDataObject };

const at = (run: Run, item: number) =>
	`/opportunities/${encodeURIComponent(needed(run, 'opportunityId', 'Opportunity', item))}`;

async function written(run: Run, item: number): Promise<IDataObject> {
	return {
		locationId: await locationOf(run, item),
		pipelineId: needed(run, 'pipelineId', 'Pipeline', item),
		contactId: needed(run, 'contactId', 'Contact', item),
		name: needed(run, 'name', 'Name', item),
		status: chosen(run, 'status', item),
		...given(run, item, 'additionalFields'),
	};
}

const MOST = 100;

export const opportunityOperations = {
	create: eachItem(async function (item) {
		const body = await written(this, item);
		const { opportunity } = await call<Answer>(this, item, 'POST', '/opportunities/', { body });
		return { json: opportunity };
	}),
	upsert: eachItem(async function (item) {
		const body = await written(this, item);
		const { opportunity, new: isNew } = await call<Answer & { new?: boolean }>(
			this,
			item,
			'POST',
			'/opportunities/upsert',
			{ body },
		);
		return { json: { ...opportunity, new: isNew } };
	}),
	get: eachItem(async function (item) {
		const { opportunity } = await call<Answer>(this, item, 'GET', at(this, item));
		return { json: opportunity };
	}),
	getAll: eachItem(async function (item) {
		const qs = { location_id: await locationOf(this, item), ...given(this, item, 'filters') };
		const found = await paged(
			this,
			item,
			{ method: 'GET', url: '/opportunities/search', qs },
			{ items: 'opportunities', size: { in: 'qs', name: 'limit', most: MOST } },
			({ body }) => {
				const { startAfter, startAfterId } = (body.meta ?? {}) as IDataObject;
				return startAfterId ? { startAfter, startAfterId } : null;
			},
		);
		return jsonItems(found);
	}),
	update: eachItem(async function (item) {
		const body = changes(this, item, 'updateFields');
		const { opportunity } = await call<Answer>(this, item, 'PUT', at(this, item), { body });
		return { json: opportunity };
	}),
	updateStatus: eachItem(async function (item) {
		const body = { status: chosen(this, 'status', item) };
		await call(this, item, 'PUT', `${at(this, item)}/status`, { body });
		return { json: { id: chosen(this, 'opportunityId', item), ...body } };
	}),
	delete: eachItem(async function (item) {
		const id = needed(this, 'opportunityId', 'Opportunity', item);
		await call(this, item, 'DELETE', at(this, item));
		return { json: { id, deleted: true } };
	}),
};
