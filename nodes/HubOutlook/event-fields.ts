/** https://learn.microsoft.com/graph/api/resources/event: what can be said of an event, and how Graph has it. */
import type { IDataObject, IExecuteFunctions, INodeProperties } from 'n8n-workflow';
import { CATEGORIES, contentType, MESSAGE_TYPE } from './content';
import { choice, flag, IMPORTANCE, listed, listOf, moment, refuse, text } from './fields';
import { recipients } from './recipients';
import { midnight, nextDay, zonedTime } from './times';

const ATTENDEES: INodeProperties = {
	displayName: 'Attendees',
	name: 'attendees',
	type: 'fixedCollection',
	typeOptions: { multipleValues: true },
	placeholder: 'Add attendee',
	default: {},
	description: 'Outlook sends them the invitation',
	options: [
		{
			displayName: 'Values',
			name: 'values',
			values: [
				text('Email', 'email', 'Several are separated by commas', { placeholder: 'e.g. jo@example.com' }),
				text('Name', 'name'),
				choice(
					'Type',
					'type',
					[
						['Optional', 'optional'],
						['Required', 'required'],
						['Resource', 'resource'],
					],
					'required',
				),
			],
		},
	],
};

const RECURRENCE: INodeProperties = {
	displayName: 'Recurrence (JSON)',
	name: 'recurrence',
	type: 'json',
	default: '',
	placeholder:
		'e.g. {"pattern": {"type": "weekly", "interval": 1, "daysOfWeek": ["monday"]}, "range": {"type": "endDate", "startDate": "2026-03-02", "endDate": "2026-06-01"}}',
	description:
		'The event repeats so. <a href="https://learn.microsoft.com/graph/api/resources/patternedrecurrence">What it takes</a>.',
};

export const EVENT_TEXTS: INodeProperties[] = [
	ATTENDEES,
	CATEGORIES,
	text('Description', 'body', 'What the event is about', { typeOptions: { rows: 4 } }),
	{ ...MESSAGE_TYPE, displayName: 'Description Type' } as INodeProperties,
	flag('Allow New Time Proposals', 'allowNewTimeProposals', 'those invited may propose another time', true),
	flag('Hide Attendees', 'hideAttendees', 'those invited see only themselves in the list'),
	choice('Importance', 'importance', IMPORTANCE, 'normal'),
	flag('Is All Day', 'isAllDay', 'the event lasts all day; its last day is that of “End”'),
	flag(
		'Is Online Meeting',
		'isOnlineMeeting',
		'people meet online: Outlook makes the meeting and puts its link into the event',
		true,
	),
	text('Location', 'location', '', { placeholder: 'e.g. Room 2' }),
	choice(
		'Online Meeting Provider',
		'onlineMeetingProvider',
		[
			['Microsoft Teams', 'teamsForBusiness'],
			['Skype', 'skypeForConsumer'],
			['Skype for Business', 'skypeForBusiness'],
		],
		'teamsForBusiness',
		'The calendar’s own default unless chosen',
	),
	RECURRENCE,
	{
		displayName: 'Reminder Minutes Before Start',
		name: 'reminderMinutesBeforeStart',
		type: 'number',
		typeOptions: { minValue: -1 },
		default: 15,
		description: 'No reminder where it is -1',
	},
	flag('Response Requested', 'responseRequested', 'those invited are asked to answer', true),
	choice(
		'Sensitivity',
		'sensitivity',
		[
			['Confidential', 'confidential'],
			['Normal', 'normal'],
			['Personal', 'personal'],
			['Private', 'private'],
		],
		'normal',
	),
	choice(
		'Show As',
		'showAs',
		[
			['Busy', 'busy'],
			['Free', 'free'],
			['Out of Office', 'oof'],
			['Tentative', 'tentative'],
			['Working Elsewhere', 'workingElsewhere'],
		],
		'busy',
	),
	listed('Time Zone Name or ID', 'timeZone', 'getTimeZones', {
		description: 'That of “Start” and “End”; the workflow’s own unless chosen',
	}),
];

export const TRANSACTION = text(
	'Transaction ID',
	'transactionId',
	'Outlook makes no second event with the same: for runs that may be repeated',
);

export const TIMES: INodeProperties[] = [
	moment('End', 'end', 'To change the time of an event, give both start and end'),
	moment('Start', 'start', 'To change the time of an event, give both start and end'),
];

const AS_GIVEN = [
	'allowNewTimeProposals',
	'hideAttendees',
	'importance',
	'isAllDay',
	'isOnlineMeeting',
	'onlineMeetingProvider',
	'responseRequested',
	'sensitivity',
	'showAs',
	'subject',
	'transactionId',
];

/** @param fields `start` and `end` among them where they are set */
export function eventOf(context: IExecuteFunctions, itemIndex: number, fields: IDataObject): IDataObject {
	const event: IDataObject = {};
	for (const name of AS_GIVEN)
		if (fields[name] !== undefined && fields[name] !== '') event[name] = fields[name];
	if (fields.onlineMeetingProvider && fields.isOnlineMeeting === undefined) event.isOnlineMeeting = true;
	if (fields.body !== undefined)
		event.body = { contentType: contentType(fields), content: String(fields.body) };
	if (fields.categories !== undefined) event.categories = listOf(fields.categories);
	if (fields.location !== undefined) event.location = { displayName: String(fields.location) };
	if (fields.attendees !== undefined) event.attendees = attendeesOf(context, itemIndex, fields.attendees);
	if (fields.recurrence !== undefined && fields.recurrence !== '')
		event.recurrence = recurrenceOf(context, itemIndex, fields.recurrence);
	if (fields.reminderMinutesBeforeStart !== undefined) {
		const minutes = Number(fields.reminderMinutesBeforeStart);
		event.isReminderOn = minutes >= 0;
		if (minutes >= 0) event.reminderMinutesBeforeStart = minutes;
	}
	return { ...event, ...timesOf(context, itemIndex, fields) };
}

function timesOf(context: IExecuteFunctions, itemIndex: number, fields: IDataObject): IDataObject {
	const timeZone = String(fields.timeZone || context.getTimezone());
	const start = fields.start ? zonedTime(context, itemIndex, fields.start, timeZone) : null;
	const end = fields.end ? zonedTime(context, itemIndex, fields.end, timeZone) : null;
	if (start && end && start.timeZone === end.timeZone && end.dateTime < start.dateTime)
		throw refuse(
			context,
			itemIndex,
			'The event ends before it begins',
			`It begins at ${start.dateTime} and ends at ${end.dateTime} (${start.timeZone}).`,
		);
	if (!fields.isAllDay) return { ...(start ? { start } : {}), ...(end ? { end } : {}) };
	// From midnight to midnight; the day of the end belongs to it.
	const isMidnight =
		start !== null && end !== null && /T00:00:00$/.test(end.dateTime) && end.dateTime > start.dateTime;
	return {
		...(start ? { start: midnight(start) } : {}),
		...(end ? { end: isMidnight ? midnight(end) : { ...end, dateTime: nextDay(end.dateTime) } } : {}),
	};
}

function attendeesOf(context: IExecuteFunctions, itemIndex: number, given: unknown): IDataObject[] {
	const { values = [] } = given as { values?: { email?: unknown; name?: unknown; type?: string }[] };
	return values.flatMap(({ email, name, type = 'required' }) => {
		const found = recipients(context, itemIndex, email, 'Attendees');
		const label = String(name ?? '').trim();
		return found.map(({ emailAddress }) => ({
			emailAddress: { ...emailAddress, ...(label === '' || found.length > 1 ? {} : { name: label }) },
			type,
		}));
	});
}

function recurrenceOf(context: IExecuteFunctions, itemIndex: number, given: unknown): IDataObject {
	const read = parsed(given) as { pattern?: unknown; range?: unknown } | null;
	if (typeof read === 'object' && read !== null && read.pattern && read.range) return read as IDataObject;
	throw refuse(
		context,
		itemIndex,
		'“Recurrence” does not say how the event repeats',
		'It is JSON with a “pattern” and a “range”, as Microsoft’s documentation of patternedRecurrence shows.',
	);
}

function parsed(given: unknown): unknown {
	if (typeof given !== 'string') return given;
	try {
		return JSON.parse(given);
	} catch {
		return null;
	}
}
