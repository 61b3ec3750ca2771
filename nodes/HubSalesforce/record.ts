/** What the editor shows for the operations on records: generated from objects.ts. */
import type { IDisplayOptions, INodeProperties, INodePropertyOptions } from 'n8n-workflow';
import { returnAllOrLimit } from '../transport';
import { chosen, locator, propertyOf, severalChosen } from './fields';
import type { ObjectType, RecordOperation } from './object-type';
import { OBJECTS, shownFor } from './objects';
import { listOptions } from './record-list';

type Show = NonNullable<IDisplayOptions['show']>;

const OPERATIONS: { [operation in RecordOperation]: { name: string; action: (type: ObjectType) => string } } =
	{
		addComment: { name: 'Add Comment', action: ({ one }) => `Add a comment to ${one}` },
		addNote: { name: 'Add Note', action: ({ one }) => `Add a note to ${one}` },
		addToCampaign: { name: 'Add to Campaign', action: ({ one }) => `Add ${one} to a campaign` },
		create: { name: 'Create', action: ({ one }) => `Create ${one}` },
		upsert: { name: 'Create or Update', action: ({ one }) => `Create or update ${one}` },
		delete: { name: 'Delete', action: ({ one }) => `Delete ${one}` },
		download: { name: 'Download', action: ({ one }) => `Download ${one}` },
		get: { name: 'Get', action: ({ one }) => `Get ${one}` },
		getAll: { name: 'Get Many', action: ({ many }) => `Get many ${many}` },
		getSummary: {
			name: 'Get Summary',
			action: ({ one }) => `Get the summary of ${one.replace(/^an? /, 'the ')}`,
		},
		update: { name: 'Update', action: ({ one }) => `Update ${one}` },
	};
const DESCRIPTIONS: { [operation in RecordOperation]?: string } = {
	getSummary: 'Get what the object is, and which of its records were used last',
	upsert:
		'Create a new record, or update the current one if it already exists (upsert by external ID or another key)',
};

function operationsOf(type: ObjectType): INodeProperties {
	const property: INodeProperties = {
		displayName: 'Operation',
		name: 'operation',
		type: 'options',
		noDataExpression: true,
		displayOptions: { show: { resource: [type.resource] } },
		options: (Object.keys(OPERATIONS) as RecordOperation[])
			.filter((operation) => type.operations.includes(operation))
			.map((operation) => optionOf(type, operation)),
		default: 'create',
	};
	return type.operations.includes('create') ? property : { ...property, default: 'get' };
}

function optionOf(type: ObjectType, value: RecordOperation): INodePropertyOptions {
	const { name, action } = OPERATIONS[value];
	const description = DESCRIPTIONS[value];
	return { name, value, action: action(type), ...(description === undefined ? {} : { description }) };
}

const onObject = ({ resource }: ObjectType, ...operation: RecordOperation[]): Show => ({
	resource: [resource],
	operation,
});

const customFields: INodeProperties = {
	displayName: 'Custom Fields',
	name: 'customFieldsUi',
	type: 'fixedCollection',
	typeOptions: { multipleValues: true },
	placeholder: 'Add Custom Field',
	default: {},
	options: [
		{
			displayName: 'Custom Field',
			name: 'customFieldsValues',
			values: [
				chosen('Field Name or ID', 'fieldId', 'getCustomFields'),
				{ displayName: 'Value', name: 'value', type: 'string', default: '' },
			],
		},
	],
};

const fieldsAsJson: INodeProperties = {
	displayName: 'Fields (JSON)',
	name: 'fieldsJson',
	type: 'json',
	default: '{}',
	description: 'Any fields by their API names, beside or in place of the others: {"Region__c": "West"}',
};

const contentField: INodeProperties = {
	displayName: 'Input Binary Field',
	name: 'binaryPropertyName',
	type: 'string',
	default: 'data',
	hint: 'The name of the input binary field containing the file to be uploaded',
};

const fieldsToClear = severalChosen('Fields to Clear', 'fieldsToClear', 'getFields');

const collection = (displayName: string, name: string, show: Show, options: INodeProperties[]) =>
	({
		displayName,
		name,
		type: 'collection',
		placeholder: 'Add Field',
		default: {},
		displayOptions: { show },
		options: [...options].sort((a, b) => a.displayName.localeCompare(b.displayName)),
	}) as INodeProperties;

function fieldsOf(type: ObjectType): INodeProperties[] {
	const { object, required, fields, isAny = false, hasContent = false } = type;
	const has = (operation: RecordOperation) => type.operations.includes(operation);
	const extras = isAny ? [fieldsAsJson] : hasContent ? [] : [customFields, fieldsAsJson];
	const creating = (['create', 'upsert'] as const).filter(has);
	const show = (...operations: RecordOperation[]) => ({
		displayOptions: { show: onObject(type, ...operations) },
	});
	return [
		...(creating.length === 0
			? []
			: [
					...required.map((field) => ({
						...propertyOf(object, field),
						required: true,
						...show(...creating),
					})),
					...(isAny
						? [
								{
									...customFields,
									displayName: 'Fields',
									placeholder: 'Add Field',
									...show(...creating, 'update'),
								},
							]
						: []),
					...(hasContent ? [{ ...contentField, required: true, ...show(...creating) }] : []),
					collection('Additional Fields', 'additionalFields', onObject(type, ...creating), [
						...fields.map((field) => propertyOf(object, field)),
						...extras,
					]),
				]),
		...(has('update')
			? [
					collection('Update Fields', 'updateFields', onObject(type, 'update'), [
						...[...required, ...fields].map((field) => propertyOf(object, field)),
						...extras,
						...(hasContent ? [contentField] : []),
						fieldsToClear,
					]),
				]
			: []),
	];
}

const saveOptions: INodeProperties = {
	displayName: 'Options',
	name: 'options',
	type: 'collection',
	placeholder: 'Add option',
	default: {},
	displayOptions: { show: shownFor('create', 'upsert', 'update') },
	options: [
		{
			displayName: 'Allow Duplicates',
			name: 'allowDuplicates',
			type: 'boolean',
			default: false,
			description: 'Whether to save it even where a duplicate rule warns',
		},
		{
			displayName: 'Use Assignment Rules',
			name: 'assignmentRules',
			type: 'boolean',
			default: true,
			description: 'Whether the active assignment rules give leads and cases their owner',
		},
	],
};

export const recordProperties: INodeProperties[] = [
	...OBJECTS.map(operationsOf),
	locator('Object', 'customObject', 'searchObjects', {
		required: true,
		displayOptions: { show: { resource: ['customObject'] } },
		modes: [
			{
				displayName: 'From List',
				name: 'list',
				type: 'list',
				typeOptions: { searchListMethod: 'searchObjects', searchable: true },
			},
			{ displayName: 'By API Name', name: 'id', type: 'string', placeholder: 'e.g. Invoice__c' },
		],
	}),
	locator('Record', 'recordId', 'searchRecords', {
		required: true,
		displayOptions: {
			show: shownFor('addComment', 'addNote', 'addToCampaign', 'delete', 'download', 'get', 'update'),
		},
	}),
	{
		...chosen('Match Against Name or ID', 'externalId', 'getExternalIdFields'),
		required: true,
		description:
			'The field whose value tells which record is meant: an external ID, or another key. Choose from the list, or specify an ID using an <a href="https://docs.n8n.io/code/expressions/">expression</a>.',
		displayOptions: { show: shownFor('upsert') },
	},
	{
		displayName: 'Value to Match',
		name: 'externalIdValue',
		type: 'string',
		default: '',
		required: true,
		description: 'The record whose key is this is updated; where there is none, one with it is created',
		displayOptions: { show: shownFor('upsert') },
	},
	...OBJECTS.flatMap(fieldsOf),
	saveOptions,
	{
		displayName: 'Put Output File in Field',
		name: 'binaryPropertyName',
		type: 'string',
		default: 'data',
		required: true,
		hint: 'The name of the output binary field to put the file in',
		displayOptions: { show: shownFor('download') },
	},
	...returnAllOrLimit(shownFor('getAll')),
	{
		displayName: 'Options',
		name: 'options',
		type: 'collection',
		placeholder: 'Add option',
		default: {},
		displayOptions: { show: shownFor('getAll') },
		options: listOptions,
	},
	{
		displayName: 'Options',
		name: 'options',
		type: 'collection',
		placeholder: 'Add option',
		default: {},
		displayOptions: { show: shownFor('get') },
		options: [severalChosen('Field Names or IDs', 'fields', 'getFields')],
	},
];
