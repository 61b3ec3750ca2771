/** Calendars and contacts. */
import type { OperationCase } from '../operations.ts';
import {
  answer,
  calendar,
  contact,
  deletes,
  got,
  gets,
  listed,
  nothing,
  patches,
  picked,
  posts,
} from './shapes.ts';

const C1 = '/me/calendars/c1';
const c1 = { calendarId: picked('c1') };

export const calendars: OperationCase[] = [
  {
    name: 'calendar: create',
    parameters: calendar('create', { name: 'Project', additionalFields: { color: 'lightRed' } }),
    answers: [answer('POST', '/me/calendars', { '@odata.context': 'x', id: 'c1' }, { status: 201 })],
    asks: [posts('/me/calendars', { name: 'Project', color: 'lightRed' })],
    gives: [{ id: 'c1' }],
  },
  {
    name: 'calendar: create in a group',
    parameters: calendar('create', { name: 'Project', additionalFields: { calendarGroup: 'g=1' } }),
    answers: [answer('POST', '/me/calendarGroups/g%3D1/calendars', { id: 'c1' }, { status: 201 })],
    asks: [posts('/me/calendarGroups/g%3D1/calendars', { name: 'Project' })],
    gives: [{ id: 'c1' }],
  },
  {
    name: 'calendar: create wants a name',
    parameters: calendar('create', { name: ' ' }),
    asks: [],
    fails: { message: '“Name” is empty' },
  },
  {
    name: 'calendar: get',
    parameters: calendar('get', c1),
    answers: [got(C1, { id: 'c1' })],
    asks: [{ method: 'GET', path: C1 }],
    gives: [{ id: 'c1' }],
  },
  {
    name: 'calendar: get many of a group',
    parameters: calendar('getAll', {
      returnAll: false,
      limit: 3,
      filters: { calendarGroup: 'g1', custom: 'canShare eq true' },
    }),
    answers: [listed('/me/calendarGroups/g1/calendars', [{ id: 'c1' }])],
    asks: [gets('/me/calendarGroups/g1/calendars', { $filter: 'canShare eq true', $top: '3' })],
    gives: [{ id: 'c1' }],
  },
  {
    name: 'calendar: update',
    parameters: calendar('update', {
      ...c1,
      updateFields: { name: 'New', color: 'auto', isDefaultCalendar: true },
    }),
    answers: [answer('PATCH', C1, { id: 'c1', name: 'New' })],
    asks: [
      {
        method: 'PATCH',
        path: C1,
        body: { json: { name: 'New', color: 'auto', isDefaultCalendar: true } },
      },
    ],
    gives: [{ id: 'c1', name: 'New' }],
  },
  {
    name: 'calendar: delete',
    parameters: calendar('delete', c1),
    answers: [nothing('DELETE', C1)],
    asks: [{ method: 'DELETE', path: C1 }],
    gives: [{ success: true }],
  },
];

const K1 = '/me/contacts/k1';
const k1 = { contactId: picked('k1') };
const SELECT =
  'id,givenName,surname,displayName,emailAddresses,businessPhones,mobilePhone,companyName,jobTitle';

export const contacts: OperationCase[] = [
  {
    name: 'contact: create with everything, in a folder',
    parameters: contact('create', {
      givenName: 'Jo',
      surname: 'Doe',
      additionalFields: {
        contactFolder: 'f=1',
        birthday: '1990-05-06',
        businessAddress: { values: { city: 'Berlin', countryOrRegion: 'Germany' } },
        businessPhones: '+49 30 1, +49 30 2',
        categories: ['Red'],
        emailAddresses: {
          values: [
            { address: 'jo@example.com', name: 'Jo Doe' },
            { address: 'j@example.com', name: '' },
          ],
        },
        companyName: 'Example',
      },
    }),
    answers: [
      answer(
        'POST',
        '/me/contactFolders/f%3D1/contacts',
        { '@odata.context': 'x', id: 'k1' },
        { status: 201 },
      ),
    ],
    asks: [
      posts('/me/contactFolders/f%3D1/contacts', {
        birthday: '1990-05-06T11:59:00Z',
        businessAddress: { city: 'Berlin', countryOrRegion: 'Germany' },
        businessPhones: ['+49 30 1', '+49 30 2'],
        categories: ['Red'],
        emailAddresses: [{ address: 'jo@example.com', name: 'Jo Doe' }, { address: 'j@example.com' }],
        companyName: 'Example',
        givenName: 'Jo',
        surname: 'Doe',
      }),
    ],
    gives: [{ id: 'k1' }],
  },
  {
    name: 'contact: get',
    parameters: contact('get', k1),
    answers: [got(K1, { '@odata.context': 'x', id: 'k1' })],
    asks: [gets(K1, { $select: SELECT })],
    gives: [{ id: 'k1' }],
  },
  {
    name: 'contact: get many, filtered',
    parameters: contact('getAll', {
      returnAll: true,
      output: 'fields',
      fields: ['title'],
      filters: { emailAddress: 'jo@example.com', displayName: "O'N", custom: "companyName eq 'x'" },
    }),
    answers: [listed('/me/contacts', [{ id: 'k1' }])],
    asks: [
      gets('/me/contacts', {
        $select: 'title,id',
        $filter:
          "emailAddresses/any(a:a/address eq 'jo@example.com') and startswith(displayName,'O''N') and companyName eq 'x'",
        $top: '100',
      }),
    ],
    gives: [{ id: 'k1' }],
  },
  {
    name: 'contact: update, clearing what is emptied',
    parameters: contact('update', {
      ...k1,
      updateFields: {
        jobTitle: '',
        homePhones: '',
        emailAddresses: { values: [{ address: 'jo@example.com' }] },
        birthday: '',
      },
    }),
    answers: [answer('PATCH', K1, { id: 'k1' })],
    asks: [
      patches(K1, {
        jobTitle: '',
        homePhones: [],
        emailAddresses: [{ address: 'jo@example.com' }],
        birthday: null,
      }),
    ],
    gives: [{ id: 'k1' }],
  },
  {
    name: 'contact: update wants something to update',
    parameters: contact('update', { ...k1, updateFields: {} }),
    asks: [],
    fails: { message: 'There is nothing to update' },
  },
  {
    name: 'contact: delete',
    parameters: contact('delete', k1),
    answers: [nothing('DELETE', K1)],
    asks: [deletes(K1)],
    gives: [{ success: true }],
  },
];

export const custom: OperationCase = {
  name: 'custom API call, as the stand-in answers it',
  parameters: {
    resource: 'customApiCall',
    operation: 'call',
    method: 'GET',
    path: '/me/messages',
    query: { pairs: [{ name: '$top', value: '1' }] },
    options: {},
  },
  answers: [got('/me/messages', { value: [{ id: 'm1' }] })],
  asks: [{ method: 'GET', path: '/me/messages', query: { $top: '1' } }],
  gives: [{ value: [{ id: 'm1' }] }],
};
