/** Fields of Salesforce's standard objects as data, and what the editor shows for them. */
import type { INodeProperties } from 'n8n-workflow';

export type Field = {
	/** As Salesforce's API calls it; so is the parameter. */
	name: string;
	label: string;
	kind: Kind;
	/** For `reference`: the list to pick from. */
	from?: string;
};
type Kind =
	| 'boolean'
	| 'date'
	| 'dateTime'
	| 'decimal'
	| 'email'
	| 'integer'
	| 'long'
	| 'picklist'
	| 'recordType'
	| 'reference'
	| 'text';

const field =
	(kind: Kind) =>
	(name: string, label = spaced(name)): Field => ({ name, label, kind });

export const boolean = field('boolean');
export const date = field('date');
export const dateTime = field('dateTime');
export const decimal = field('decimal');
export const email = field('email');
export const integer = field('integer');
export const long = field('long');
/** Its values are the org's own. */
export const picklist = field('picklist');
export const recordType = field('recordType')('RecordTypeId', 'Record Type');
export const text = field('text');
export const reference = (name: string, label: string, from: string): Field => ({
	name,
	label,
	kind: 'reference',
	from,
});
export const owner = (from = 'searchUsers') => reference('OwnerId', 'Owner', from);

/** `NumberOfEmployees` as people read it. */
const spaced = (name: string) => name.replace(/([a-z0-9])([A-Z])/g, '$1 $2');

const CHOOSE =
	'Choose from the list, or specify an ID using an <a href="https://docs.n8n.io/code/expressions/">expression</a>';

/** The method that lists the values of a picklist. */
export const picklistMethod = (object: string, { name }: Field) => `get${object}${name}`;

/** @param object API name of the field's object */
export function propertyOf(object: string, one: Field): INodeProperties {
	const { name, label: displayName, kind } = one;
	switch (kind) {
		case 'boolean':
			return {
				displayName,
				name,
				type: 'boolean',
				default: false,
				description: `Whether the field “${displayName}” is ticked`,
			};
		case 'date':
		case 'dateTime':
			return { displayName, name, type: 'dateTime', default: '' };
		case 'decimal':
			return { displayName, name, type: 'number', typeOptions: { numberPrecision: 2 }, default: 0 };
		case 'integer':
			return { displayName, name, type: 'number', default: 0 };
		case 'email':
			return { displayName, name, type: 'string', placeholder: 'name@email.com', default: '' };
		case 'long':
			return { displayName, name, type: 'string', typeOptions: { rows: 4 }, default: '' };
		case 'picklist':
			return chosen(`${displayName} Name or ID`, name, picklistMethod(object, one));
		case 'recordType':
			return chosen(`${displayName} Name or ID`, name, 'getRecordTypes');
		case 'reference':
			return locator(displayName, name, one.from ?? 'searchUsers');
		case 'text':
			return { displayName, name, type: 'string', default: '' };
	}
}

export const chosen = (displayName: string, name: string, loadOptionsMethod: string): INodeProperties => ({
	displayName,
	name,
	type: 'options',
	typeOptions: { loadOptionsMethod, loadOptionsDependsOn: ['resource', 'customObject.value'] },
	default: '',
	description: CHOOSE,
});

export const severalChosen = (
	displayName: string,
	name: string,
	loadOptionsMethod: string,
): INodeProperties => ({
	displayName,
	name,
	type: 'multiOptions',
	typeOptions: { loadOptionsMethod, loadOptionsDependsOn: ['resource', 'customObject.value'] },
	default: [],
	description: CHOOSE.replace('an ID', 'IDs'),
});

/** A record: from a list, by its ID, or by its address in the browser. */
export const locator = (
	displayName: string,
	name: string,
	searchListMethod: string,
	more: Partial<INodeProperties> = {},
): INodeProperties =>
	({
		displayName,
		name,
		type: 'resourceLocator',
		default: { mode: 'list', value: '' },
		modes: [
			{
				displayName: 'From List',
				name: 'list',
				type: 'list',
				typeOptions: { searchListMethod, searchable: true },
			},
			{ displayName: 'By ID', name: 'id', type: 'string', placeholder: 'e.g. 001D000000IqhSLIAZ' },
			{
				displayName: 'By URL',
				name: 'url',
				type: 'string',
				placeholder: 'e.g. https://acme.lightning.force.com/lightning/r/Account/001D000000IqhSLIAZ/view',
			},
		],
		...more,
	}) as INodeProperties;
