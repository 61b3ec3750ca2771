import type { IDataObject, ILoadOptionsFunctions, INodeListSearchResult } from 'n8n-workflow';
import { asNodeError } from './errors';
import { hubProblemIn } from './hub-problem';
import { Refused } from './refusal';
import type { Service } from './service';
import { along, hubWay } from './way';
import { signed } from './request';

/** `methods.listSearch.searchConnections`: the key's connections of this node's integration, or all of them. */
export function searchConnections(service: Service, integrationId: string | null = service.id) {
	return async function (
		this: ILoadOptionsFunctions,
		filter?: string,
		paginationToken?: string,
	): Promise<INodeListSearchResult> {
		const way = await hubWay(this, 0);
		try {
			const qs = {
				...(integrationId === null ? {} : { integrationId }),
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
					url: `${way.hubUrl}/connections/${String(one.id)}`,
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
