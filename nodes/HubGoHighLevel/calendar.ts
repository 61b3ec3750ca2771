/** Calendars and appointments. https://marketplace.gohighlevel.com/docs/ghl/calendars/calendars */
import type { IDataObject, INodeProperties } from 'n8n-workflow';
import { chosen, eachItem, jsonItems, needed } from '../transport';
import { call, changes, given, locationOf, timeOf } from './call';
import { collection, fromList, locator, operation, text } from './fields';

const show = (...operations: string[]) => ({ resource: ['calendar'], operation: operations });

const time = (displayName: string, name: string): INodeProperties => ({
	displayName,
	name,
	type: 'dateTime',
	default: '',
});
const start = time('Start', 'startTime');
const end = time('End', 'endTime');
const more: INodeProperties[] = [
	text('Address', 'address', 'Where it takes place, or the link of the call'),
	{
		displayName: 'Appointment Status',
		name: 'appointmentStatus',
		type: 'options',
		options: ['cancelled', 'confirmed', 'invalid', 'new', 'noshow', 'showed'].map((value) => ({
			name: value === 'noshow' ? 'No Show' : value.charAt(0).toUpperCase() + value.slice(1),
			value,
		})),
		default: 'confirmed',
	},
	fromList('Assigned To Name or ID', 'assignedUserId', 'getUsers'),
	text('Description', 'description'),
	{
		displayName: 'Ignore Date Range',
		name: 'ignoreDateRange',
		type: 'boolean',
		default: false,
		description: 'Whether to book outside the minimum notice and the date range of the calendar',
	},
	{
		displayName: 'Ignore Free Slots',
		name: 'ignoreFreeSlotValidation',
		type: 'boolean',
		default: false,
		description: 'Whether to book a time that is not free',
	},
	{
		displayName: 'Notify',
		name: 'toNotify',
		type: 'boolean',
		default: true,
		description: 'Whether automations run for it',
	},
	text('Title', 'title'),
];

export const calendarProperties: INodeProperties[] = [
	operation(
		'calendar',
		[
			{ name: 'Book Appointment', value: 'bookAppointment', action: 'Book an appointment' },
			{ name: 'Delete Appointment', value: 'deleteAppointment', action: 'Delete an appointment' },
			{ name: 'Get Appointment', value: 'getAppointment', action: 'Get an appointment' },
			{ name: 'Get Free Slots', value: 'getFreeSlots', action: 'Get free slots of a calendar' },
			{ name: 'Get Many', value: 'getAll', action: 'Get many calendars' },
			{ name: 'Get Many Events', value: 'getEvents', action: 'Get many events of a calendar' },
			{ name: 'Update Appointment', value: 'updateAppointment', action: 'Update an appointment' },
		],
		'bookAppointment',
	),
	locator('Calendar', 'calendarId', 'searchCalendars', show('bookAppointment', 'getEvents', 'getFreeSlots')),
	locator('Contact', 'contactId', 'searchContacts', show('bookAppointment')),
	{
		...text('Appointment ID', 'appointmentId'),
		required: true,
		displayOptions: { show: show('deleteAppointment', 'getAppointment', 'updateAppointment') },
	},
	{
		...start,
		required: true,
		displayOptions: { show: show('bookAppointment', 'getEvents', 'getFreeSlots') },
	},
	{ ...end, required: true, displayOptions: { show: show('getEvents', 'getFreeSlots') } },
	collection('Additional Fields', 'additionalFields', show('bookAppointment'), [end, ...more]),
	collection('Update Fields', 'updateFields', show('updateAppointment'), [start, end, ...more]),
	collection('Options', 'options', show('getFreeSlots'), [
		text('Timezone', 'timezone', 'Of the times that are put out, such as America/New_York'),
		fromList('User Name or ID', 'userId', 'getUsers'),
	]),
];

type Run = Parameters<typeof given>[0];

const at = (run: Run, item: number) =>
	`/calendars/events/appointments/${encodeURIComponent(needed(run, 'appointmentId', 'Appointment ID', item))}`;
const timeIn = (run: Run, item: number, name: string, what: string) =>
	timeOf(run, item, what, run.getNodeParameter(name, item, ''));

/** The times among fields that are filled in. */
function withTimes(run: Run, item: number, fields: IDataObject): IDataObject {
	const times = Object.entries({ startTime: 'Start', endTime: 'End' }).filter(([name]) => name in fields);
	return {
		...fields,
		...Object.fromEntries(times.map(([name, what]) => [name, timeOf(run, item, what, fields[name])])),
	};
}

export const calendarOperations = {
	getAll: eachItem(async function (item) {
		const qs = { locationId: await locationOf(this, item) };
		const { calendars } = await call<{ calendars: IDataObject[] }>(this, item, 'GET', '/calendars/', { qs });
		return jsonItems(calendars);
	}),
	/** HighLevel answers `{"2026-01-31": {slots: […]}, traceId}`. */
	getFreeSlots: eachItem(async function (item) {
		const calendar = encodeURIComponent(needed(this, 'calendarId', 'Calendar', item));
		const days = await call(this, item, 'GET', `/calendars/${calendar}/free-slots`, {
			qs: {
				startDate: Date.parse(timeIn(this, item, 'startTime', 'Start')),
				endDate: Date.parse(timeIn(this, item, 'endTime', 'End')),
				...given(this, item, 'options'),
			},
		});
		return jsonItems(
			Object.entries(days)
				.filter(([date]) => /^\d{4}-\d\d-\d\d$/.test(date))
				.map(([date, day]) => ({ date, slots: (day as { slots?: string[] }).slots ?? [] })),
		);
	}),
	getEvents: eachItem(async function (item) {
		const { events } = await call<{ events: IDataObject[] }>(this, item, 'GET', '/calendars/events', {
			qs: {
				locationId: await locationOf(this, item),
				calendarId: needed(this, 'calendarId', 'Calendar', item),
				startTime: Date.parse(timeIn(this, item, 'startTime', 'Start')),
				endTime: Date.parse(timeIn(this, item, 'endTime', 'End')),
			},
		});
		return jsonItems(events);
	}),
	bookAppointment: eachItem(async function (item) {
		const body = {
			locationId: await locationOf(this, item),
			calendarId: needed(this, 'calendarId', 'Calendar', item),
			contactId: needed(this, 'contactId', 'Contact', item),
			startTime: timeIn(this, item, 'startTime', 'Start'),
			...withTimes(this, item, given(this, item, 'additionalFields')),
		};
		return { json: await call(this, item, 'POST', '/calendars/events/appointments', { body }) };
	}),
	getAppointment: eachItem(async function (item) {
		const { appointment, event } = await call<{ appointment?: IDataObject; event?: IDataObject }>(
			this,
			item,
			'GET',
			at(this, item),
		);
		return { json: appointment ?? event ?? {} };
	}),
	updateAppointment: eachItem(async function (item) {
		const body = withTimes(this, item, changes(this, item, 'updateFields'));
		return { json: await call(this, item, 'PUT', at(this, item), { body }) };
	}),
	deleteAppointment: eachItem(async function (item) {
		const id = needed(this, 'appointmentId', 'Appointment ID', item);
		await call(this, item, 'DELETE', `/calendars/events/${encodeURIComponent(id)}`);
		return { json: { id: chosen(this, 'appointmentId', item), deleted: true } };
	}),
};
