import type { IDataObject } from 'n8n-workflow';
import type { Pages } from './routing';
import type { Service } from './service';
import { hubWay } from './way';

/** The hub's own API (its /openapi.json). */
export const hub: Service = {
	id: 'integration-hub',
	name: 'Integration Hub',
	credential: 'integrationHubApi',
	apiBaseUrl: '',
	way: hubWay,
};

/** Every list of the hub: `{data, nextCursor}`. */
export const hubPages: Pages = {
	items: 'data',
	size: { in: 'qs', name: 'limit', most: 200 },
	next: ({ body }) => (body.nextCursor ? { qs: { cursor: (body as IDataObject).nextCursor } } : null),
};
