import {
	NodeOperationError,
	type IDataObject,
	type IExecuteFunctions,
	type IExecutePaginationFunctions,
	type IExecuteSingleFunctions,
	type IHttpRequestOptions,
	type ILoadOptionsFunctions,
} from 'n8n-workflow';
import type { Service } from './service';

/** Whoever makes a call: one item of a run, a whole run, or a list in the editor. */
export type Caller =
	IExecuteFunctions | IExecuteSingleFunctions | IExecutePaginationFunctions | ILoadOptionsFunctions;

/** How a call reaches the provider, and by whose permission. */
export type Way = {
	authentication: 'hubConnection' | 'apiKey';
	/** The credential type that signs the call. */
	credential: string;
	baseUrl: string;
	headers: IDataObject;
	query: IDataObject;
	/** Where the connection is looked after; null where the hub's answer did not name it. */
	reconnectUrl: string | null;
	/** The hub's address as the credential names it. */
	hubUrl: string;
	/** Tells whether n8n holds a newer token than this way had; null where n8n holds none. */
	token: string | null;
};

/** What the hub tells beside the token (its own member of the token answer). */
type TokenAnswer = {
	access_token?: string;
	token_type?: string;
	hub?: {
		connection_id?: string;
		api_base_url?: string;
		api_base_urls?: Record<string, string>;
		headers?: IDataObject;
		query?: IDataObject;
		reconnect_url?: string;
	};
};

/** @param base a name of `otherApiBaseUrls`; left out: the API's own */
export async function wayOf(
	caller: Caller,
	service: Service,
	itemIndex: number,
	base?: string,
): Promise<Way> {
	if (service.way) return await service.way(caller, itemIndex);
	const parameter = parametersOf(caller, itemIndex);
	return parameter('authentication') === 'apiKey'
		? await throughProxy(caller, service, itemIndex, String(parameter('connection') ?? ''), base)
		: await withOwnToken(caller, service, itemIndex, base);
}

/** n8n holds the provider's token and calls the provider itself. */
async function withOwnToken(
	caller: Caller,
	service: Service,
	itemIndex: number,
	base?: string,
): Promise<Way> {
	const credentials = await credentialsOf(caller, service.credential, itemIndex);
	const {
		hub = {},
		access_token: token = null,
		token_type: kind = 'Bearer',
	} = (credentials.oauthTokenData ?? {}) as TokenAnswer;
	// n8n would write a token of another kind into the address, where logs keep it.
	if (kind.toLowerCase() !== 'bearer')
		throw new NodeOperationError(
			caller.getNode(),
			`n8n cannot sign calls of ${service.name} with a token of the kind “${kind}”`,
			{
				itemIndex,
				description:
					'Choose the authentication “Hub API Key” and the same connection: then the hub signs the calls.',
			},
		);
	const baseUrl =
		base === undefined
			? (hub.api_base_url ?? service.apiBaseUrl)
			: (hub.api_base_urls?.[base] ?? service.otherApiBaseUrls?.[base]);
	if (baseUrl === undefined) throw new Error(`${service.id} has no API base ${base}`);
	return {
		authentication: 'hubConnection',
		credential: service.credential,
		baseUrl,
		headers: hub.headers ?? {},
		query: hub.query ?? {},
		reconnectUrl: hub.reconnect_url ?? null,
		hubUrl: trimmed(credentials.hubUrl),
		token,
	};
}

/** Calls of the hub's own API. */
export async function hubWay(caller: Caller, itemIndex: number): Promise<Way> {
	const credentials = await credentialsOf(caller, 'integrationHubApi', itemIndex);
	const hubUrl = trimmed(credentials.baseUrl);
	return {
		authentication: 'apiKey',
		credential: 'integrationHubApi',
		baseUrl: hubUrl,
		headers: {},
		query: {},
		reconnectUrl: null,
		hubUrl,
		token: null,
	};
}

/** The hub calls the provider; neither its token nor what goes with it comes here. */
async function throughProxy(
	caller: Caller,
	service: Service,
	itemIndex: number,
	connectionId: string,
	base?: string,
): Promise<Way> {
	const credentials = await credentialsOf(caller, 'integrationHubApi', itemIndex);
	const hubUrl = trimmed(credentials.baseUrl);
	const connection = encodeURIComponent(connectionId);
	return {
		authentication: 'apiKey',
		credential: 'integrationHubApi',
		baseUrl: `${hubUrl}/api/connections/${connection}/proxy`,
		headers: { 'Hub-Integration': service.id, ...(base === undefined ? {} : { 'Hub-Api-Base': base }) },
		query: {},
		reconnectUrl: `${hubUrl}/connections/${connection}/reconnect`,
		hubUrl,
		token: null,
	};
}

/**
 * A request as it is sent: refusals come back as answers, but for the 401 by which n8n knows to refresh.
 *
 * @throws Error where `url` names a host: the token, or the hub's key, would go wherever it points
 */
export function along(way: Way, request: IHttpRequestOptions): IHttpRequestOptions {
	if (/^\s*([a-z][a-z0-9+.-]*:|[/\\]{2})/i.test(request.url))
		throw new Error('A call is made by its path under the API’s base, not by an address of its own');
	return {
		arrayFormat: 'repeat',
		...request,
		baseURL: way.baseUrl,
		headers: chosen(way.headers, request.headers),
		qs: { ...request.qs, ...way.query },
		returnFullResponse: true,
		ignoreHttpStatusErrors: {
			ignore: true,
			except: way.authentication === 'hubConnection' ? [401] : [],
		},
		// An answer that leads elsewhere must not take the token along.
		sendCredentialsOnCrossOriginRedirect: false,
	};
}

/**
 * What goes with a connection, less what the operation chooses itself (Google Ads' `login-customer-id`), as the
 * hub's proxy has it too. What the hub reads is not chosen here.
 */
function chosen(usual: IDataObject, own: IDataObject = {}): IDataObject {
	const names = new Set(Object.keys(own).map((name) => name.toLowerCase()));
	const kept = Object.entries(usual).filter(
		([name]) => /^hub-/i.test(name) || !names.has(name.toLowerCase()),
	);
	return { ...own, ...Object.fromEntries(kept) };
}

/** The same question whoever asks: only a whole run counts items. */
function parametersOf(caller: Caller, itemIndex: number): (name: string) => unknown {
	const options = { extractValue: true };
	if ('getCurrentNodeParameter' in caller)
		return (name) =>
			caller.getCurrentNodeParameter(name, options) ?? caller.getNodeParameter(name, '', options);
	if ('getItemIndex' in caller) return (name) => caller.getNodeParameter(name, '', options);
	return (name) => caller.getNodeParameter(name, itemIndex, '', options);
}

async function credentialsOf(caller: Caller, type: string, itemIndex: number): Promise<IDataObject> {
	return 'getItemIndex' in caller || 'getCurrentNodeParameter' in caller
		? await caller.getCredentials<IDataObject>(type)
		: await caller.getCredentials<IDataObject>(type, itemIndex);
}

const trimmed = (url: unknown) => String(url ?? '').replace(/(?<!\/)\/+$/, '');
