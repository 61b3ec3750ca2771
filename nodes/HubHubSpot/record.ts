/** Operations and fields of every kind of record. https://developers.hubspot.com/docs/api-reference/crm-objects-v3/guide */
import type { INodeProperties, INodePropertyOptions } from 'n8n-workflow';
import { returnAllOrLimit } from '../transport';
import { customProperties, links, objectTypeLocator, recordLocator, withAssociations } from './fields';
import { fromList, propertyOf, RECORDS, type RecordType } from './objects';

const OPERATORS: { [name: string]: string } = {
	'Contains Token': 'CONTAINS_TOKEN',
	Equals: 'EQ',
	'Greater Than': 'GT',
	'Greater Than or Equal': 'GTE',
	'In List': 'IN',
	'Is Known': 'HAS_PROPERTY',
	'Is Unknown': 'NOT_HAS_PROPERTY',
	'Less Than': 'LT',
	'Less Than or Equal': 'LTE',
	'Not Contains Token': 'NOT_CONTAINS_TOKEN',
	'Not Equal': 'NEQ',
	'Not in List': 'NOT_IN',
};

const wantedProperties: INodeProperties = {
	displayName: 'Property Names or IDs',
	name: 'properties',
	type: 'multiOptions',
	typeOptions: {
		loadOptionsMethod: 'getProperties',
		loadOptionsDependsOn: ['resource', 'customObject.value'],
	},
	default: [],
	description:
		'Which to put out; HubSpot chooses a few by itself. Choose from the list, or specify IDs using an <a href="https://docs.n8n.io/code/expressions/">expression</a>.',
};
const archived: INodeProperties = {
	displayName: 'Archived',
	name: 'archived',
	type: 'boolean',
	default: false,
	description: 'Whether to return what was deleted instead',
};
const withHistory: INodeProperties = {
	...wantedProperties,
	displayName: 'Property Names or IDs With History',
	name: 'propertiesWithHistory',
	description:
		'Whose former values to put out as well. Choose from the list, or specify IDs using an <a href="https://docs.n8n.io/code/expressions/">expression</a>.',
};
export const recordProperties: INodeProperties[] = RECORDS.flatMap(propertiesOf);

function propertiesOf(type: RecordType): INodeProperties[] {
	const { resource, name, required, properties } = type;
	const show = (...operation: string[]) => ({ resource: [resource], operation });
	const collection = (
		displayName: string,
		field: string,
		operations: string[],
		options: INodeProperties[],
	) => ({
		displayName,
		name: field,
		type: 'collection' as const,
		placeholder: 'Add Field',
		default: {},
		displayOptions: { show: show(...operations) },
		options: options.sort((a, b) => a.displayName.localeCompare(b.displayName)),
	});
	const others = properties.map(propertyOf);
	return [
		{
			displayName: 'Operation',
			name: 'operation',
			type: 'options',
			noDataExpression: true,
			displayOptions: { show: { resource: [resource] } },
			options: operationsOf(type),
			default: 'create',
		},
		...(resource === 'customObject'
			? [objectTypeLocator('Object Type', 'customObject', { resource: [resource] })]
			: []),
		recordLocator(name, 'recordId', 'searchRecords', show('delete', 'get', 'update')),
		{
			...fromList('Find By Property Name or ID', 'idProperty', 'getUniqueProperties'),
			default: type.idProperty === 'hs_object_id' ? '' : type.idProperty,
			required: true,
			description:
				'A property whose values are unique. Choose from the list, or specify an ID using an <a href="https://docs.n8n.io/code/expressions/">expression</a>.',
			displayOptions: { show: show('upsert') },
		},
		{
			displayName: 'Its Value',
			name: 'idValue',
			type: 'string',
			default: '',
			required: true,
			placeholder: type.idProperty === 'email' ? 'name@email.com' : '',
			description: 'Of the record to update, or to create where there is none',
			displayOptions: { show: show('upsert') },
		},
		...required.map((property) => ({
			...propertyOf(property),
			required: true,
			displayOptions: { show: show('create') },
		})),
		collection('Additional Fields', 'additionalFields', ['create'], [...others, customProperties, links]),
		collection(
			'Fields',
			'fields',
			['update', 'upsert'],
			[
				...required.filter(({ name: field }) => field !== type.idProperty).map(propertyOf),
				...others,
				customProperties,
				...(type.idProperty === 'email' ? [{ ...propertyOf(required[0]!), displayName: 'Email' }] : []),
			],
		),
		...(resource === 'company'
			? [
					{
						displayName: 'Domain',
						name: 'domain',
						type: 'string' as const,
						default: '',
						required: true,
						placeholder: 'e.g. example.com',
						displayOptions: { show: show('searchByDomain') },
					},
				]
			: []),
		...returnAllOrLimit(show('getAll', 'getRecentlyCreatedUpdated', 'search', 'searchByDomain')),
		{
			displayName: 'Which',
			name: 'which',
			type: 'options',
			options: [
				{ name: 'Created', value: 'created' },
				{ name: 'Updated', value: 'modified' },
			],
			default: 'modified',
			displayOptions: { show: show('getRecentlyCreatedUpdated') },
		},
		{
			displayName: 'Since',
			name: 'since',
			type: 'dateTime',
			default: '',
			description: 'Empty: the last 24 hours',
			displayOptions: { show: show('getRecentlyCreatedUpdated') },
		},
		...searchProperties(show('search')),
		collection('Options', 'options', ['get'], [archived, wantedProperties, withAssociations, withHistory]),
		collection('Options', 'options', ['getAll'], [archived, wantedProperties, withAssociations]),
		collection(
			'Options',
			'options',
			['getRecentlyCreatedUpdated', 'search', 'searchByDomain'],
			[wantedProperties],
		),
	];
}

function searchProperties(show: { resource: string[]; operation: string[] }): INodeProperties[] {
	return [
		{
			displayName: 'Words',
			name: 'query',
			type: 'string',
			default: '',
			description:
				'Looked for in the properties that HubSpot searches: names, e-mail addresses, phone numbers, domains',
			displayOptions: { show },
		},
		{
			displayName: 'Conditions',
			name: 'filters',
			type: 'fixedCollection',
			typeOptions: { multipleValues: true },
			placeholder: 'Add Condition',
			default: {},
			displayOptions: { show },
			options: [
				{
					displayName: 'Condition',
					name: 'filter',
					values: [
						fromList('Property Name or ID', 'propertyName', 'getProperties'),
						{
							displayName: 'Operator',
							name: 'operator',
							type: 'options',
							options: Object.entries(OPERATORS).map(([name, value]) => ({ name, value })),
							default: 'EQ',
						},
						{
							displayName: 'Value',
							name: 'value',
							type: 'string',
							default: '',
							description:
								'Several for “In List”, separated by semicolons; dates as 2026-01-31 or in milliseconds',
						},
					],
				},
			],
		},
		{
			displayName: 'Match',
			name: 'match',
			type: 'options',
			options: [
				{ name: 'All Conditions', value: 'all' },
				{ name: 'Any Condition', value: 'any' },
			],
			default: 'all',
			displayOptions: { show },
		},
		{
			displayName: 'Sort',
			name: 'sort',
			type: 'fixedCollection',
			default: {},
			placeholder: 'Add Order',
			displayOptions: { show },
			options: [
				{
					displayName: 'Order',
					name: 'order',
					values: [
						{
							displayName: 'Direction',
							name: 'direction',
							type: 'options',
							options: [
								{ name: 'Ascending', value: 'ASCENDING' },
								{ name: 'Descending', value: 'DESCENDING' },
							],
							default: 'ASCENDING',
						},
						fromList('Property Name or ID', 'propertyName', 'getProperties'),
					],
				},
			],
		},
	];
}

function operationsOf({ resource, one, plural }: RecordType): INodePropertyOptions[] {
	return [
		{ name: 'Create', value: 'create', action: `Create ${one}` },
		{
			name: 'Create or Update',
			value: 'upsert',
			action: `Create or update ${one}`,
			description: 'Create a new record, or update the current one if it already exists (upsert)',
		},
		{ name: 'Delete', value: 'delete', action: `Delete ${one}`, description: 'Move it to the recycle bin' },
		{ name: 'Get', value: 'get', action: `Get ${one}` },
		{ name: 'Get Many', value: 'getAll', action: `Get many ${plural}` },
		{
			name: 'Get Recently Created or Updated',
			value: 'getRecentlyCreatedUpdated',
			action: `Get recently created or updated ${plural}`,
		},
		{
			name: 'Search',
			value: 'search',
			action: `Search ${plural}`,
			description: 'By words, and by conditions on properties',
		},
		...(resource === 'company'
			? [
					{
						name: 'Search by Domain',
						value: 'searchByDomain',
						action: 'Search companies by their domain',
					},
				]
			: []),
		{ name: 'Update', value: 'update', action: `Update ${one}` },
	];
}
