/** Calendars, conversations, messages, and what HighLevel refuses. */
import type { OperationCase } from '../operations.ts';
import { call, id, LOCATION, run } from './records.ts';

const from = Date.UTC(2026, 0, 31);
const until = Date.UTC(2026, 1, 2);
const days = { startTime: '2026-01-31T00:00:00Z', endTime: '2026-02-02T00:00:00Z' };

const calendars: OperationCase[] = [
  {
    name: 'calendar: get many',
    parameters: run('calendar', 'getAll'),
    ...call('GET', '/calendars/', { calendars: [{ id: 'k1' }] }, { query: { locationId: LOCATION } }),
    gives: [{ id: 'k1' }],
  },
  {
    name: 'calendar: get free slots, a day each',
    parameters: run('calendar', 'getFreeSlots', {
      calendarId: id('k1'),
      ...days,
      options: { timezone: 'Europe/Berlin' },
    }),
    ...call(
      'GET',
      '/calendars/k1/free-slots',
      { '2026-01-31': { slots: ['2026-01-31T09:00:00+01:00'] }, '2026-02-01': {}, traceId: 't' },
      { query: { startDate: String(from), endDate: String(until), timezone: 'Europe/Berlin' } },
    ),
    gives: [
      { date: '2026-01-31', slots: ['2026-01-31T09:00:00+01:00'] },
      { date: '2026-02-01', slots: [] },
    ],
  },
  {
    name: 'calendar: get events',
    parameters: run('calendar', 'getEvents', { calendarId: id('k1'), ...days }),
    ...call(
      'GET',
      '/calendars/events',
      { events: [{ id: 'e1' }] },
      {
        query: {
          locationId: LOCATION,
          calendarId: 'k1',
          startTime: String(from),
          endTime: String(until),
        },
      },
    ),
    gives: [{ id: 'e1' }],
  },
  {
    name: 'calendar: book appointment',
    parameters: run('calendar', 'bookAppointment', {
      calendarId: id('k1'),
      contactId: id('c1'),
      startTime: '2026-01-31T09:00:00+01:00',
      additionalFields: { title: 'Meet', endTime: '2026-01-31T09:30:00+01:00', toNotify: false },
    }),
    ...call(
      'POST',
      '/calendars/events/appointments',
      { id: 'e1' },
      {
        json: {
          locationId: LOCATION,
          calendarId: 'k1',
          contactId: 'c1',
          startTime: '2026-01-31T08:00:00.000Z',
          title: 'Meet',
          endTime: '2026-01-31T08:30:00.000Z',
          toNotify: false,
        },
      },
    ),
    gives: [{ id: 'e1' }],
  },
  {
    name: 'calendar: get appointment',
    parameters: run('calendar', 'getAppointment', { appointmentId: 'e1' }),
    ...call('GET', '/calendars/events/appointments/e1', { event: { id: 'e1' } }),
    gives: [{ id: 'e1' }],
  },
  {
    name: 'calendar: update appointment',
    parameters: run('calendar', 'updateAppointment', {
      appointmentId: 'e1',
      updateFields: { appointmentStatus: 'cancelled' },
    }),
    ...call(
      'PUT',
      '/calendars/events/appointments/e1',
      { id: 'e1' },
      {
        json: { appointmentStatus: 'cancelled' },
      },
    ),
    gives: [{ id: 'e1' }],
  },
  {
    name: 'calendar: delete appointment',
    parameters: run('calendar', 'deleteAppointment', { appointmentId: 'e1' }),
    ...call('DELETE', '/calendars/events/e1', { succeeded: true }),
    gives: [{ id: 'e1', deleted: true }],
  },
];

const conversations: OperationCase[] = [
  {
    name: 'conversation: get',
    parameters: run('conversation', 'get', { conversationId: 'v1' }),
    ...call('GET', '/conversations/v1', { id: 'v1' }),
    gives: [{ id: 'v1' }],
  },
  {
    name: 'conversation: get many, over two pages',
    parameters: run('conversation', 'getAll', { returnAll: true, filters: { status: 'unread' } }),
    answers: [
      {
        method: 'GET',
        path: '/conversations/search',
        body: {
          conversations: Array.from({ length: 100 }, (_none, n) => ({
            id: String(n),
            lastMessageDate: 1000 - n,
          })),
        },
      },
      { method: 'GET', path: '/conversations/search', body: { conversations: [] } },
    ],
    asks: [{}, { startAfterDate: '901' }].map((after) => ({
      method: 'GET',
      path: '/conversations/search',
      query: { locationId: LOCATION, status: 'unread', limit: '100', ...after },
    })),
    gives: Array.from({ length: 100 }, (_none, n) => ({ id: String(n), lastMessageDate: 1000 - n })),
  },
  {
    name: 'message: send an SMS',
    parameters: run('message', 'send', {
      type: 'SMS',
      contactId: id('c1'),
      message: 'Hello',
      additionalFields: { fromNumber: '+15550100' },
    }),
    ...call(
      'POST',
      '/conversations/messages',
      { conversationId: 'v1', messageId: 'm1' },
      {
        json: { type: 'SMS', contactId: 'c1', message: 'Hello', fromNumber: '+15550100' },
      },
    ),
    gives: [{ conversationId: 'v1', messageId: 'm1' }],
  },
  {
    name: 'message: send an e-mail',
    parameters: run('message', 'send', {
      type: 'Email',
      contactId: id('c1'),
      subject: 'Hi',
      html: '<p>Hello</p>',
      additionalFields: { emailCc: 'a@example.com, b@example.com', attachments: 'https://example.com/a.pdf' },
    }),
    ...call(
      'POST',
      '/conversations/messages',
      { messageId: 'm1' },
      {
        json: {
          type: 'Email',
          contactId: 'c1',
          subject: 'Hi',
          html: '<p>Hello</p>',
          emailCc: ['a@example.com', 'b@example.com'],
          attachments: ['https://example.com/a.pdf'],
        },
      },
    ),
    gives: [{ messageId: 'm1' }],
  },
  {
    name: 'message: send without words is refused before it is sent',
    parameters: run('message', 'send', {
      type: 'SMS',
      contactId: id('c1'),
      message: '',
      additionalFields: {},
    }),
    asks: [],
    fails: { message: 'Message is empty' },
  },
  {
    name: 'message: get',
    parameters: run('message', 'get', { messageId: 'm1' }),
    ...call('GET', '/conversations/messages/m1', { message: { id: 'm1' } }),
    gives: [{ id: 'm1' }],
  },
  {
    name: 'message: get many, over two pages',
    parameters: run('message', 'getAll', { conversationId: 'v1', returnAll: false, limit: 101 }),
    answers: [
      {
        method: 'GET',
        path: '/conversations/v1/messages',
        body: {
          messages: {
            messages: Array.from({ length: 100 }, (_none, n) => ({ id: String(n) })),
            lastMessageId: '99',
            nextPage: true,
          },
        },
      },
      {
        method: 'GET',
        path: '/conversations/v1/messages',
        body: { messages: { messages: [{ id: '100' }], lastMessageId: '100', nextPage: false } },
      },
    ],
    asks: [
      { method: 'GET', path: '/conversations/v1/messages', query: { limit: '100' } },
      { method: 'GET', path: '/conversations/v1/messages', query: { limit: '1', lastMessageId: '99' } },
    ],
    gives: Array.from({ length: 101 }, (_none, n) => ({ id: String(n) })),
  },
  {
    name: 'custom API call',
    parameters: run('customApiCall', 'call', { method: 'GET', path: `/locations/${LOCATION}` }),
    ...call('GET', `/locations/${LOCATION}`, { location: { id: LOCATION } }),
    gives: [{ location: { id: LOCATION } }],
  },
];

const get = run('contact', 'get', { contactId: id('c1') });
const asksGet = { method: 'GET', path: '/contacts/c1' };
const refuses = (status: number, body: object, headers: Record<string, string> = {}) => [
  { method: 'GET', path: '/contacts/c1', status, headers, body },
];
const refusals: OperationCase[] = [
  {
    name: 'several fields at fault are all named',
    parameters: get,
    answers: refuses(422, {
      statusCode: 422,
      message: ['email must be an email', 'phone must be a string'],
      error: 'Unprocessable Entity',
    }),
    asks: [asksGet],
    fails: {
      message: 'email must be an email; phone must be a string',
      description: /this sub-account/,
      httpCode: '422',
    },
  },
  {
    name: 'a contact that is not there',
    parameters: get,
    answers: refuses(400, { statusCode: 400, message: 'Contact not found for id: c1', error: 'Bad Request' }),
    asks: [asksGet],
    fails: { message: /Contact not found/, description: /Create or Update/ },
  },
  {
    name: 'a rate limit without retrying says when',
    parameters: get,
    answers: refuses(
      429,
      { statusCode: 429, message: 'Too Many Requests' },
      {
        'x-ratelimit-interval-milliseconds': '10000',
      },
    ),
    asks: [asksGet],
    fails: { message: 'Too Many Requests', description: /10 s/, httpCode: '429' },
  },
  {
    name: 'a rate limit is waited out where the node retries',
    parameters: get,
    settings: { retryOnFail: true, maxTries: 3, waitBetweenTries: 0 },
    answers: [
      ...refuses(429, { statusCode: 429, message: 'Too Many Requests' }, { 'retry-after': '0' }),
      { method: 'GET', path: '/contacts/c1', body: { contact: { id: 'c1' } } },
    ],
    asks: [asksGet, asksGet],
    gives: [{ id: 'c1' }],
  },
  {
    name: 'one of two items fails, and the node goes on',
    parameters: run('contact', 'delete', { contactId: '={{ $json.id }}' }),
    items: [{ json: { id: 'c1' } }, { json: { id: 'c2' } }],
    settings: { onError: 'continueRegularOutput', continueOnFail: true },
    answers: [
      {
        method: 'DELETE',
        path: '/contacts/c1',
        status: 404,
        body: { message: 'Not Found', statusCode: 404 },
      },
      { method: 'DELETE', path: '/contacts/c2', body: { succeded: true } },
    ],
    asks: [
      { method: 'DELETE', path: '/contacts/c1' },
      { method: 'DELETE', path: '/contacts/c2' },
    ],
    gives: [{ error: 'Not Found' }, { id: 'c2', deleted: true }],
  },
];

export const talking = [...calendars, ...conversations, ...refusals];
