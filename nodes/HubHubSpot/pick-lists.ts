/** What the editor chooses from: the account's own records, properties, pipelines, owners, lists and labels. */
import type {
	IDataObject,
	ILoadOptionsFunctions,
	INodeListSearchResult,
	INodePropertyOptions,
} from 'n8n-workflow';
import { chosen } from '../transport';
import { call, list } from './call';
import { RECORDS } from './objects';

const SHOWN = 100;

/** Of the resource that is chosen. */
function objectTypeOf(caller: ILoadOptionsFunctions): string {
	const resource = chosen(caller, 'resource', 0);
	const type = RECORDS.find((one) => one.resource === resource);
	return encodeURIComponent(type?.objectType || chosen(caller, 'customObject', 0));
}

const byName = <T extends { name: string }>(options: T[]): T[] =>
	options.sort((a, b) => a.name.localeCompare(b.name));

type PropertyFacts = {
	name: string;
	label: string;
	hidden?: boolean;
	hasUniqueValue?: boolean;
	modificationMetadata?: { readOnlyValue?: boolean };
	options?: { label: string; value: string; hidden?: boolean }[];
};

async function propertiesOf(caller: ILoadOptionsFunctions): Promise<PropertyFacts[]> {
	const { results } = await call<{ results: PropertyFacts[] }>(
		caller,
		0,
		'GET',
		`/crm/v3/properties/${objectTypeOf(caller)}`,
	);
	return results.filter(({ hidden }) => hidden !== true);
}

const asOptions = (properties: PropertyFacts[]): INodePropertyOptions[] =>
	byName(properties.map(({ name, label }) => ({ name: label, value: name, description: name })));

const choices = (property: string) =>
	async function (this: ILoadOptionsFunctions): Promise<INodePropertyOptions[]> {
		const { options = [] } = await call<PropertyFacts>(
			this,
			0,
			'GET',
			`/crm/v3/properties/${objectTypeOf(this)}/${property}`,
		);
		return options
			.filter(({ hidden }) => hidden !== true)
			.map(({ label, value }) => ({ name: label, value }));
	};

const ACCOUNTS_OWN = RECORDS.flatMap(({ properties }) => properties)
	.filter(({ kind, values }) => kind === 'choice' && values === undefined)
	.map(({ name }) => name);

type Pipeline = { id: string; label: string; stages: { id: string; label: string }[] };
const pipelines = async (caller: ILoadOptionsFunctions) =>
	(await call<{ results: Pipeline[] }>(caller, 0, 'GET', `/crm/v3/pipelines/${objectTypeOf(caller)}`))
		.results;

export const loadOptions = {
	async getProperties(this: ILoadOptionsFunctions): Promise<INodePropertyOptions[]> {
		return asOptions(await propertiesOf(this));
	},
	async getWritableProperties(this: ILoadOptionsFunctions): Promise<INodePropertyOptions[]> {
		const all = await propertiesOf(this);
		return asOptions(all.filter(({ modificationMetadata }) => modificationMetadata?.readOnlyValue !== true));
	},
	async getUniqueProperties(this: ILoadOptionsFunctions): Promise<INodePropertyOptions[]> {
		const all = await propertiesOf(this);
		const isContact = objectTypeOf(this) === 'contacts';
		return asOptions(
			all.filter(({ name, hasUniqueValue }) => hasUniqueValue === true || (isContact && name === 'email')),
		);
	},
	async getPipelines(this: ILoadOptionsFunctions): Promise<INodePropertyOptions[]> {
		return (await pipelines(this)).map(({ id, label }) => ({ name: label, value: id }));
	},
	async getStages(this: ILoadOptionsFunctions): Promise<INodePropertyOptions[]> {
		const all = await pipelines(this);
		return all.flatMap(({ label: pipeline, stages }) =>
			stages.map(({ id, label }) => ({
				name: all.length > 1 ? `${pipeline}: ${label}` : label,
				value: id,
			})),
		);
	},
	async getOwners(this: ILoadOptionsFunctions): Promise<INodePropertyOptions[]> {
		const owners = await list(this, 0, '/crm/v3/owners', {}, Infinity, 500);
		return byName(
			owners.map(({ id, firstName, lastName, email }) => ({
				name: [firstName, lastName].filter(Boolean).join(' ') || String(email),
				value: String(id),
				description: String(email ?? ''),
			})),
		);
	},
	async getLabels(this: ILoadOptionsFunctions): Promise<INodePropertyOptions[]> {
		const type = (name: string) => {
			const value = chosen(this, name, 0);
			return encodeURIComponent(value === 'other' ? chosen(this, `${name}Other`, 0) : value);
		};
		const { results } = await call<{ results: IDataObject[] }>(
			this,
			0,
			'GET',
			`/crm/v4/associations/${type('from')}/${type('to')}/labels`,
		);
		return results
			.filter(({ label }) => label)
			.map(({ label, category, typeId }) => ({
				name: String(label),
				value: `${String(category)}/${String(typeId)}`,
			}));
	},
	...Object.fromEntries(ACCOUNTS_OWN.map((name) => [`get_${name}`, choices(name)])),
};

/** What a record of a type is called by. */
const NAMES: { [objectType: string]: string[] } = {
	companies: ['name', 'domain'],
	contacts: ['firstname', 'lastname', 'email'],
	deals: ['dealname'],
	tickets: ['subject'],
};

export const listSearch = {
	async searchRecords(
		this: ILoadOptionsFunctions,
		filter?: string,
		paginationToken?: unknown,
	): Promise<INodeListSearchResult> {
		const objectType = objectTypeOf(this);
		const names = NAMES[objectType] ?? ['name', 'hs_object_id'];
		const { results, paging } = await call<{
			results: { id: string; properties: { [name: string]: string | null } }[];
			paging?: { next?: { after?: string } };
		}>(this, 0, 'POST', `/crm/v3/objects/${objectType}/search`, {
			body: {
				...(filter ? { query: filter } : {}),
				properties: names,
				limit: SHOWN,
				...(paginationToken ? { after: paginationToken as string } : {}),
			},
		});
		return {
			results: results.map(({ id, properties }) => ({
				name: nameOf(names.map((name) => properties[name])) || id,
				value: id,
			})),
			...(paging?.next?.after ? { paginationToken: paging.next.after } : {}),
		};
	},

	async searchObjectTypes(this: ILoadOptionsFunctions, filter = ''): Promise<INodeListSearchResult> {
		const { results } = await call<{
			results: { name: string; objectTypeId: string; labels?: { plural?: string } }[];
		}>(this, 0, 'GET', '/crm-object-schemas/v3/schemas');
		const all = results.map(({ name, objectTypeId, labels }) => ({
			name: labels?.plural ?? name,
			value: objectTypeId,
		}));
		return { results: byName(all.filter(({ name }) => name.toLowerCase().includes(filter.toLowerCase()))) };
	},

	async searchLists(
		this: ILoadOptionsFunctions,
		filter = '',
		paginationToken?: unknown,
	): Promise<INodeListSearchResult> {
		const { lists, hasMore, offset } = await call<{
			lists: { listId: string; name: string }[];
			hasMore?: boolean;
			offset?: number;
		}>(this, 0, 'POST', '/crm/v3/lists/search', {
			body: {
				query: filter,
				processingTypes: ['MANUAL', 'SNAPSHOT'],
				count: SHOWN,
				offset: Number(paginationToken ?? 0),
			},
		});
		return {
			results: lists.map(({ listId, name }) => ({ name, value: listId })),
			...(hasMore ? { paginationToken: String(offset) } : {}),
		};
	},
};

/** “Ada Lovelace (ada@example.com)” */
function nameOf(parts: (string | null | undefined)[]): string {
	const [last = '', ...before] = parts.filter((part): part is string => Boolean(part)).reverse();
	return before.length === 0 || !/[@.]/.test(last)
		? [...before.reverse(), last].join(' ')
		: `${before.reverse().join(' ')} (${last})`;
}
