/** Fields that several resources show. */
import type { IDisplayOptions, INodeProperties } from 'n8n-workflow';
import { listOrId } from '../transport';
import { fromList } from './objects';

type Show = NonNullable<IDisplayOptions['show']>;

/** A record: from a list, by its ID, or by its address in the browser. */
export const recordLocator = (
	displayName: string,
	name: string,
	searchListMethod: string,
	show: Show,
): INodeProperties =>
	listOrId({
		displayName,
		name,
		searchListMethod,
		show,
		placeholder: 'e.g. 512',
		modes: [
			{
				displayName: 'By URL',
				name: 'url',
				type: 'string',
				placeholder: 'e.g. https://app.hubspot.com/contacts/1234/record/0-1/512',
				extractValue: { type: 'regex', regex: '/(?:record/[^/]+|contact|company|deal|ticket)/(\\d+)' },
			},
		],
	});

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
export const objectTypeLocator = (displayName: string, name: string, show: Show): INodeProperties =>
	listOrId({
		displayName,
		name,
		searchListMethod: 'searchObjectTypes',
		show,
		placeholder: 'e.g. p_cars or 2-3453932',
		byId: { displayName: 'By Name or ID' },
	});

/** IDs of associated records beside the record itself. */
export const withAssociations: INodeProperties = {
	displayName: 'Associations',
	name: 'associations',
	type: 'multiOptions',
	options: ['companies', 'contacts', 'deals', 'tickets'].map((value) => ({
		name: value.charAt(0).toUpperCase() + value.slice(1),
		value,
	})),
	default: [],
	description: 'IDs of which associated records to put out as well',
};
