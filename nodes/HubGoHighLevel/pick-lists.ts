/** What the editor chooses from: the sub-account's own contacts, pipelines, users, calendars and fields. */
import type {
	IDataObject,
	ILoadOptionsFunctions,
	INodeListSearchResult,
	INodePropertyOptions,
} from 'n8n-workflow';
import { call, locationOf } from './call';

type Named = { id: string; name: string };

const options = (list: Named[]): INodePropertyOptions[] =>
	list.map(({ id, name }) => ({ name, value: id })).sort((a, b) => a.name.localeCompare(b.name));

type Pipeline = Named & { stages: Named[] };
async function pipelines(caller: ILoadOptionsFunctions): Promise<Pipeline[]> {
	const qs = { locationId: await locationOf(caller, 0) };
	return (await call<{ pipelines: Pipeline[] }>(caller, 0, 'GET', '/opportunities/pipelines', { qs }))
		.pipelines;
}

const fields = (model: 'contact' | 'opportunity') =>
	async function (this: ILoadOptionsFunctions): Promise<INodePropertyOptions[]> {
		const location = encodeURIComponent(await locationOf(this, 0));
		const { customFields } = await call<{ customFields: Named[] }>(
			this,
			0,
			'GET',
			`/locations/${location}/customFields`,
			{ qs: { model } },
		);
		return options(customFields);
	};

export const loadOptions = {
	getContactFields: fields('contact'),
	getOpportunityFields: fields('opportunity'),
	async getPipelines(this: ILoadOptionsFunctions): Promise<INodePropertyOptions[]> {
		return options(await pipelines(this));
	},
	async getStages(this: ILoadOptionsFunctions): Promise<INodePropertyOptions[]> {
		const all = await pipelines(this);
		return all.flatMap(({ name: pipeline, stages }) =>
			stages.map(({ id, name }) => ({ name: all.length > 1 ? `${pipeline}: ${name}` : name, value: id })),
		);
	},
	async getUsers(this: ILoadOptionsFunctions): Promise<INodePropertyOptions[]> {
		const qs = { locationId: await locationOf(this, 0) };
		const { users } = await call<{ users: (Named & { email?: string })[] }>(this, 0, 'GET', '/users/', {
			qs,
		});
		return options(users.map(({ id, name, email }) => ({ id, name: name || email || id })));
	},
};

const SHOWN = 100;

export const listSearch = {
	async searchCalendars(this: ILoadOptionsFunctions, filter = ''): Promise<INodeListSearchResult> {
		const qs = { locationId: await locationOf(this, 0) };
		const { calendars } = await call<{ calendars: Named[] }>(this, 0, 'GET', '/calendars/', { qs });
		const found = calendars.filter(({ name }) => name.toLowerCase().includes(filter.toLowerCase()));
		return { results: found.map(({ id, name }) => ({ name, value: id })) };
	},

	async searchContacts(this: ILoadOptionsFunctions, filter?: string): Promise<INodeListSearchResult> {
		const { contacts } = await call<{ contacts: IDataObject[] }>(this, 0, 'POST', '/contacts/search', {
			body: {
				locationId: await locationOf(this, 0),
				pageLimit: SHOWN,
				...(filter ? { query: filter } : {}),
			},
		});
		return {
			results: contacts.map(({ id, contactName, firstName, lastName, email, phone }) => {
				const name = String(contactName ?? '') || [firstName, lastName].filter(Boolean).join(' ');
				const reach = String(email ?? phone ?? '');
				return {
					name: (name && reach ? `${name} (${reach})` : name || reach) || String(id),
					value: String(id),
				};
			}),
		};
	},

	async searchOpportunities(this: ILoadOptionsFunctions, filter?: string): Promise<INodeListSearchResult> {
		const { opportunities } = await call<{ opportunities: Named[] }>(
			this,
			0,
			'GET',
			'/opportunities/search',
			{
				qs: { location_id: await locationOf(this, 0), limit: SHOWN, ...(filter ? { q: filter } : {}) },
			},
		);
		return { results: opportunities.map(({ id, name }) => ({ name, value: id })) };
	},
};
