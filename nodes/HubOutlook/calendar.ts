/** https://learn.microsoft.com/graph/api/resources/calendar */
import type { INodeProperties } from 'n8n-workflow';
import { eachItem, jsonItems, limitOf, returnAllOrLimit } from '../transport';
import {
	choice,
	collection,
	collectionOf,
	existingInPath,
	flag,
	listed,
	operations,
	refuse,
	shown,
	text,
} from './fields';
import { customTerm } from './filters';
import { graph, graphPages } from './graph';
import { withoutContext } from './receive';

const on = (...operation: string[]) => shown('calendar', ...operation);
const CALENDARS = '/me/calendars';
const CALENDAR = `${CALENDARS}/:calendarId`;

const COLOR = choice(
	'Color',
	'color',
	[
		['Automatic', 'auto'],
		['Light Blue', 'lightBlue'],
		['Light Brown', 'lightBrown'],
		['Light Gray', 'lightGray'],
		['Light Green', 'lightGreen'],
		['Light Orange', 'lightOrange'],
		['Light Pink', 'lightPink'],
		['Light Red', 'lightRed'],
		['Light Teal', 'lightTeal'],
		['Light Yellow', 'lightYellow'],
	],
	'lightBlue',
	'In which Outlook shows the calendar',
);

const changed = (field: INodeProperties): INodeProperties => ({
	...field,
	routing: { send: { type: 'body', property: field.name } },
});

const GROUP = (description: string) =>
	listed('Calendar Group Name or ID', 'calendarGroup', 'getCalendarGroups', { description });

export const calendarProperties: INodeProperties[] = [
	operations(
		'calendar',
		[
			{ name: 'Create', value: 'create', action: 'Create a calendar' },
			{
				name: 'Delete',
				value: 'delete',
				action: 'Delete a calendar',
				routing: { request: { method: 'DELETE', url: CALENDAR } },
			},
			{
				name: 'Get',
				value: 'get',
				action: 'Get a calendar',
				routing: { request: { method: 'GET', url: CALENDAR } },
			},
			{ name: 'Get Many', value: 'getAll', action: 'Get many calendars' },
			{
				name: 'Update',
				value: 'update',
				action: 'Update a calendar',
				routing: { request: { method: 'PATCH', url: CALENDAR } },
			},
		],
		'getAll',
	),
	existingInPath('calendar', on('delete', 'get', 'update')),
	text('Name', 'name', '', {
		required: true,
		placeholder: 'e.g. Project',
		displayOptions: { show: on('create') },
	}),
	collection('Additional Fields', on('create'), [
		GROUP('The group to put it in; the first, “My Calendars”, unless chosen'),
		COLOR,
	]),
	collection('Update Fields', on('update'), [
		changed(COLOR),
		changed(flag('Default Calendar', 'isDefaultCalendar', 'new events go to this calendar', true)),
		changed(text('Name', 'name')),
	]),
	...returnAllOrLimit(on('getAll')),
	collection('Filters', on('getAll'), [
		GROUP('Only those of this group'),
		text('Filter Query', 'custom', 'In OData', {
			placeholder: 'e.g. canShare eq true',
			hint: 'Search query to filter calendars. <a href="https://learn.microsoft.com/en-us/graph/filter-query-parameter">More info</a>.',
		}),
	]),
];

export const calendarOperations = {
	create: eachItem(async function (itemIndex) {
		const name = String(this.getNodeParameter('name', itemIndex) ?? '').trim();
		if (name === '')
			throw refuse(this, itemIndex, '“Name” is empty', 'Say how the calendar is to be called.');
		const { calendarGroup, color } = collectionOf(this, itemIndex, 'additionalFields');
		const body = { name, ...(color ? { color } : {}) };
		return { json: withoutContext(await graph(this, itemIndex, 'POST', calendarsIn(calendarGroup), body)) };
	}),

	getAll: eachItem(async function (itemIndex) {
		const { calendarGroup, custom } = collectionOf(this, itemIndex, 'filters');
		const filter = customTerm(custom);
		const qs = filter === '' ? {} : { $filter: filter };
		return jsonItems(
			await graphPages(this, itemIndex, calendarsIn(calendarGroup), qs, limitOf(this, itemIndex)),
		);
	}),
};

function calendarsIn(group: unknown): string {
	// n8n's own node keeps a list here, of which the first counts.
	const id = String((Array.isArray(group) ? group[0] : group) ?? '').trim();
	return id === '' ? CALENDARS : `/me/calendarGroups/${encodeURIComponent(id)}/calendars`;
}
