import {
	NodeOperationError,
	type IDataObject,
	type IExecuteFunctions,
	type IHttpRequestMethods,
	type INodeProperties,
} from 'n8n-workflow';
import { eachItem } from './each-item';
import { request } from './request';
import { itemsOf } from './routing';
import type { Service } from './service';

const show = { resource: ['customApiCall'], operation: ['call'] };

const pairs = (displayName: string, name: string): INodeProperties => ({
	displayName,
	name,
	type: 'fixedCollection',
	typeOptions: { multipleValues: true },
	placeholder: 'Add',
	default: {},
	displayOptions: { show },
	options: [
		{
			displayName: 'Pairs',
			name: 'pairs',
			values: [
				{ displayName: 'Name', name: 'name', type: 'string', default: '' },
				{ displayName: 'Value', name: 'value', type: 'string', default: '' },
			],
		},
	],
});

/** Operation and fields of the resource `customApiCall`, with which every node ends. */
export function customApiCallProperties(service: Service, examplePath: string): INodeProperties[] {
	return [
		{
			displayName: 'Operation',
			name: 'operation',
			type: 'options',
			noDataExpression: true,
			displayOptions: { show: { resource: ['customApiCall'] } },
			options: [
				{
					name: 'Call',
					value: 'call',
					action: 'Make a custom API call',
					description: `Call any endpoint of ${service.name}`,
				},
			],
			default: 'call',
		},
		{
			displayName: 'Method',
			name: 'method',
			type: 'options',
			options: ['DELETE', 'GET', 'HEAD', 'PATCH', 'POST', 'PUT'].map((value) => ({ name: value, value })),
			default: 'GET',
			displayOptions: { show },
		},
		{
			displayName: 'Path',
			name: 'path',
			type: 'string',
			required: true,
			default: '',
			placeholder: `e.g. ${examplePath}`,
			description: `Under ${service.apiBaseUrl}`,
			displayOptions: { show },
		},
		pairs('Query Parameters', 'query'),
		pairs('Headers', 'headers'),
		{
			displayName: 'Body (JSON)',
			name: 'body',
			type: 'json',
			default: '',
			displayOptions: { show: { ...show, method: ['DELETE', 'PATCH', 'POST', 'PUT'] } },
		},
		{
			displayName: 'Options',
			name: 'options',
			type: 'collection',
			placeholder: 'Add option',
			default: {},
			displayOptions: { show },
			options: [
				{
					displayName: 'Full Response',
					name: 'fullResponse',
					type: 'boolean',
					default: false,
					description: 'Whether to put out the status and headers beside the body',
				},
				{
					displayName: 'Put Output in Field',
					name: 'binaryField',
					type: 'string',
					default: '',
					placeholder: 'e.g. data',
					description: 'Name of the binary field for an answer that is a file; empty for JSON',
				},
			],
		},
	];
}

/** `customOperations.customApiCall` of every node. */
export const customApiCall = (service: Service) => ({
	call: eachItem(async function (itemIndex) {
		const options = this.getNodeParameter('options', itemIndex, {}) as {
			fullResponse?: boolean;
			binaryField?: string;
		};
		const method = this.getNodeParameter('method', itemIndex) as IHttpRequestMethods;
		const body = ['GET', 'HEAD'].includes(method) ? undefined : jsonBody(this, itemIndex);
		const answer = await request(this, service, itemIndex, {
			method,
			url: pathOf(this, itemIndex),
			qs: pairsOf(this, 'query', itemIndex),
			headers: pairsOf(this, 'headers', itemIndex),
			...(body === undefined ? {} : { body }),
			...(options.binaryField ? { encoding: 'arraybuffer' as const } : {}),
		});
		const full: IDataObject = { statusCode: answer.statusCode, headers: answer.headers };
		if (options.binaryField) {
			const type = String(answer.headers['content-type'] ?? '').split(';')[0] || undefined;
			const binary = await this.helpers.prepareBinaryData(answer.body as Buffer, undefined, type);
			return { json: options.fullResponse ? full : {}, binary: { [options.binaryField]: binary } };
		}
		if (options.fullResponse) return { json: { ...full, body: answer.body as IDataObject } };
		return itemsOf(answer.body);
	}),
});

function pathOf(context: IExecuteFunctions, itemIndex: number): string {
	const path = String(context.getNodeParameter('path', itemIndex)).trim();
	if (/^[a-z][a-z0-9+.-]*:|^\/\//i.test(path))
		throw new NodeOperationError(context.getNode(), 'The path must not name a host', {
			itemIndex,
			description:
				'Give the part after the API’s base address only: the connection’s permission is for that API alone.',
		});
	return path.startsWith('/') ? path : `/${path}`;
}

function jsonBody(context: IExecuteFunctions, itemIndex: number): IDataObject | undefined {
	const given = context.getNodeParameter('body', itemIndex, '') as string | IDataObject;
	if (typeof given !== 'string') return given;
	if (given.trim() === '') return undefined;
	try {
		return JSON.parse(given) as IDataObject;
	} catch {
		throw new NodeOperationError(context.getNode(), 'The body is not valid JSON', { itemIndex });
	}
}

function pairsOf(context: IExecuteFunctions, name: string, itemIndex: number): IDataObject {
	const pairs = context.getNodeParameter(`${name}.pairs`, itemIndex, []) as { name: string; value: string }[];
	const out: IDataObject = {};
	for (const { name: key, value } of pairs) {
		const known = out[key];
		out[key] =
			known === undefined ? value : ([...(Array.isArray(known) ? known : [known]), value] as string[]);
	}
	return out;
}
