import type { IDataObject, ILoadOptionsFunctions, INodeListSearchResult } from 'n8n-workflow';
import { asNodeError } from './errors';
import { hubProblemIn } from './hub-problem';
import { Refused } from './refusal';
import type { Service } from './service';
import { along, type Way } from './way';
import { signed } from './request';

/** `methods.listSearch.searchConnections`: the key's connections of this node's integration. */
export function searchConnections(service: Service) {
	return async function (
		this: ILoadOptionsFunctions,
		filter?: string,
		paginationToken?: string,
	): Promise<INodeListSearchResult> {
		const { baseUrl } = await this.getCredentials<{ baseUrl: string }>('integrationHubApi');
		const hubUrl = baseUrl.replace(/\/+$/, '');
		const way: Way = {
			authentication: 'apiKey',
			credential: 'integrationHubApi',
			baseUrl: hubUrl,
			headers: {},
			query: {},
			reconnectUrl: null,
			hubUrl,
			token: null,
		};
		try {
			const qs = {
				integrationId: service.id,
				limit: 100,
				...(filter ? { q: filter } : {}),
				...(paginationToken ? { cursor: paginationToken } : {}),
			};
			const answer = await signed(this, way, along(way, { url: '/api/connections', qs }));
			const problem = hubProblemIn(answer);
			if (problem) throw new Refused(problem);
			const { data, nextCursor } = answer.body as unknown as {
				data: IDataObject[];
				nextCursor: string | null;
			};
			return {
				results: data.map((one) => ({
					name: nameOf(one),
					value: String(one.id),
					url: `${hubUrl}/connections/${String(one.id)}`,
				})),
				...(nextCursor === null ? {} : { paginationToken: nextCursor }),
			};
		} catch (error) {
			throw asNodeError(this, service, 0, way, error);
		}
	};
}

function nameOf({ name, account, status }: IDataObject): string {
	const who = (account as IDataObject | null)?.name;
	const label = who && who !== name ? `${String(name)} (${String(who)})` : String(name);
	return status === 'connected' ? label : `${label} – ${String(status)}`;
}
