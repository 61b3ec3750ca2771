import type { INodeProperties } from 'n8n-workflow';
import { returnAllOrLimit } from '../transport';
import { EVENT_TEXTS, TIMES, TRANSACTION } from './event-fields';
import { choice, collection, existing, flag, listed, moment, operations, shown, text } from './fields';
import { EVENT_FIELDS, outputFields } from './receive';

const on = (...operation: string[]) => shown('event', ...operation);

const required = (field: INodeProperties, show: INodeProperties['displayOptions']): INodeProperties => ({
	...field,
	required: true,
	displayOptions: show,
});

const CALENDAR: Partial<INodeProperties> = {
	required: false,
	description: 'The account’s default calendar where empty',
};

/** Where times are put out. */
const OUTPUT_ZONE = listed('Time Zone Name or ID', 'timeZone', 'getTimeZones', {
	description: 'Times are put out in it; in UTC unless chosen',
});

const COMMENT = text('Comment', 'comment', 'A text that goes with it', { typeOptions: { rows: 2 } });

export const eventProperties: INodeProperties[] = [
	operations(
		'event',
		[
			{
				name: 'Cancel',
				value: 'cancel',
				action: 'Cancel an event',
				description: 'Call off a meeting that the account has organized, and tell those invited',
			},
			{ name: 'Create', value: 'create', action: 'Create an event' },
			{ name: 'Delete', value: 'delete', action: 'Delete an event' },
			{ name: 'Get', value: 'get', action: 'Get an event' },
			{ name: 'Get Many', value: 'getAll', action: 'Get many events' },
			{
				name: 'Respond',
				value: 'respond',
				action: 'Respond to an event',
				description: 'Accept or decline an invitation',
			},
			{ name: 'Update', value: 'update', action: 'Update an event' },
		],
		'getAll',
	),
	existing('event', on('cancel', 'delete', 'get', 'respond', 'update')),
	existing('calendar', on('create'), CALENDAR),
	text('Title', 'subject', '', {
		required: true,
		placeholder: 'e.g. Planning',
		displayOptions: { show: on('create') },
	}),
	required(
		moment(
			'Start',
			'startDateTime',
			'Without a time zone it is taken in the workflow’s, or the one chosen below',
		),
		{ show: on('create') },
	),
	required(
		moment(
			'End',
			'endDateTime',
			'Without a time zone it is taken in the workflow’s, or the one chosen below',
		),
		{ show: on('create') },
	),
	collection('Additional Fields', on('create'), [...EVENT_TEXTS, TRANSACTION]),
	collection('Update Fields', on('update'), [...EVENT_TEXTS, ...TIMES, text('Title', 'subject')]),
	{
		...choice(
			'Response',
			'response',
			[
				['Accept', 'accept'],
				['Decline', 'decline'],
				['Tentatively Accept', 'tentativelyAccept'],
			],
			'accept',
		),
		displayOptions: { show: on('respond') },
	},
	collection('Options', on('respond'), [
		COMMENT,
		flag('Send Response', 'sendResponse', 'the organizer is told of it', true),
	]),
	collection('Options', on('cancel'), [COMMENT]),
	...returnAllOrLimit(on('getAll')),
	{
		...flag('From All Calendars', 'fromAllCalendars', 'to look in all calendars of the mailbox', true),
		displayOptions: { show: on('getAll') },
	},
	existing('calendar', { ...on('getAll'), fromAllCalendars: [false] }, CALENDAR),
	{
		...flag(
			'Include Recurring Event Instances',
			'includeRecurringInstances',
			'to put out each occurrence of a recurring event that falls between two dates, instead of the series once',
		),
		displayOptions: { show: on('getAll') },
	},
	required(moment('Start Date', 'startDateTime', 'From when on'), {
		show: { ...on('getAll'), includeRecurringInstances: [true] },
	}),
	required(moment('End Date', 'endDateTime', 'Until when'), {
		show: { ...on('getAll'), includeRecurringInstances: [true] },
	}),
	...outputFields(on('get', 'getAll'), EVENT_FIELDS),
	collection('Filters', on('getAll'), [
		text('Filter Query', 'custom', 'In OData, beside the other filters', {
			placeholder: "e.g. contains(subject,'Hello')",
			hint: 'Search query to filter events. <a href="https://learn.microsoft.com/en-us/graph/filter-query-parameter">More info</a>.',
		}),
		moment('Starts After', 'startsAfter', 'Without a time zone it is taken in the workflow’s'),
		moment('Starts Before', 'startsBefore', 'Without a time zone it is taken in the workflow’s'),
		text('Subject Contains', 'subject'),
	]),
	collection('Options', on('get', 'getAll'), [
		flag('Body as Text', 'bodyAsText', 'to get bodies as plain text instead of HTML'),
		OUTPUT_ZONE,
	]),
];
