/** Fields that several resources show. */
import type { IDisplayOptions, INodeProperties, INodePropertyOptions } from 'n8n-workflow';
import { listOrId } from '../transport';

type Show = NonNullable<IDisplayOptions['show']>;

export const operation = (
	resource: string,
	options: INodePropertyOptions[],
	initial: string,
): INodeProperties => ({
	displayName: 'Operation',
	name: 'operation',
	type: 'options',
	noDataExpression: true,
	displayOptions: { show: { resource: [resource] } },
	options,
	default: initial,
});

/** Something with an ID, from a list or by it. */
export const locator = (
	displayName: string,
	name: string,
	searchListMethod: string,
	show: Show,
): INodeProperties =>
	listOrId({ displayName, name, searchListMethod, show, placeholder: 'e.g. ocQHyuzHvysMo5N5VsXc' });

export const text = (displayName: string, name: string, description?: string): INodeProperties => ({
	displayName,
	name,
	type: 'string',
	default: '',
	...(description === undefined ? {} : { description }),
});

export const fromList = (displayName: string, name: string, loadOptionsMethod: string): INodeProperties => ({
	displayName,
	name,
	type: 'options',
	typeOptions: { loadOptionsMethod, loadOptionsDependsOn: ['locationId'] },
	default: '',
	description:
		'Choose from the list, or specify an ID using an <a href="https://docs.n8n.io/code/expressions/">expression</a>',
});

export const collection = (
	displayName: string,
	name: string,
	show: Show,
	options: INodeProperties[],
): INodeProperties => ({
	displayName,
	name,
	type: 'collection',
	placeholder: 'Add Field',
	default: {},
	displayOptions: { show },
	options: [...options].sort((a, b) => a.displayName.localeCompare(b.displayName)),
});

export const customFields = (loadOptionsMethod: string): INodeProperties => ({
	displayName: 'Custom Fields',
	name: 'customFields',
	type: 'fixedCollection',
	typeOptions: { multipleValues: true },
	placeholder: 'Add Field',
	default: {},
	options: [
		{
			displayName: 'Field',
			name: 'field',
			values: [
				fromList('Field Name or ID', 'id', loadOptionsMethod),
				{ displayName: 'Value', name: 'value', type: 'string', default: '' },
			],
		},
	],
});
