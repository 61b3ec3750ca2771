/** Tasks of a contact. https://marketplace.gohighlevel.com/docs/ghl/contacts/tasks */
import type { IDataObject, INodeProperties } from 'n8n-workflow';
import { eachItem, jsonItems, needed } from '../transport';
import { call, changes, given, timeOf } from './call';
import { collection, fromList, locator, operation, text } from './fields';

const show = (...operations: string[]) => ({ resource: ['task'], operation: operations });

const title = text('Title', 'title');
const due: INodeProperties = { displayName: 'Due Date', name: 'dueDate', type: 'dateTime', default: '' };
const more: INodeProperties[] = [
	fromList('Assigned To Name or ID', 'assignedTo', 'getUsers'),
	text('Body', 'body'),
	{
		displayName: 'Completed',
		name: 'completed',
		type: 'boolean',
		default: false,
		description: 'Whether it is done',
	},
];

export const taskProperties: INodeProperties[] = [
	operation(
		'task',
		[
			{ name: 'Complete', value: 'complete', action: 'Complete a task' },
			{ name: 'Create', value: 'create', action: 'Create a task' },
			{ name: 'Delete', value: 'delete', action: 'Delete a task' },
			{ name: 'Get', value: 'get', action: 'Get a task' },
			{ name: 'Get Many', value: 'getAll', action: 'Get many tasks' },
			{ name: 'Update', value: 'update', action: 'Update a task' },
		],
		'create',
	),
	locator('Contact', 'contactId', 'searchContacts', { resource: ['task'] }),
	{
		...text('Task ID', 'taskId'),
		required: true,
		displayOptions: { show: show('complete', 'delete', 'get', 'update') },
	},
	{ ...title, required: true, displayOptions: { show: show('create') } },
	{ ...due, required: true, displayOptions: { show: show('create') } },
	collection('Additional Fields', 'additionalFields', show('create'), more),
	collection('Update Fields', 'updateFields', show('update'), [due, title, ...more]),
];

type Run = Parameters<typeof given>[0];
type Answer = { task: IDataObject };

const list = (run: Run, item: number) =>
	`/contacts/${encodeURIComponent(needed(run, 'contactId', 'Contact', item))}/tasks`;
const one = (run: Run, item: number) =>
	`${list(run, item)}/${encodeURIComponent(needed(run, 'taskId', 'Task ID', item))}`;

export const taskOperations = {
	create: eachItem(async function (item) {
		const body = {
			title: needed(this, 'title', 'Title', item),
			dueDate: timeOf(this, item, 'Due Date', this.getNodeParameter('dueDate', item)),
			completed: false,
			...given(this, item, 'additionalFields'),
		};
		const { task } = await call<Answer>(this, item, 'POST', list(this, item), { body });
		return { json: task };
	}),
	get: eachItem(async function (item) {
		const { task } = await call<Answer>(this, item, 'GET', one(this, item));
		return { json: task };
	}),
	getAll: eachItem(async function (item) {
		const { tasks } = await call<{ tasks: IDataObject[] }>(this, item, 'GET', list(this, item));
		return jsonItems(tasks);
	}),
	update: eachItem(async function (item) {
		const { dueDate, ...fields } = changes(this, item, 'updateFields');
		const body = {
			...fields,
			...(dueDate === undefined ? {} : { dueDate: timeOf(this, item, 'Due Date', dueDate) }),
		};
		const { task } = await call<Answer>(this, item, 'PUT', one(this, item), { body });
		return { json: task };
	}),
	complete: eachItem(async function (item) {
		const { task } = await call<Answer>(this, item, 'PUT', `${one(this, item)}/completed`, {
			body: { completed: true },
		});
		return { json: task };
	}),
	delete: eachItem(async function (item) {
		const id = needed(this, 'taskId', 'Task ID', item);
		await call(this, item, 'DELETE', one(this, item));
		return { json: { id, deleted: true } };
	}),
};
