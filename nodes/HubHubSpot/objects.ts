/** HubSpot's own kinds of records: their properties that people use most, and what is asked of each. */
import type { INodeProperties } from 'n8n-workflow';

export type Property = {
	/** As HubSpot's API calls it; so is the parameter. */
	name: string;
	label: string;
	kind: 'text' | 'long' | 'number' | 'dateTime' | 'email' | 'choice' | 'owner' | 'pipeline' | 'stage';
	/** For `choice`: its values where they are HubSpot's; else they are the account's own. */
	values?: string[];
};

export type RecordType = {
	resource: string;
	/** In addresses. */
	objectType: string;
	name: string;
	plural: string;
	/** With their article, as sentences need it. */
	one: string;
	required: Property[];
	properties: Property[];
	/** What a record is upserted by unless something else is chosen. */
	idProperty: string;
	modified: string;
	created: string;
};

const text = (name: string, label: string): Property => ({ name, label, kind: 'text' });
const long = (name: string, label: string): Property => ({ name, label, kind: 'long' });
const number = (name: string, label: string): Property => ({ name, label, kind: 'number' });
const choice = (name: string, label: string, values?: string[]): Property => ({
	name,
	label,
	kind: 'choice',
	...(values ? { values } : {}),
});
const owner: Property = { name: 'hubspot_owner_id', label: 'Owner', kind: 'owner' };
const address = [
	text('address', 'Address'),
	text('city', 'City'),
	text('country', 'Country'),
	text('state', 'State'),
	text('zip', 'Postal Code'),
];
const newer = { modified: 'hs_lastmodifieddate', created: 'hs_createdate' };

export const RECORDS: RecordType[] = [
	{
		resource: 'company',
		objectType: 'companies',
		name: 'Company',
		plural: 'companies',
		one: 'a company',
		required: [text('name', 'Name')],
		properties: [
			number('annualrevenue', 'Annual Revenue'),
			long('description', 'Description'),
			text('domain', 'Domain'),
			choice('industry', 'Industry'),
			choice('lifecyclestage', 'Lifecycle Stage'),
			number('numberofemployees', 'Number of Employees'),
			owner,
			text('phone', 'Phone'),
			choice('type', 'Type'),
			text('website', 'Website'),
			...address,
		],
		idProperty: 'hs_object_id',
		modified: 'hs_lastmodifieddate',
		created: 'createdate',
	},
	{
		resource: 'contact',
		objectType: 'contacts',
		name: 'Contact',
		plural: 'contacts',
		one: 'a contact',
		required: [{ name: 'email', label: 'Email', kind: 'email' }],
		properties: [
			text('company', 'Company Name'),
			text('firstname', 'First Name'),
			text('jobtitle', 'Job Title'),
			text('lastname', 'Last Name'),
			choice('hs_lead_status', 'Lead Status'),
			choice('lifecyclestage', 'Lifecycle Stage'),
			text('mobilephone', 'Mobile Phone'),
			owner,
			text('phone', 'Phone'),
			text('website', 'Website'),
			...address,
		],
		idProperty: 'email',
		modified: 'lastmodifieddate',
		created: 'createdate',
	},
	{
		resource: 'deal',
		objectType: 'deals',
		name: 'Deal',
		plural: 'deals',
		one: 'a deal',
		required: [text('dealname', 'Deal Name'), { name: 'dealstage', label: 'Stage', kind: 'stage' }],
		properties: [
			number('amount', 'Amount'),
			{ name: 'closedate', label: 'Close Date', kind: 'dateTime' },
			choice('dealtype', 'Deal Type'),
			long('description', 'Description'),
			owner,
			{ name: 'pipeline', label: 'Pipeline', kind: 'pipeline' },
			choice('hs_priority', 'Priority', ['high', 'low', 'medium']),
		],
		idProperty: 'hs_object_id',
		modified: 'hs_lastmodifieddate',
		created: 'createdate',
	},
	{
		resource: 'ticket',
		objectType: 'tickets',
		name: 'Ticket',
		plural: 'tickets',
		one: 'a ticket',
		required: [text('subject', 'Subject'), { name: 'hs_pipeline_stage', label: 'Stage', kind: 'stage' }],
		properties: [
			long('content', 'Description'),
			owner,
			{ name: 'hs_pipeline', label: 'Pipeline', kind: 'pipeline' },
			choice('hs_ticket_priority', 'Priority', ['HIGH', 'LOW', 'MEDIUM', 'URGENT']),
			choice('source_type', 'Source'),
		],
		idProperty: 'hs_object_id',
		modified: 'hs_lastmodifieddate',
		created: 'createdate',
	},
	{
		resource: 'customObject',
		objectType: '',
		name: 'Custom Object',
		plural: 'records',
		one: 'a record',
		required: [],
		properties: [],
		idProperty: 'hs_object_id',
		...newer,
	},
];

const LIST =
	'Choose from the list, or specify an ID using an <a href="https://docs.n8n.io/code/expressions/">expression</a>';

export const fromList = (
	displayName: string,
	name: string,
	loadOptionsMethod: string,
	...dependsOn: string[]
): INodeProperties => ({
	displayName,
	name,
	type: 'options',
	typeOptions: {
		loadOptionsMethod,
		loadOptionsDependsOn: ['resource', 'customObject.value', ...dependsOn],
	},
	default: '',
	description: LIST,
});

export function propertyOf({ name, label, kind, values }: Property): INodeProperties {
	switch (kind) {
		case 'choice':
			return values
				? {
						displayName: label,
						name,
						type: 'options',
						options: values.map((value) => ({
							name: value.charAt(0).toUpperCase() + value.slice(1).toLowerCase(),
							value,
						})),
						default: '',
					}
				: fromList(`${label} Name or ID`, name, `get_${name}`);
		case 'dateTime':
			return { displayName: label, name, type: 'dateTime', default: '' };
		case 'email':
			return { displayName: label, name, type: 'string', placeholder: 'name@email.com', default: '' };
		case 'long':
			return { displayName: label, name, type: 'string', typeOptions: { rows: 4 }, default: '' };
		case 'number':
			return { displayName: label, name, type: 'number', typeOptions: { numberPrecision: 2 }, default: 0 };
		case 'owner':
			return fromList(`${label} Name or ID`, name, 'getOwners');
		case 'pipeline':
			return fromList(`${label} Name or ID`, name, 'getPipelines');
		case 'stage':
			return fromList(`${label} Name or ID`, name, 'getStages');
		case 'text':
			return { displayName: label, name, type: 'string', default: '' };
	}
}
