/** What can be said of a contact, and how Graph has it. */
import type { IDataObject, IExecuteFunctions, INodeProperties } from 'n8n-workflow';
import { CATEGORIES } from './content';
import { listOf, moment, text } from './fields';
import { recipients } from './recipients';
import { zonedTime } from './times';

const address = (displayName: string, name: string): INodeProperties => ({
	displayName,
	name,
	type: 'fixedCollection',
	default: {},
	placeholder: 'Add address',
	options: [
		{
			displayName: 'Address',
			name: 'values',
			values: [
				text('City', 'city'),
				text('Country/Region', 'countryOrRegion'),
				text('Postal Code', 'postalCode'),
				text('State', 'state'),
				text('Street', 'street'),
			],
		},
	],
});

const EMAILS: INodeProperties = {
	displayName: 'Email Addresses',
	name: 'emailAddresses',
	type: 'fixedCollection',
	typeOptions: { multipleValues: true },
	default: {},
	placeholder: 'Add email address',
	description: 'Outlook keeps three of them',
	options: [
		{
			displayName: 'Email',
			name: 'values',
			values: [
				text('Address', 'address', '', { placeholder: 'e.g. jo@example.com' }),
				text('Name', 'name', 'Shown in place of the address'),
			],
		},
	],
};

const list = (displayName: string, name: string) =>
	text(displayName, name, 'Several are separated by commas');

export const CONTACT_FIELDS: INodeProperties[] = [
	text('Assistant Name', 'assistantName'),
	moment('Birthday', 'birthday', 'The day; its hour does not count'),
	address('Business Address', 'businessAddress'),
	text('Business Home Page', 'businessHomePage'),
	list('Business Phones', 'businessPhones'),
	CATEGORIES,
	list('Children', 'children'),
	text('Company Name', 'companyName'),
	text('Department', 'department'),
	text('Display Name', 'displayName', 'Made of first and last name unless given'),
	EMAILS,
	text('File As', 'fileAs', 'Under which name the contact is sorted'),
	address('Home Address', 'homeAddress'),
	list('Home Phones', 'homePhones'),
	list('Instant Messaging Addresses', 'imAddresses'),
	text('Initials', 'initials'),
	text('Job Title', 'jobTitle'),
	text('Manager', 'manager'),
	text('Middle Name', 'middleName'),
	text('Mobile Phone', 'mobilePhone'),
	text('Nickname', 'nickName'),
	text('Office Location', 'officeLocation'),
	address('Other Address', 'otherAddress'),
	text('Personal Notes', 'personalNotes', '', { typeOptions: { rows: 3 } }),
	text('Profession', 'profession'),
	text('Spouse Name', 'spouseName'),
	text('Title', 'title'),
];

const LISTS = ['businessPhones', 'categories', 'children', 'homePhones', 'imAddresses'];
const ADDRESSES = ['businessAddress', 'homeAddress', 'otherAddress'];

/** Empty texts are sent as well: they clear what was there. */
export function contactOf(context: IExecuteFunctions, itemIndex: number, fields: IDataObject): IDataObject {
	const contact: IDataObject = {};
	for (const [name, value] of Object.entries(fields)) {
		if (value === undefined || name === 'contactFolder') continue;
		if (LISTS.includes(name)) contact[name] = listOf(value);
		else if (ADDRESSES.includes(name)) contact[name] = addressIn(value);
		else if (name === 'emailAddresses') contact[name] = emailsOf(context, itemIndex, value);
		else if (name === 'birthday') contact[name] = value ? birthday(context, itemIndex, value) : null;
		else contact[name] = value;
	}
	return contact;
}

/** What is left empty is left out: Graph takes an address as a whole. */
function addressIn(given: unknown): IDataObject {
	const { values = {} } = given as { values?: IDataObject };
	return Object.fromEntries(Object.entries(values).filter(([, part]) => part !== ''));
}

function emailsOf(context: IExecuteFunctions, itemIndex: number, given: unknown): IDataObject[] {
	const { values = [] } = given as { values?: { address?: unknown; name?: unknown }[] };
	return values.flatMap(({ address: at, name }) =>
		recipients(context, itemIndex, at, 'Email Addresses').map(({ emailAddress }) => ({
			...emailAddress,
			...(name ? { name: String(name) } : {}),
		})),
	);
}

/** Outlook shows the day in the mailbox’s own zone: noon is in the same day nearly everywhere. */
const birthday = (context: IExecuteFunctions, itemIndex: number, given: unknown): string =>
	`${zonedTime(context, itemIndex, given, context.getTimezone()).dateTime.slice(0, 10)}T11:59:00Z`;
