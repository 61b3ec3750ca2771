import type { IDataObject, IHookFunctions, IHttpRequestMethods, IN8nHttpFullResponse } from 'n8n-workflow';
import { NodeApiError, NodeOperationError } from 'n8n-workflow';

/** What the workflow remembers of its webhook at the hub. */
export type Subscription = IDataObject & {
	webhookId?: string;
	secret?: string;
	/** Ids of the latest deliveries: the hub delivers at least once. */
	seen?: string[];
};

/** Whether the hub still tells this address of what the parameters name. */
export async function isSubscribed(hook: IHookFunctions): Promise<boolean> {
	const { webhookId, secret } = subscriptionOf(hook);
	if (!webhookId || !secret) return false;
	const { statusCode, body } = await call(hook, 'GET', `/api/webhooks/${webhookId}`, undefined, [404]);
	if (statusCode === 404) return false;
	const { url, enabled } = body as unknown as IDataObject;
	return url === hook.getNodeWebhookUrl('default') && enabled !== false;
}

export async function subscribe(hook: IHookFunctions): Promise<void> {
	const filters = hook.getNodeParameter('filters', {}) as {
		integrationIds?: string[];
		connectionIds?: string[];
	};
	const events = hook.getNodeParameter('events', ['*']) as string[];
	if (events.length === 0)
		throw new NodeOperationError(hook.getNode(), 'Choose at least one event to be told of');
	const { name = '' } = hook.getWorkflow();
	const { body } = await call(hook, 'POST', '/api/webhooks', {
		url: hook.getNodeWebhookUrl('default'),
		events: events.includes('*') ? ['*'] : events,
		name: `n8n: ${name}`.slice(0, 200),
		...(filters.integrationIds?.length ? { integrationIds: filters.integrationIds } : {}),
		...(filters.connectionIds?.length ? { connectionIds: filters.connectionIds } : {}),
	});
	const { id, secret } = body as unknown as { id: string; secret: string };
	Object.assign(subscriptionOf(hook), { webhookId: id, secret, seen: [] });
}

export async function unsubscribe(hook: IHookFunctions): Promise<void> {
	const subscription = subscriptionOf(hook);
	if (subscription.webhookId)
		await call(hook, 'DELETE', `/api/webhooks/${subscription.webhookId}`, undefined, [404]);
	delete subscription.webhookId;
	delete subscription.secret;
	delete subscription.seen;
}

const subscriptionOf = (hook: IHookFunctions) => hook.getWorkflowStaticData('node') as Subscription;

async function call(
	hook: IHookFunctions,
	method: IHttpRequestMethods,
	url: string,
	body?: IDataObject,
	fine: number[] = [],
): Promise<IN8nHttpFullResponse> {
	const { baseUrl } = await hook.getCredentials<{ baseUrl: string }>('integrationHubApi');
	const answer = (await hook.helpers.httpRequestWithAuthentication.call(hook, 'integrationHubApi', {
		method,
		baseURL: baseUrl.replace(/(?<!\/)\/+$/, ''),
		url,
		...(body === undefined ? {} : { body }),
		returnFullResponse: true,
		ignoreHttpStatusErrors: true,
	})) as IN8nHttpFullResponse;
	if (answer.statusCode < 400 || fine.includes(answer.statusCode)) return answer;
	const { title, detail } = (answer.body ?? {}) as unknown as { title?: string; detail?: string };
	throw new NodeApiError(
		hook.getNode(),
		{ status: answer.statusCode },
		{
			message: `The Integration Hub refused the subscription: ${title ?? `status ${answer.statusCode}`}`,
			description: detail ?? 'Check the hub address and the API key of the credential.',
			httpCode: String(answer.statusCode),
		},
	);
}
