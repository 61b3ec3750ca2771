/** https://marketplace.gohighlevel.com/docs/ghl/contacts/contacts */
import type { IDataObject, INodeProperties } from 'n8n-workflow';
import { eachItem, jsonItems, needed, returnAllOrLimit } from '../transport';
import { call, changes, given, listIn, locationOf, paged } from './call';
import { collection, customFields, fromList, locator, operation, text } from './fields';

const show = (...operations: string[]) => ({ resource: ['contact'], operation: operations });
const ONE = ['addNote', 'addTags', 'addToWorkflow', 'delete', 'deleteNote', 'get', 'getNotes'];
const OTHERS = ['removeFromWorkflow', 'removeTags', 'update'];

const email: INodeProperties = {
	displayName: 'Email',
	name: 'email',
	type: 'string',
	placeholder: 'name@email.com',
	default: '',
};
const phone = text('Phone', 'phone', 'With its country code, such as +1 555 0100');

const fields: INodeProperties[] = [
	text('Address', 'address1'),
	fromList('Assigned To Name or ID', 'assignedTo', 'getUsers'),
	text('City', 'city'),
	text('Company Name', 'companyName'),
	text('Country', 'country', 'Two letters, such as US'),
	customFields('getContactFields'),
	{
		displayName: 'Do Not Disturb',
		name: 'dnd',
		type: 'boolean',
		default: false,
		description: 'Whether the contact is to be left alone on every channel',
	},
	text('First Name', 'firstName'),
	text('Gender', 'gender'),
	text('Last Name', 'lastName'),
	text('Name', 'name'),
	text('Postal Code', 'postalCode'),
	text('Source', 'source'),
	text('State', 'state'),
	text('Tags', 'tags', 'Separated by commas'),
	text('Timezone', 'timezone', 'Such as America/New_York'),
	text('Website', 'website'),
];

const FILTERS: { [name: string]: string } = {
	Contains: 'contains',
	Equals: 'eq',
	Exists: 'exists',
	'Not Contains': 'not_contains',
	'Not Equal': 'not_eq',
	'Not Exists': 'not_exists',
};

export const contactProperties: INodeProperties[] = [
	operation(
		'contact',
		[
			{ name: 'Add Note', value: 'addNote', action: 'Add a note to a contact' },
			{ name: 'Add Tags', value: 'addTags', action: 'Add tags to a contact' },
			{ name: 'Add to Workflow', value: 'addToWorkflow', action: 'Add a contact to a workflow' },
			{ name: 'Create', value: 'create', action: 'Create a contact' },
			{
				name: 'Create or Update',
				value: 'upsert',
				action: 'Create or update a contact',
				description: 'Create a new record, or update the current one if it already exists (upsert)',
			},
			{ name: 'Delete', value: 'delete', action: 'Delete a contact' },
			{ name: 'Delete Note', value: 'deleteNote', action: 'Delete a note of a contact' },
			{ name: 'Get', value: 'get', action: 'Get a contact' },
			{ name: 'Get Many', value: 'getAll', action: 'Get many contacts' },
			{ name: 'Get Many Notes', value: 'getNotes', action: 'Get many notes of a contact' },
			{
				name: 'Remove From Workflow',
				value: 'removeFromWorkflow',
				action: 'Remove a contact from a workflow',
			},
			{ name: 'Remove Tags', value: 'removeTags', action: 'Remove tags from a contact' },
			{ name: 'Update', value: 'update', action: 'Update a contact' },
		],
		'create',
	),
	locator('Contact', 'contactId', 'searchContacts', show(...ONE, ...OTHERS)),
	{ ...email, displayOptions: { show: show('create', 'upsert') } },
	{ ...phone, displayOptions: { show: show('create', 'upsert') } },
	collection('Additional Fields', 'additionalFields', show('create', 'upsert'), fields),
	collection('Update Fields', 'updateFields', show('update'), [email, phone, ...fields]),
	{
		...text('Tags', 'tags', 'Separated by commas'),
		required: true,
		displayOptions: { show: show('addTags', 'removeTags') },
	},
	{
		displayName: 'Text',
		name: 'body',
		type: 'string',
		typeOptions: { rows: 4 },
		default: '',
		required: true,
		displayOptions: { show: show('addNote') },
	},
	{ ...text('Note ID', 'noteId'), required: true, displayOptions: { show: show('deleteNote') } },
	{
		...text('Workflow ID', 'workflowId', 'From the address of the workflow in HighLevel'),
		required: true,
		displayOptions: { show: show('addToWorkflow', 'removeFromWorkflow') },
	},
	...returnAllOrLimit(show('getAll')),
	{
		...text('Search', 'query', 'Names, e-mail addresses and phone numbers that have these characters'),
		displayOptions: { show: show('getAll') },
	},
	{
		displayName: 'Conditions',
		name: 'filters',
		type: 'fixedCollection',
		typeOptions: { multipleValues: true },
		placeholder: 'Add Condition',
		default: {},
		description: 'All of them must be true',
		displayOptions: { show: show('getAll') },
		options: [
			{
				displayName: 'Condition',
				name: 'filter',
				values: [
					text('Field', 'field', 'Such as tags, email, city, source, dateAdded or customFields.ID'),
					{
						displayName: 'Operator',
						name: 'operator',
						type: 'options',
						options: Object.entries(FILTERS).map(([name, value]) => ({ name, value })),
						default: 'eq',
					},
					text('Value', 'value'),
				],
			},
		],
	},
];

const MOST = 500;
type Filter = { field: string; operator: string; value?: string };

export const contactOperations = {
	create: eachItem(async function (item) {
		const body = await written(this, item);
		const { contact } = await call<{ contact: IDataObject }>(this, item, 'POST', '/contacts/', { body });
		return { json: contact };
	}),
	upsert: eachItem(async function (item) {
		const body = await written(this, item);
		const { contact, new: isNew } = await call<{ contact: IDataObject; new?: boolean }>(
			this,
			item,
			'POST',
			'/contacts/upsert',
			{ body },
		);
		return { json: { ...contact, new: isNew } };
	}),
	get: eachItem(async function (item) {
		const { contact } = await call<{ contact: IDataObject }>(this, item, 'GET', at(this, item));
		return { json: contact };
	}),
	getAll: eachItem(async function (item) {
		const locationId = await locationOf(this, item);
		const query = (this.getNodeParameter('query', item, '') as string).trim();
		const filters = (this.getNodeParameter('filters.filter', item, []) as Filter[]).map(
			({ field, operator, value }) =>
				operator.endsWith('exists') ? { field, operator } : { field, operator, value },
		);
		const body = {
			locationId,
			...(query ? { query } : {}),
			...(filters.length > 0 ? { filters } : {}),
		};
		const found = await paged(
			this,
			item,
			{ method: 'POST', url: '/contacts/search', body },
			{ items: 'contacts', size: { in: 'body', name: 'pageLimit', most: MOST } },
			({ items }) => {
				const searchAfter = items.at(-1)?.searchAfter;
				return searchAfter ? { searchAfter } : null;
			},
		);
		// Where the next page begins is nothing of the contact's.
		for (const contact of found) delete contact.searchAfter;
		return jsonItems(found);
	}),
	update: eachItem(async function (item) {
		const body = changes(this, item, 'updateFields');
		const { contact } = await call<{ contact: IDataObject }>(this, item, 'PUT', at(this, item), { body });
		return { json: contact };
	}),
	delete: eachItem(async function (item) {
		const id = needed(this, 'contactId', 'Contact', item);
		await call(this, item, 'DELETE', at(this, item));
		return { json: { id, deleted: true } };
	}),
	addTags: eachItem(async function (item) {
		return { json: await call(this, item, 'POST', `${at(this, item)}/tags`, { body: tags(this, item) }) };
	}),
	removeTags: eachItem(async function (item) {
		return { json: await call(this, item, 'DELETE', `${at(this, item)}/tags`, { body: tags(this, item) }) };
	}),
	addNote: eachItem(async function (item) {
		const body = { body: needed(this, 'body', 'Text', item) };
		const { note } = await call<{ note: IDataObject }>(this, item, 'POST', `${at(this, item)}/notes`, {
			body,
		});
		return { json: note };
	}),
	getNotes: eachItem(async function (item) {
		const { notes } = await call<{ notes: IDataObject[] }>(this, item, 'GET', `${at(this, item)}/notes`);
		return jsonItems(notes);
	}),
	deleteNote: eachItem(async function (item) {
		const id = needed(this, 'noteId', 'Note ID', item);
		await call(this, item, 'DELETE', `${at(this, item)}/notes/${encodeURIComponent(id)}`);
		return { json: { id, deleted: true } };
	}),
	addToWorkflow: eachItem(async function (item) {
		await call(this, item, 'POST', workflow(this, item));
		return { json: { added: true } };
	}),
	removeFromWorkflow: eachItem(async function (item) {
		await call(this, item, 'DELETE', workflow(this, item));
		return { json: { removed: true } };
	}),
};

type Run = Parameters<typeof given>[0];

const at = (run: Run, item: number) =>
	`/contacts/${encodeURIComponent(needed(run, 'contactId', 'Contact', item))}`;
const workflow = (run: Run, item: number) =>
	`${at(run, item)}/workflow/${encodeURIComponent(needed(run, 'workflowId', 'Workflow ID', item))}`;
const tags = (run: Run, item: number) => ({ tags: listIn(needed(run, 'tags', 'Tags', item)) });

/** What is empty is left out: HighLevel would take it for a value. */
async function written(run: Run, item: number): Promise<IDataObject> {
	const [address, number] = ['email', 'phone'].map((name) =>
		String(run.getNodeParameter(name, item, '')).trim(),
	);
	return {
		locationId: await locationOf(run, item),
		...(address ? { email: address } : {}),
		...(number ? { phone: number } : {}),
		...given(run, item, 'additionalFields'),
	};
}
