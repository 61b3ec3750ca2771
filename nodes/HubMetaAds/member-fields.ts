import type { IDisplayOptions, INodeProperties } from 'n8n-workflow';
import type { Field } from './members';

type Show = NonNullable<IDisplayOptions['show']>;

const field = (displayName: string, name: Field, more: Partial<INodeProperties> = {}): INodeProperties => ({
	displayName,
	name,
	type: 'string',
	default: '',
	...more,
});

export const memberProperties = (show: Show): INodeProperties[] => [
	{
		displayName: 'Members From',
		name: 'membersFrom',
		type: 'options',
		default: 'items',
		options: [
			{ name: 'Input Items', value: 'items', description: 'Each item is one person; all go together' },
			{ name: 'List (JSON)', value: 'list', description: 'Each item holds a list of people' },
		],
		displayOptions: { show },
	},
	{
		displayName: 'Member',
		name: 'member',
		type: 'collection',
		placeholder: 'Add Field',
		default: {},
		description:
			'What is known of the person: the more, the surer they are found. Values are normalised and hashed (SHA-256) here, before they leave n8n.',
		displayOptions: { show: { ...show, membersFrom: ['items'] } },
		options: [
			field('City', 'city'),
			field('Country', 'country', { placeholder: 'e.g. US' }),
			field('Customer Value', 'value', {
				description: 'What the customer is worth; for audiences made with it. It is not hashed.',
			}),
			field('Date of Birth', 'dateOfBirth', { placeholder: 'e.g. 1990-05-17' }),
			field('Email', 'email', { placeholder: 'e.g. name@email.com' }),
			field('External ID', 'externalId', { description: 'Your own ID of the person; it is not hashed' }),
			field('First Name', 'firstName'),
			field('Gender', 'gender', { placeholder: 'e.g. f' }),
			field('Last Name', 'lastName'),
			field('Mobile Advertiser ID', 'mobileAdId', { description: 'IDFA or AAID; it is not hashed' }),
			field('Phone', 'phone', { placeholder: 'e.g. +1 415 555 0100' }),
			field('State', 'state', { placeholder: 'e.g. CA' }),
			field('ZIP', 'zip'),
		],
	},
	{
		displayName: 'Members',
		name: 'members',
		type: 'json',
		required: true,
		default: '',
		placeholder: '[{"email": "jo@example.com", "phone": "+1 415 555 0100"}]',
		description:
			'A list of people with any of: city, country, dateOfBirth, email, externalId, firstName, gender, lastName, mobileAdId, phone, state, value, zip',
		displayOptions: { show: { ...show, membersFrom: ['list'] } },
	},
	{
		displayName: 'Options',
		name: 'options',
		type: 'collection',
		placeholder: 'Add option',
		default: {},
		displayOptions: { show },
		options: [
			{
				displayName: 'Default Calling Code',
				name: 'phoneCountry',
				type: 'string',
				default: '',
				placeholder: 'e.g. 1',
				description: 'Put before phone numbers that come without + or 00',
			},
		],
	},
];
