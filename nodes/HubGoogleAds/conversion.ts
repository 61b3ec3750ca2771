/** https://developers.google.com/google-ads/api/docs/conversions/upload-offline */
import type { INodeProperties } from 'n8n-workflow';
import { CONSENT } from './consent';
import { collection, customerField, field, optionsField, picked, shown, VALIDATE_ONLY } from './fields';

const show = shown('conversion', 'uploadClick');

export const conversionProperties: INodeProperties[] = [
	{
		displayName: 'Operation',
		name: 'operation',
		type: 'options',
		noDataExpression: true,
		displayOptions: { show: { resource: ['conversion'] } },
		options: [
			{
				name: 'Upload Click Conversion',
				value: 'uploadClick',
				action: 'Upload click conversions',
				description: 'Tell Google what became of clicks: all items go together, 2,000 in a call',
			},
		],
		default: 'uploadClick',
	},
	customerField(show),
	picked({
		displayName: 'Conversion Action',
		name: 'conversionActionId',
		searchListMethod: 'searchConversionActions',
		show,
	}),
	{
		displayName: 'Found By',
		name: 'clickIdType',
		type: 'options',
		default: 'gclid',
		options: [
			{ name: 'GBRAID', value: 'gbraid', description: 'Clicks on iOS that lead into an app' },
			{ name: 'GCLID', value: 'gclid', description: 'The usual click ID' },
			{
				name: 'User Data',
				value: 'userData',
				description: 'Email and phone alone (enhanced conversions for leads)',
			},
			{ name: 'WBRAID', value: 'wbraid', description: 'Clicks on iOS that lead to a website' },
		],
		displayOptions: { show },
	},
	field('Click ID', 'clickId', {
		required: true,
		description: 'Exactly as it was in the address of the landing page',
		displayOptions: { show: { ...show, clickIdType: ['gclid', 'gbraid', 'wbraid'] } },
	}),
	field('Conversion Time', 'conversionTime', {
		type: 'dateTime',
		required: true,
		description: 'When it happened, after the click; a time without a zone is one of the workflow’s',
		displayOptions: { show },
	}),
	collection('Additional Fields', show, [
		...CONSENT,
		field('Currency Code', 'currencyCode', { placeholder: 'e.g. EUR' }),
		{
			displayName: 'Custom Variables',
			name: 'customVariables',
			type: 'fixedCollection',
			typeOptions: { multipleValues: true },
			placeholder: 'Add Variable',
			default: {},
			options: [
				{
					displayName: 'Variable',
					name: 'variable',
					values: [
						field('Variable ID', 'id', {
							description: 'ID or resource name of the conversion custom variable',
						}),
						field('Value', 'value'),
					],
				},
			],
		},
		field('Email', 'email', {
			placeholder: 'e.g. name@email.com',
			description: 'Normalised and hashed here, before it leaves n8n',
		}),
		field('Environment', 'environment', {
			type: 'options',
			default: 'WEB',
			options: [
				{ name: 'App', value: 'APP' },
				{ name: 'Web', value: 'WEB' },
			],
		}),
		field('Order ID', 'orderId', { description: 'The same order is counted once' }),
		field('Phone', 'phone', {
			placeholder: 'e.g. +1 415 555 0100',
			description: 'Normalised and hashed here, before it leaves n8n',
		}),
		field('Value', 'value', {
			type: 'number',
			typeOptions: { numberPrecision: 2 },
			default: 0,
			description: 'What it is worth; that of the conversion action unless given',
		}),
	]),
	optionsField(show, [VALIDATE_ONLY]),
];
