/** Fields that several resources show. */
import type { IDisplayOptions, INodeProperties } from 'n8n-workflow';
import { fromList } from './objects';

type Show = NonNullable<IDisplayOptions['show']>;

/** A record: from a list, by its ID, or by its address in the browser. */
export const recordLocator = (
	displayName: string,
	name: string,
	searchListMethod: string,
	show: Show,
): INodeProperties =>
	({
		displayName,
		name,
		type: 'resourceLocator',
		default: { mode: 'list', value: '' },
		required: true,
		displayOptions: { show },
		modes: [
			{
				displayName: 'From List',
				name: 'list',
				type: 'list',
				typeOptions: { searchListMethod, searchable: true },
			},
			{ displayName: 'By ID', name: 'id', type: 'string', placeholder: 'e.g. 512' },
			{
				displayName: 'By URL',
				name: 'url',
				type: 'string',
				placeholder: 'e.g. https://app.hubspot.com/contacts/1234/record/0-1/512',
				extractValue: { type: 'regex', regex: '/(?:record/[^/]+|contact|company|deal|ticket)/(\\d+)' },
			},
		],
	}) as INodeProperties;

export const customProperties: INodeProperties = {
	displayName: 'Other Properties',
	name: 'customProperties',
	type: 'fixedCollection',
	typeOptions: { multipleValues: true },
	placeholder: 'Add Property',
	default: {},
	options: [
		{
			displayName: 'Property',
			name: 'property',
			values: [
				fromList('Property Name or ID', 'name', 'getWritableProperties'),
				{ displayName: 'Value', name: 'value', type: 'string', default: '' },
			],
		},
	],
};

/** `{links: {link: [{to, ids}]}}` */
export const links: INodeProperties = {
	displayName: 'Associate With',
	name: 'links',
	type: 'fixedCollection',
	typeOptions: { multipleValues: true },
	placeholder: 'Add Association',
	default: {},
	options: [
		{
			displayName: 'Association',
			name: 'link',
			values: [
				{
					displayName: 'Object',
					name: 'to',
					type: 'options',
					options: [
						{ name: 'Company', value: 'companies' },
						{ name: 'Contact', value: 'contacts' },
						{ name: 'Deal', value: 'deals' },
						{ name: 'Ticket', value: 'tickets' },
					],
					default: 'contacts',
				},
				{
					displayName: 'IDs',
					name: 'ids',
					type: 'string',
					default: '',
					placeholder: 'e.g. 512, 513',
					description: 'Of the records, separated by commas',
				},
			],
		},
	],
};

/** An object type of any kind: custom ones by name or ID, HubSpot's own by their plural. */
export const objectTypeLocator = (displayName: string, name: string, show: Show): INodeProperties => ({
	displayName,
	name,
	type: 'resourceLocator',
	default: { mode: 'list', value: '' },
	required: true,
	displayOptions: { show },
	modes: [
		{
			displayName: 'From List',
			name: 'list',
			type: 'list',
			typeOptions: { searchListMethod: 'searchObjectTypes', searchable: true },
		},
		{ displayName: 'By Name or ID', name: 'id', type: 'string', placeholder: 'e.g. p_cars or 2-3453932' },
	],
});
