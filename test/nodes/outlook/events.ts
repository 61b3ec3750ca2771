/** Events of calendars. */
import type { OperationCase } from '../operations.ts';
import {
  IMMUTABLE,
  answer,
  deletes,
  event,
  got,
  gets,
  listed,
  nothing,
  patches,
  person,
  picked,
  posts,
  says,
} from './shapes.ts';

const E1 = '/me/events/e1';
const e1 = { eventId: picked('e1') };
const NEW_YORK = 'America/New_York';
const at = (dateTime: string, timeZone = NEW_YORK) => ({ dateTime, timeZone });
const SELECT = 'id,subject,bodyPreview,start,end,organizer,attendees,webLink';
const create = (more: object = {}) =>
  event('create', {
    subject: 'Planning',
    startDateTime: '2026-03-10T09:00:00',
    endDateTime: '2026-03-10T10:00:00',
    ...more,
  });
const made = (path = '/me/events') =>
  answer('POST', path, { '@odata.context': 'x', id: 'e1' }, { status: 201 });
const refusing = (name: string, parameters: object, message: string | RegExp): OperationCase => ({
  name: `event: ${name}`,
  parameters: parameters as never,
  asks: [],
  fails: { message },
});

const writing: OperationCase[] = [
  {
    name: 'event: create, in the workflow’s own zone',
    parameters: create(),
    answers: [made()],
    asks: [
      posts('/me/events', {
        subject: 'Planning',
        start: at('2026-03-10T09:00:00'),
        end: at('2026-03-10T10:00:00'),
      }),
    ],
    gives: [{ id: 'e1' }],
  },
  {
    name: 'event: create with everything, in a calendar and a zone of one’s choice',
    parameters: create({
      calendarId: picked('cal=1'),
      startDateTime: '2026-03-10T08:00:00Z',
      endDateTime: '2026-03-10T10:00:00.000+01:00',
      additionalFields: {
        timeZone: 'Europe/Berlin',
        attendees: {
          values: [
            { email: 'jo@example.com', name: 'Jo', type: 'required' },
            { email: 'max@example.com, eva@example.com', name: '', type: 'optional' },
          ],
        },
        body: '<p>Agenda</p>',
        categories: ['Red'],
        isOnlineMeeting: true,
        onlineMeetingProvider: 'teamsForBusiness',
        location: 'Room 2',
        reminderMinutesBeforeStart: -1,
        recurrence:
          '{"pattern": {"type": "weekly", "interval": 1}, "range": {"type": "noEnd", "startDate": "2026-03-10"}}',
        allowNewTimeProposals: false,
        hideAttendees: true,
        importance: 'high',
        responseRequested: false,
        sensitivity: 'private',
        showAs: 'tentative',
        transactionId: 'order-7',
      },
    }),
    answers: [made('/me/calendars/cal%3D1/events')],
    asks: [
      posts('/me/calendars/cal%3D1/events', {
        allowNewTimeProposals: false,
        hideAttendees: true,
        importance: 'high',
        isOnlineMeeting: true,
        onlineMeetingProvider: 'teamsForBusiness',
        responseRequested: false,
        sensitivity: 'private',
        showAs: 'tentative',
        subject: 'Planning',
        transactionId: 'order-7',
        body: { contentType: 'html', content: '<p>Agenda</p>' },
        categories: ['Red'],
        location: { displayName: 'Room 2' },
        attendees: [
          { ...person('jo@example.com', 'Jo'), type: 'required' },
          { ...person('max@example.com'), type: 'optional' },
          { ...person('eva@example.com'), type: 'optional' },
        ],
        recurrence: {
          pattern: { type: 'weekly', interval: 1 },
          range: { type: 'noEnd', startDate: '2026-03-10' },
        },
        isReminderOn: false,
        start: at('2026-03-10T09:00:00', 'Europe/Berlin'),
        end: at('2026-03-10T10:00:00', 'Europe/Berlin'),
      }),
    ],
    gives: [{ id: 'e1' }],
  },
  {
    name: 'event: create for all day, the last day among them',
    parameters: create({
      startDateTime: '2026-02-27',
      endDateTime: '2026-02-28T12:00:00',
      additionalFields: { isAllDay: true, onlineMeetingProvider: 'skypeForConsumer' },
    }),
    answers: [made()],
    asks: [
      posts('/me/events', {
        isAllDay: true,
        onlineMeetingProvider: 'skypeForConsumer',
        isOnlineMeeting: true,
        subject: 'Planning',
        start: at('2026-02-27T00:00:00'),
        end: at('2026-03-01T00:00:00'),
      }),
    ],
    gives: [{ id: 'e1' }],
  },
  {
    name: 'event: create for one whole day',
    parameters: create({
      startDateTime: '2026-02-27',
      endDateTime: '2026-02-27',
      additionalFields: { isAllDay: true },
    }),
    answers: [made()],
    asks: [
      posts('/me/events', {
        isAllDay: true,
        subject: 'Planning',
        start: at('2026-02-27T00:00:00'),
        end: at('2026-02-28T00:00:00'),
      }),
    ],
    gives: [{ id: 'e1' }],
  },
  {
    name: 'event: create in a zone by Windows’ name',
    parameters: create({
      endDateTime: '2026-03-10T10:00:00Z',
      additionalFields: { timeZone: 'Pacific Standard Time' },
    }),
    answers: [made()],
    asks: [
      posts('/me/events', {
        subject: 'Planning',
        start: at('2026-03-10T09:00:00', 'Pacific Standard Time'),
        end: at('2026-03-10T10:00:00', 'UTC'),
      }),
    ],
    gives: [{ id: 'e1' }],
  },
  refusing(
    'create wants an end after the start',
    create({ endDateTime: '2026-03-10T08:00:00' }),
    'The event ends before it begins',
  ),
  refusing('create wants times', create({ startDateTime: '={{ "" }}' }), '“Start” is empty'),
  refusing('create wants dates that are such', create({ startDateTime: 'soon' }), '“soon” is not a date'),
  refusing(
    'create wants to know how it repeats',
    create({ additionalFields: { recurrence: '{"pattern": {}}' } }),
    /does not say how the event repeats/,
  ),
  refusing(
    'create wants addresses of those invited',
    create({ additionalFields: { attendees: { values: [{ email: 'jo', name: '', type: 'required' }] } } }),
    '“jo” in “Attendees” is not an email address',
  ),
  {
    name: 'event: update',
    parameters: event('update', {
      ...e1,
      updateFields: {
        subject: 'New',
        reminderMinutesBeforeStart: 5,
        start: '2026-03-10T11:00:00',
        end: '2026-03-10T12:00:00',
      },
    }),
    answers: [answer('PATCH', E1, { id: 'e1' })],
    asks: [
      patches(E1, {
        subject: 'New',
        isReminderOn: true,
        reminderMinutesBeforeStart: 5,
        start: at('2026-03-10T11:00:00'),
        end: at('2026-03-10T12:00:00'),
      }),
    ],
    gives: [{ id: 'e1' }],
  },
  refusing(
    'update wants something to update',
    event('update', { ...e1, updateFields: {} }),
    'There is nothing to update',
  ),
  {
    name: 'event: delete',
    parameters: event('delete', e1),
    answers: [nothing('DELETE', E1)],
    asks: [deletes(E1)],
    gives: [{ success: true }],
  },
  {
    name: 'event: respond, without a word to the organizer',
    parameters: event('respond', { ...e1, response: 'decline', options: { sendResponse: false } }),
    answers: [nothing('POST', `${E1}/decline`, 202)],
    asks: [posts(`${E1}/decline`, { sendResponse: false })],
    gives: [{ success: true }],
  },
  {
    name: 'event: respond with a comment',
    parameters: event('respond', { ...e1, response: 'accept', options: { comment: 'Gladly' } }),
    answers: [nothing('POST', `${E1}/accept`, 202)],
    asks: [posts(`${E1}/accept`, { sendResponse: true, comment: 'Gladly' })],
    gives: [{ success: true }],
  },
  {
    name: 'event: cancel',
    parameters: event('cancel', { ...e1, options: { comment: 'Sorry' } }),
    answers: [nothing('POST', `${E1}/cancel`, 202)],
    asks: [posts(`${E1}/cancel`, { comment: 'Sorry' })],
    gives: [{ success: true }],
  },
  {
    name: 'event: cancel of a meeting of somebody else',
    parameters: event('cancel', e1),
    answers: [
      says(
        'POST',
        `${E1}/cancel`,
        400,
        'ErrorInvalidRequest',
        'You need to be an organizer to cancel a meeting.',
      ),
    ],
    asks: [posts(`${E1}/cancel`)],
    fails: { message: 'You need to be an organizer to cancel a meeting.', httpCode: '400' },
  },
];

const EVENT = { id: 'e1', subject: 'Planning' };

const reading: OperationCase[] = [
  {
    name: 'event: get, its times in a zone of one’s choice',
    parameters: event('get', { ...e1, options: { timeZone: 'Europe/Berlin', bodyAsText: true } }),
    answers: [got(E1, { '@odata.context': 'x', ...EVENT })],
    asks: [
      gets(
        E1,
        { $select: SELECT },
        `${IMMUTABLE}, outlook.body-content-type="text", outlook.timezone="Europe/Berlin"`,
      ),
    ],
    gives: [EVENT],
  },
  {
    name: 'event: get many from all calendars, up to the limit',
    parameters: event('getAll', { returnAll: false, limit: 2 }),
    answers: [
      listed('/me/calendars', [{ id: 'c1' }, { id: 'c=2' }, { id: 'c3' }]),
      listed('/me/calendars/c1/events', [EVENT]),
      listed('/me/calendars/c%3D2/events', [EVENT]),
    ],
    asks: [
      gets('/me/calendars', { $select: 'id', $top: '100' }),
      gets('/me/calendars/c1/events', { $select: SELECT, $top: '2' }),
      gets('/me/calendars/c%3D2/events', { $select: SELECT, $top: '1' }),
    ],
    gives: [EVENT, EVENT],
  },
  {
    name: 'event: get many of the default calendar, filtered',
    parameters: event('getAll', {
      returnAll: true,
      fromAllCalendars: false,
      output: 'fields',
      fields: ['subject'],
      filters: {
        startsAfter: '2026-03-01T00:00:00Z',
        startsBefore: '2026-04-01T00:00:00Z',
        subject: "Jo's",
        custom: 'isAllDay eq true',
      },
    }),
    answers: [listed('/me/events', [EVENT])],
    asks: [
      gets('/me/events', {
        $select: 'subject,id',
        $filter:
          "start/dateTime ge '2026-03-01T00:00:00' and start/dateTime le '2026-04-01T00:00:00' and contains(subject,'Jo''s') and isAllDay eq true",
        $top: '100',
      }),
    ],
    gives: [EVENT],
  },
  {
    name: 'event: get many, occurrence by occurrence',
    parameters: event('getAll', {
      returnAll: true,
      fromAllCalendars: false,
      calendarId: picked('c1'),
      includeRecurringInstances: true,
      startDateTime: '2026-03-01T00:00:00',
      endDateTime: '2026-03-08T00:00:00Z',
      output: 'raw',
    }),
    answers: [
      listed('/me/calendars/c1/calendarView', [EVENT], {
        '@odata.nextLink': '{{api}}/me/calendars/c1/calendarView?startDateTime=a&endDateTime=b&$skip=100',
      }),
      listed('/me/calendars/c1/calendarView', [EVENT]),
    ],
    asks: [
      gets('/me/calendars/c1/calendarView', {
        startDateTime: '2026-03-01T05:00:00Z',
        endDateTime: '2026-03-08T00:00:00Z',
        $top: '100',
      }),
      gets('/me/calendars/c1/calendarView', { startDateTime: 'a', endDateTime: 'b', $skip: '100' }),
    ],
    gives: [EVENT, EVENT],
  },
];

export const events: OperationCase[] = [...writing, ...reading];
