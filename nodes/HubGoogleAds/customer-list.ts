/** https://developers.google.com/google-ads/api/docs/remarketing/audience-segments/customer-match/get-started */
import type { INodeProperties } from 'n8n-workflow';
import { CONSENT } from './consent';
import {
	collection,
	customerField,
	field,
	optionsField,
	picked,
	shown,
	VALIDATE_ONLY,
	type Show,
} from './fields';
import { gettingProperties } from './filters';
import { operations } from './operation';

const members = shown('customerList', 'addMembers', 'removeMembers');
const DESCRIPTION = field('Description', 'description');
const LIFE_SPAN = field('Membership Days', 'membershipDays', {
	type: 'number',
	typeOptions: { minValue: 0, maxValue: 540 },
	default: 540,
	description: 'How long a person stays in the list, up to 540 days',
});

export const customerListProperties: INodeProperties[] = [
	operations(
		'customerList',
		'customer list',
		['create', 'get', 'getAll', 'update', 'delete'],
		[
			{
				name: 'Add Members',
				value: 'addMembers',
				action: 'Add members to a customer list',
				description: 'Normalise, hash and add people in one job',
			},
			{
				name: 'Get Job',
				value: 'getJob',
				action: 'Get the state of a job of a customer list',
				description: 'Get how far an addition or removal has come',
			},
			{
				name: 'Remove Members',
				value: 'removeMembers',
				action: 'Remove members from a customer list',
				description: 'Normalise, hash and remove people in one job',
			},
		],
	),
	customerField(
		shown(
			'customerList',
			'addMembers',
			'create',
			'delete',
			'get',
			'getAll',
			'getJob',
			'removeMembers',
			'update',
		),
	),
	picked({
		displayName: 'Customer List',
		name: 'listId',
		searchListMethod: 'searchCustomerLists',
		show: shown('customerList', 'addMembers', 'delete', 'get', 'removeMembers', 'update'),
	}),
	field('Job ID', 'jobId', {
		required: true,
		placeholder: 'e.g. 1234567890',
		description: 'As Add Members and Remove Members put it out',
		displayOptions: { show: shown('customerList', 'getJob') },
	}),
	field('Name', 'name', { required: true, displayOptions: { show: shown('customerList', 'create') } }),
	field('People Are Known By', 'uploadKeyType', {
		type: 'options',
		default: 'CONTACT_INFO',
		options: [
			{ name: 'Contact Info', value: 'CONTACT_INFO', description: 'Email, phone, name and address' },
			{ name: 'Mobile Advertising ID', value: 'MOBILE_ADVERTISING_ID' },
			{ name: 'User ID', value: 'CRM_ID', description: 'Your own IDs' },
		],
		displayOptions: { show: shown('customerList', 'create') },
	}),
	collection('Additional Fields', shown('customerList', 'create'), [
		field('App ID', 'appId', { description: 'Of the app that mobile advertising IDs were collected by' }),
		DESCRIPTION,
		LIFE_SPAN,
	]),
	collection('Update Fields', shown('customerList', 'update'), [
		DESCRIPTION,
		LIFE_SPAN,
		field('Name', 'name'),
	]),
	...memberProperties(members),
	...gettingProperties('customerList', []),
	optionsField(shown('customerList', 'getJob')),
	optionsField(shown('customerList', 'create', 'delete', 'update'), [VALIDATE_ONLY]),
	optionsField(members, [
		...CONSENT,
		field('Default Calling Code', 'phoneCountry', {
			placeholder: 'e.g. 1',
			description: 'Put before phone numbers that come without + or 00',
		}),
	]),
];

function memberProperties(show: Show): INodeProperties[] {
	return [
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
				field('Country Code', 'countryCode', {
					placeholder: 'e.g. US',
					description: 'Needs name and postal code',
				}),
				field('Email', 'email', { placeholder: 'e.g. name@email.com' }),
				field('First Name', 'firstName'),
				field('Last Name', 'lastName'),
				field('Mobile Advertising ID', 'mobileId', { description: 'IDFA or AAID; it is not hashed' }),
				field('Phone', 'phone', { placeholder: 'e.g. +1 415 555 0100' }),
				field('Postal Code', 'postalCode', { description: 'It is not hashed' }),
				field('User ID', 'userId', { description: 'Your own ID of the person; it is not hashed' }),
			],
		},
		field('Members', 'members', {
			type: 'json',
			required: true,
			placeholder: '[{"email": "jo@example.com", "phone": "+1 415 555 0100"}]',
			description:
				'A list of people with any of: countryCode, email, firstName, lastName, mobileId, phone, postalCode, userId',
			displayOptions: { show: { ...show, membersFrom: ['list'] } },
		}),
	];
}
