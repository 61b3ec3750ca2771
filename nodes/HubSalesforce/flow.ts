/** https://developer.salesforce.com/docs/atlas.en-us.api_action.meta/api_action/actions_obj_flow.htm */
import {
	NodeOperationError,
	type IDataObject,
	type IExecuteFunctions,
	type INodeProperties,
} from 'n8n-workflow';
import { eachItem, jsonItems, limitOf, returnAllOrLimit } from '../transport';
import { call } from './call';
import { chosen } from './fields';

const on = (...operation: string[]) => ({ resource: ['flow'], operation });

export const flowProperties: INodeProperties[] = [
	{
		displayName: 'Operation',
		name: 'operation',
		type: 'options',
		noDataExpression: true,
		displayOptions: { show: { resource: ['flow'] } },
		options: [
			{ name: 'Get Many', value: 'getAll', action: 'Get many flows' },
			{ name: 'Invoke', value: 'invoke', action: 'Invoke a flow' },
		],
		default: 'invoke',
	},
	...returnAllOrLimit(on('getAll')),
	{
		displayName: 'Flow',
		name: 'apiName',
		type: 'resourceLocator',
		default: { mode: 'list', value: '' },
		required: true,
		description: 'An active autolaunched flow',
		displayOptions: { show: on('invoke') },
		modes: [
			{
				displayName: 'From List',
				name: 'list',
				type: 'list',
				typeOptions: { searchListMethod: 'searchFlows', searchable: true },
			},
			{ displayName: 'By API Name', name: 'name', type: 'string', placeholder: 'e.g. Order_Fulfillment' },
		],
	},
	{
		displayName: 'JSON Parameters',
		name: 'jsonParameters',
		type: 'boolean',
		default: false,
		description: 'Whether the variables are given as JSON',
		displayOptions: { show: on('invoke') },
	},
	{
		displayName: 'Variables',
		name: 'variablesJson',
		type: 'json',
		default: '{}',
		description: 'Input variables as a JSON object',
		displayOptions: { show: { ...on('invoke'), jsonParameters: [true] } },
	},
	{
		displayName: 'Variables',
		name: 'variablesUi',
		type: 'fixedCollection',
		typeOptions: { multipleValues: true },
		placeholder: 'Add Variable',
		default: {},
		displayOptions: { show: { ...on('invoke'), jsonParameters: [false] } },
		options: [
			{
				displayName: 'Variable',
				name: 'variablesValues',
				values: [
					{
						...chosen('Name or ID', 'name', 'getFlowInputs'),
						typeOptions: { loadOptionsMethod: 'getFlowInputs', loadOptionsDependsOn: ['apiName.value'] },
					},
					{ displayName: 'Value', name: 'value', type: 'string', default: '' },
				],
			},
		],
	},
];

const FLOWS = '/actions/custom/flow';

export const flowOperations = {
	getAll: eachItem(async function (itemIndex) {
		const { actions = [] } = await call<{ actions?: IDataObject[] }>(this, itemIndex, FLOWS);
		return jsonItems(actions.slice(0, limitOf(this, itemIndex)));
	}),

	invoke: eachItem(async function (itemIndex) {
		const name = String(this.getNodeParameter('apiName', itemIndex, '', { extractValue: true }) ?? '').trim();
		if (!/^[a-z]\w*$/i.test(name))
			throw new NodeOperationError(
				this.getNode(),
				name === '' ? 'No flow is chosen' : `“${name}” is no flow`,
				{
					itemIndex,
					description: 'Write its API name, as in Order_Fulfillment.',
				},
			);
		const results = await call<IDataObject[]>(this, itemIndex, `${FLOWS}/${name}`, {
			method: 'POST',
			body: { inputs: [variablesOf(this, itemIndex)] },
		});
		return jsonItems(results);
	}),
};

function variablesOf(context: IExecuteFunctions, itemIndex: number): IDataObject {
	if (!context.getNodeParameter('jsonParameters', itemIndex, false)) {
		const { variablesValues = [] } = context.getNodeParameter('variablesUi', itemIndex, {}) as {
			variablesValues?: { name: string; value: unknown }[];
		};
		return Object.fromEntries(variablesValues.map(({ name, value }) => [name, value as string]));
	}
	const given = context.getNodeParameter('variablesJson', itemIndex, '') as string | IDataObject;
	const read = typeof given === 'string' ? parsed(given.trim() || '{}') : given;
	if (typeof read === 'object' && read !== null && !Array.isArray(read)) return read as IDataObject;
	throw new NodeOperationError(context.getNode(), '“Variables” is no JSON object', {
		itemIndex,
		description: 'Write it as {"orderId": "801…"}.',
	});
}

function parsed(text: string): unknown {
	try {
		return JSON.parse(text);
	} catch {
		return null;
	}
}
