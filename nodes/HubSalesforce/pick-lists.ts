/** What the editor offers to choose from: the org’s own records, objects, fields and values. */
import type {
	IDataObject,
	ILoadOptionsFunctions,
	INodeListSearchResult,
	INodePropertyOptions,
} from 'n8n-workflow';
import { base, call, parameter, query } from './call';
import { describe, type DescribedField } from './describe';
import { picklistMethod } from './fields';
import { idOf } from './ids';
import { OBJECTS } from './objects';
import { containing, objectName, quoted } from './soql';

type Search = (
	this: ILoadOptionsFunctions,
	filter?: string,
	paginationToken?: string,
) => Promise<INodeListSearchResult>;
type Load = (this: ILoadOptionsFunctions) => Promise<INodePropertyOptions[]>;

/** The object whose records the node is set to work on. */
function currentObject(caller: ILoadOptionsFunctions): string {
	const resource = parameter(caller, 'resource', 0);
	const type = OBJECTS.find((one) => one.resource === resource);
	if (type?.isAny) return objectName(caller, 0, parameter(caller, 'customObject', 0));
	return type?.object ?? 'ContentDocument';
}

// Objects whose records have no `Name`.
const NAMES: { [object: string]: readonly string[] } = {
	Case: ['CaseNumber', 'Subject'],
	ContentDocument: ['Title'],
	Task: ['Subject'],
};

async function namesOf(caller: ILoadOptionsFunctions, object: string): Promise<readonly string[]> {
	const known = NAMES[object];
	if (known !== undefined) return known;
	if (OBJECTS.some((type) => type.object === object) || object === 'Campaign') return ['Name'];
	const { fields } = await describe(caller, 0, object);
	return [fields.find(({ nameField }) => nameField)?.name ?? 'Id'];
}

async function recordsOf(
	caller: ILoadOptionsFunctions,
	object: string,
	filter = '',
	paginationToken?: string,
	prefix = '',
): Promise<INodeListSearchResult> {
	const names = await namesOf(caller, object);
	const where = filter
		? ` WHERE ${names.map((name) => `${name} LIKE ${containing(filter)}`).join(' OR ')}`
		: '';
	const fields = names.includes('Id') ? names : ['Id', ...names];
	const soql = `SELECT ${fields.join(', ')} FROM ${object}${where} ORDER BY ${names[0]}`;
	// As few as Salesforce gives at once; the list asks for more as it is scrolled.
	const page = await (paginationToken
		? call(caller, 0, paginationToken.slice(base(caller, 0).length))
		: call(caller, 0, '/query', { qs: { q: soql }, headers: { 'sforce-query-options': 'batchSize=200' } }));
	return {
		results: ((page.records ?? []) as IDataObject[]).map((record) => ({
			name:
				prefix +
				(names
					.map((name) => record[name])
					.filter(Boolean)
					.join(' – ') || String(record.Id)),
			value: String(record.Id),
		})),
		...(page.nextRecordsUrl ? { paginationToken: String(page.nextRecordsUrl) } : {}),
	};
}

const recordsNamed = (object: string): Search =>
	async function (filter, paginationToken) {
		return await recordsOf(this, object, filter, paginationToken);
	};

/** Users, and before them the queues that may own such a record. */
const ownersOf = (object: string): Search =>
	async function (filter = '', paginationToken) {
		const users = await recordsOf(this, 'User', filter, paginationToken, 'User: ');
		if (paginationToken) return users;
		const soql = `SELECT Queue.Id, Queue.Name FROM QueueSobject WHERE SobjectType = ${quoted(object)}`;
		const queues = (await query(this, 0, soql)).flatMap(({ Queue: queue }) => {
			const { Id: value, Name: name } = (queue ?? {}) as { Id: string; Name: string };
			return matches(name, filter) ? [{ name: `Queue: ${name}`, value }] : [];
		});
		return { ...users, results: [...byName(queues), ...users.results] };
	};

const matches = (text: string, filter: string) => text.toLowerCase().includes(filter.toLowerCase());
const byName = <T extends { name: string }>(list: T[]): T[] =>
	list.sort((one, other) => one.name.localeCompare(other.name));

export const listSearch = {
	async searchRecords(this: ILoadOptionsFunctions, filter = '', paginationToken?: string) {
		return await recordsOf(this, currentObject(this), filter, paginationToken);
	},
	searchAccounts: recordsNamed('Account'),
	searchCampaigns: recordsNamed('Campaign'),
	searchCases: recordsNamed('Case'),
	searchContacts: recordsNamed('Contact'),
	searchUsers: recordsNamed('User'),
	searchCaseOwners: ownersOf('Case'),
	searchLeadOwners: ownersOf('Lead'),

	async searchObjects(this: ILoadOptionsFunctions, filter = ''): Promise<INodeListSearchResult> {
		type Listed = { name: string; label: string; queryable?: boolean };
		const { sobjects } = await call<{ sobjects: Listed[] }>(this, 0, '/sobjects');
		const results = sobjects
			.filter(({ queryable }) => queryable !== false)
			.map(({ name, label }) => ({ name: `${label} (${name})`, value: name }))
			.filter(({ name }) => matches(name, filter));
		return { results: byName(results) };
	},

	async searchFlows(this: ILoadOptionsFunctions, filter = ''): Promise<INodeListSearchResult> {
		type Listed = { name: string; label: string };
		const { actions = [] } = await call<{ actions?: Listed[] }>(this, 0, '/actions/custom/flow');
		const results = actions
			.map(({ name, label }) => ({ name: label || name, value: name }))
			.filter(({ name, value }) => matches(`${name} ${value}`, filter));
		return { results: byName(results) };
	},
};

const asOptions = (fields: readonly DescribedField[]): INodePropertyOptions[] =>
	byName(fields.map(({ label, name }) => ({ name: label, value: name, description: name })));

/** The values that a picklist has in this org. */
const valuesOf = (object: string, field: string): Load =>
	async function () {
		const { fields } = await describe(this, 0, object);
		const found = fields.find(({ name }) => name === field)?.picklistValues ?? [];
		return found.filter(({ active }) => active).map(({ label, value }) => ({ name: label, value }));
	};

const picklists = Object.fromEntries(
	OBJECTS.flatMap(({ object, required, fields }) =>
		[...required, ...fields]
			.filter(({ kind }) => kind === 'picklist')
			.map((field) => [picklistMethod(object, field), valuesOf(object, field.name)]),
	),
) as { [method: string]: Load };

export const loadOptions = {
	...picklists,

	async getFields(this: ILoadOptionsFunctions): Promise<INodePropertyOptions[]> {
		return asOptions((await describe(this, 0, currentObject(this))).fields);
	},

	/** Of a standard object its custom fields, for it has parameters for the others; else all that can be written. */
	async getCustomFields(this: ILoadOptionsFunctions): Promise<INodePropertyOptions[]> {
		const isAny = parameter(this, 'resource', 0) === 'customObject';
		const { fields } = await describe(this, 0, currentObject(this));
		return asOptions(
			fields.filter(({ custom, createable, updateable }) => (isAny ? createable || updateable : custom)),
		);
	},

	async getExternalIdFields(this: ILoadOptionsFunctions): Promise<INodePropertyOptions[]> {
		const { fields } = await describe(this, 0, currentObject(this));
		return asOptions(fields.filter(({ externalId, idLookup }) => externalId || idLookup));
	},

	async getRecordTypes(this: ILoadOptionsFunctions): Promise<INodePropertyOptions[]> {
		const object = quoted(currentObject(this));
		const soql = `SELECT Id, Name FROM RecordType WHERE SobjectType = ${object} AND IsActive = true ORDER BY Name`;
		return (await query(this, 0, soql)).map(({ Id, Name }) => ({ name: String(Name), value: String(Id) }));
	},

	async getCampaignMemberStatuses(this: ILoadOptionsFunctions): Promise<INodePropertyOptions[]> {
		const campaign = quoted(idOf(parameter(this, 'campaignId', 0)));
		const soql = `SELECT Label FROM CampaignMemberStatus WHERE CampaignId = ${campaign} ORDER BY SortOrder`;
		return (await query(this, 0, soql)).map(({ Label }) => ({ name: String(Label), value: String(Label) }));
	},

	async getFlowInputs(this: ILoadOptionsFunctions): Promise<INodePropertyOptions[]> {
		type Input = { name: string; label?: string; required?: boolean };
		const flow = objectName(this, 0, parameter(this, 'apiName', 0));
		const { inputs = [] } = await call<{ inputs?: Input[] }>(this, 0, `/actions/custom/flow/${flow}`);
		return inputs.map(({ name, label, required }) => ({
			name: `${label || name}${required ? ' (required)' : ''}`,
			value: name,
		}));
	},
};
