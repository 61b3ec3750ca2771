import {
	NodeConnectionTypes,
	type IDataObject,
	type IHookFunctions,
	type ILoadOptionsFunctions,
	type INodePropertyOptions,
	type INodeType,
	type INodeTypeDescription,
	type IWebhookFunctions,
	type IWebhookResponseData,
} from 'n8n-workflow';
import { allPages, hub, hubPages } from '../transport';
import { isGenuine } from './signature';
import { isSubscribed, subscribe, unsubscribe, type Subscription } from './subscription';

const EVENTS: [value: string, name: string, description: string][] = [
	['*', 'All', 'Everything that happens to connections'],
	['connection.config_changed', 'Configuration Changed', 'The configuration of a connection was changed'],
	['connection.connected', 'Connected', 'Access was allowed and the provider accepts the credentials'],
	['connection.created', 'Created', 'A connection was made and waits for its user'],
	['connection.credentials_rotated', 'Credentials Rotated', 'Credentials were sealed with a newer key'],
	['connection.disconnected', 'Disconnected', 'A user ended the connection'],
	['connection.error', 'Error', 'The provider no longer accepts the connection'],
	['connection.health_changed', 'Health Changed', 'A health check had another outcome than the one before'],
	[
		'connection.reauthorization_required',
		'Reauthorization Required',
		'Only its user can mend the connection',
	],
	['connection.reconnecting', 'Reconnecting', 'The hub tries to mend the connection'],
	['connection.recovered', 'Recovered', 'A connection in trouble works again'],
	['connection.refreshed', 'Refreshed', 'The access token was renewed'],
];

// The hub delivers at least once; repeats come within minutes, or by a replay that somebody asked for.
const REMEMBERED = 100;

export class IntegrationHubTrigger implements INodeType {
	description: INodeTypeDescription = {
		displayName: 'Integration Hub Trigger',
		name: 'integrationHubTrigger',
		icon: { light: 'file:integration-hub.svg', dark: 'file:integration-hub.dark.svg' },
		group: ['trigger'],
		version: 1,
		subtitle: '={{ $parameter.events.join(", ") }}',
		description: 'Starts the workflow when something happens to a connection of the Integration Hub',
		defaults: { name: 'Integration Hub Trigger' },
		inputs: [],
		outputs: [NodeConnectionTypes.Main],
		credentials: [{ name: 'integrationHubApi', required: true }],
		webhooks: [{ name: 'default', httpMethod: 'POST', responseMode: 'onReceived', path: 'webhook' }],
		properties: [
			{
				displayName: 'Events',
				name: 'events',
				type: 'multiOptions',
				required: true,
				options: EVENTS.map(([value, name, description]) => ({ value, name, description })),
				default: ['connection.error', 'connection.reauthorization_required', 'connection.recovered'],
			},
			{
				displayName: 'Filters',
				name: 'filters',
				type: 'collection',
				placeholder: 'Add Filter',
				default: {},
				options: [
					{
						displayName: 'Connection Names or IDs',
						name: 'connectionIds',
						type: 'multiOptions',
						typeOptions: { loadOptionsMethod: 'getConnections' },
						default: [],
						description:
							'Only these. Choose from the list, or specify IDs using an <a href="https://docs.n8n.io/code/expressions/">expression</a>.',
					},
					{
						displayName: 'Integration Names or IDs',
						name: 'integrationIds',
						type: 'multiOptions',
						typeOptions: { loadOptionsMethod: 'getIntegrations' },
						default: [],
						description:
							'Only connections of these. Choose from the list, or specify IDs using an <a href="https://docs.n8n.io/code/expressions/">expression</a>.',
					},
				],
			},
		],
	};

	methods = {
		loadOptions: {
			async getConnections(this: ILoadOptionsFunctions): Promise<INodePropertyOptions[]> {
				return await optionsOf(this, '/api/connections');
			},
			async getIntegrations(this: ILoadOptionsFunctions): Promise<INodePropertyOptions[]> {
				return await optionsOf(this, '/api/integrations');
			},
		},
	};

	webhookMethods = {
		default: {
			async checkExists(this: IHookFunctions): Promise<boolean> {
				return await isSubscribed(this);
			},
			async create(this: IHookFunctions): Promise<boolean> {
				await subscribe(this);
				return true;
			},
			async delete(this: IHookFunctions): Promise<boolean> {
				await unsubscribe(this);
				return true;
			},
		},
	};

	async webhook(this: IWebhookFunctions): Promise<IWebhookResponseData> {
		const subscription = this.getWorkflowStaticData('node') as Subscription;
		const { rawBody } = this.getRequestObject();
		const headers = this.getHeaderData() as IDataObject;
		if (!subscription.secret || !rawBody || !isGenuine(subscription.secret, headers, rawBody)) {
			this.getResponseObject().status(401).json({ error: 'the signature is not the hub’s' });
			return { noWebhookResponse: true };
		}
		const id = String(headers['webhook-id']);
		const seen = subscription.seen ?? [];
		if (seen.includes(id)) return { webhookResponse: { received: true, repeated: true } };
		subscription.seen = [...seen, id].slice(-REMEMBERED);
		return {
			webhookResponse: { received: true },
			workflowData: [this.helpers.returnJsonArray(this.getBodyData())],
		};
	}
}

async function optionsOf(caller: ILoadOptionsFunctions, url: string): Promise<INodePropertyOptions[]> {
	const found = await allPages(caller, hub, 0, { url }, hubPages);
	return found.map(({ id, name }) => ({ name: String(name), value: String(id) }));
}
