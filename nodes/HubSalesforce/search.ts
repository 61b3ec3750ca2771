import type { IDataObject, INodeProperties } from 'n8n-workflow';
import { eachItem, jsonItems, limitOf, returnAllOrLimit } from '../transport';
import { call, query } from './call';
import { textIn } from './ids';
import { namesIn } from './record-list';
import { fieldName, objectName } from './soql';

const on = (...operation: string[]) => ({ resource: ['search'], operation });

export const searchProperties: INodeProperties[] = [
	{
		displayName: 'Operation',
		name: 'operation',
		type: 'options',
		noDataExpression: true,
		displayOptions: { show: { resource: ['search'] } },
		options: [
			{
				name: 'Query',
				value: 'query',
				action: 'Query records with SOQL',
				description: 'Execute a SOQL query that returns all the results in a single response',
			},
			{
				name: 'Text',
				value: 'text',
				action: 'Search records for a text',
				description: 'Find records of several objects by a word in them',
			},
		],
		default: 'query',
	},
	{
		displayName: 'Query',
		name: 'query',
		type: 'string',
		typeOptions: { rows: 4 },
		default: '',
		required: true,
		placeholder: "e.g. SELECT Id, Name FROM Account WHERE Industry = 'Energy'",
		description: 'The SOQL query to execute',
		displayOptions: { show: on('query') },
	},
	...returnAllOrLimit(on('query')).map(
		// A query says itself how many it wants.
		(field) => (field.name === 'returnAll' ? { ...field, default: true } : field) as INodeProperties,
	),
	{
		displayName: 'Options',
		name: 'options',
		type: 'collection',
		placeholder: 'Add option',
		default: {},
		displayOptions: { show: on('query') },
		options: [
			{
				displayName: 'Include Deleted',
				name: 'includeDeleted',
				type: 'boolean',
				default: false,
				description: 'Whether to return what lies in the recycle bin, and archived tasks, too',
			},
		],
	},
	{
		displayName: 'Text',
		name: 'searchText',
		type: 'string',
		default: '',
		required: true,
		placeholder: 'e.g. Acme',
		description: 'At least two characters; * and ? stand for anything',
		displayOptions: { show: on('text') },
	},
	{
		displayName: 'Limit',
		name: 'limit',
		type: 'number',
		typeOptions: { minValue: 1, maxValue: 2000 },
		default: 50,
		description: 'Max number of results to return',
		displayOptions: { show: on('text') },
	},
	{
		displayName: 'Options',
		name: 'options',
		type: 'collection',
		placeholder: 'Add option',
		default: {},
		displayOptions: { show: on('text') },
		options: [
			{
				displayName: 'Fields',
				name: 'fields',
				type: 'string',
				default: '',
				placeholder: 'e.g. Name, Phone',
				description: 'What to return of each record, for objects that all have it; needs “Objects”',
			},
			{
				displayName: 'Look In',
				name: 'in',
				type: 'options',
				options: [
					{ name: 'All Fields', value: 'ALL' },
					{ name: 'Email Fields', value: 'EMAIL' },
					{ name: 'Name Fields', value: 'NAME' },
					{ name: 'Phone Fields', value: 'PHONE' },
					{ name: 'Sidebar Fields', value: 'SIDEBAR' },
				],
				default: 'ALL',
			},
			{
				displayName: 'Objects',
				name: 'objects',
				type: 'string',
				default: '',
				placeholder: 'e.g. Account, Contact, Invoice__c',
				description: 'API names of the objects to look through; all where empty',
			},
		],
	},
];

export const searchOperations = {
	/** https://developer.salesforce.com/docs/atlas.en-us.api_rest.meta/api_rest/resources_query.htm */
	query: eachItem(async function (itemIndex) {
		const soql = textIn(this, itemIndex, 'query', 'Query');
		const { includeDeleted } = this.getNodeParameter('options', itemIndex, {}) as IDataObject;
		const limit = this.getNodeParameter('returnAll', itemIndex, true) ? Infinity : limitOf(this, itemIndex);
		return jsonItems(await query(this, itemIndex, soql, { limit, withDeleted: includeDeleted === true }));
	}),

	/** https://developer.salesforce.com/docs/atlas.en-us.api_rest.meta/api_rest/resources_search_parameterized_post.htm */
	text: eachItem(async function (itemIndex) {
		const given = this.getNodeParameter('options', itemIndex, {}) as IDataObject;
		const objects = namesIn(given.objects).map((name) => objectName(this, itemIndex, name));
		const fields = namesIn(given.fields).map((name) => fieldName(this, itemIndex, name));
		const { searchRecords = [] } = await call<{ searchRecords?: IDataObject[] }>(
			this,
			itemIndex,
			'/parameterizedSearch',
			{
				method: 'POST',
				body: {
					q: textIn(this, itemIndex, 'searchText', 'Text'),
					...(given.in ? { in: given.in } : {}),
					...(objects.length > 0 ? { sobjects: objects.map((name) => ({ name })) } : {}),
					...(fields.length > 0 ? { fields } : {}),
					overallLimit: this.getNodeParameter('limit', itemIndex, 50) as number,
				},
			},
		);
		return jsonItems(searchRecords);
	}),
};
