import type { IDisplayOptions, INodeProperties } from 'n8n-workflow';
import { listOrId } from '../transport';
import { DEFAULT_VERSION } from './service';

export type Show = NonNullable<IDisplayOptions['show']>;

export const shown = (resource: string, ...operation: string[]): Show => ({
	resource: [resource],
	operation,
});

/** The account that is advertised with. */
export const customerField = (show: Show): INodeProperties => ({
	displayName: 'Customer',
	name: 'customerId',
	type: 'resourceLocator',
	default: { mode: 'list', value: '' },
	required: true,
	description: 'The Google Ads account to work in',
	displayOptions: { show },
	modes: [
		{
			displayName: 'From List',
			name: 'list',
			type: 'list',
			typeOptions: { searchListMethod: 'searchCustomers', searchable: true },
		},
		{ displayName: 'By ID', name: 'id', type: 'string', placeholder: 'e.g. 123-456-7890' },
	],
});

type Picked = {
	displayName: string;
	name: string;
	searchListMethod: string;
	show: Show;
	placeholder?: string;
};

export const picked = ({ placeholder = 'e.g. 1234567890', ...of }: Picked): INodeProperties =>
	listOrId({ ...of, placeholder, byId: { hint: 'A resource name (customers/…) is taken as well' } });

export const field = (
	displayName: string,
	name: string,
	more: Partial<INodeProperties> = {},
): INodeProperties => ({ displayName, name, type: 'string', default: '', ...more });

/** An amount as people write it; Google counts in millionths. */
export const amount = (
	displayName: string,
	name: string,
	more: Partial<INodeProperties> = {},
): INodeProperties =>
	field(displayName, name, {
		type: 'number',
		typeOptions: { minValue: 0, numberPrecision: 2 },
		default: 0,
		description: 'In the currency of the account, such as 12.50',
		...more,
	});

export const STATUS: INodeProperties = field('Status', 'status', {
	type: 'options',
	default: 'PAUSED',
	options: [
		{ name: 'Enabled', value: 'ENABLED' },
		{ name: 'Paused', value: 'PAUSED' },
	],
});

const VERSION: INodeProperties = field('API Version', 'apiVersion', {
	default: DEFAULT_VERSION,
	placeholder: `e.g. ${DEFAULT_VERSION}`,
	description: 'Google ends a version about a year after its release',
});
const LOGIN_CUSTOMER: INodeProperties = field('Login Customer ID', 'loginCustomerId', {
	placeholder: 'e.g. 123-456-7890',
	description:
		'The manager account through which the customer is reached; that of the connection unless given',
});
export const VALIDATE_ONLY: INodeProperties = field('Validate Only', 'validateOnly', {
	type: 'boolean',
	default: false,
	description: 'Whether to have Google check the request without carrying it out',
});

/** Every operation's options, with those that all calls have. */
export const optionsField = (show: Show, more: INodeProperties[] = []): INodeProperties => ({
	displayName: 'Options',
	name: 'options',
	type: 'collection',
	placeholder: 'Add option',
	default: {},
	displayOptions: { show },
	options: [...more, VERSION, LOGIN_CUSTOMER].sort((a, b) => a.displayName.localeCompare(b.displayName)),
});

export const collection = (
	displayName: 'Additional Fields' | 'Update Fields',
	show: Show,
	options: INodeProperties[],
): INodeProperties => ({
	displayName,
	name: displayName === 'Additional Fields' ? 'additionalFields' : 'updateFields',
	type: 'collection',
	placeholder: 'Add Field',
	default: {},
	displayOptions: { show },
	options: [...options].sort((a, b) => a.displayName.localeCompare(b.displayName)),
});

export const simplify = (show: Show): INodeProperties => ({
	displayName: 'Simplify',
	name: 'simple',
	type: 'boolean',
	default: true,
	description: 'Whether to return a simplified version of the response instead of the raw data',
	hint: 'Amounts in the account’s currency beside those in micros',
	displayOptions: { show },
});
