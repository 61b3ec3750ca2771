/** Engagements, associations, lists, owners, and what HubSpot refuses. */
import type { OperationCase } from '../operations.ts';
import { id, run } from './records.ts';

const OBJECTS = '/crm/v3/objects';
const NOTE = 'hs_timestamp,hs_note_body,hubspot_owner_id';

const engagements: OperationCase[] = [
  {
    name: 'engagement: create a note on a contact',
    parameters: run('engagement', 'create', {
      type: 'notes',
      time: '2026-01-31T12:00:00Z',
      additionalFields: { hs_note_body: 'Called back', links: { link: [{ to: 'contacts', ids: '7' }] } },
    }),
    answers: [{ method: 'POST', path: `${OBJECTS}/notes`, status: 201, body: { id: '1' } }],
    asks: [
      {
        method: 'POST',
        path: `${OBJECTS}/notes`,
        body: {
          json: {
            properties: { hs_timestamp: '2026-01-31T12:00:00.000Z', hs_note_body: 'Called back' },
            associations: [
              {
                to: { id: '7' },
                types: [{ associationCategory: 'HUBSPOT_DEFINED', associationTypeId: 202 }],
              },
            ],
          },
        },
      },
    ],
    gives: [{ id: '1' }],
  },
  {
    name: 'engagement: update a task',
    parameters: run('engagement', 'update', {
      type: 'tasks',
      engagementId: '1',
      fields: { hs_task_status: 'COMPLETED' },
    }),
    answers: [{ method: 'PATCH', path: `${OBJECTS}/tasks/1`, body: { id: '1' } }],
    asks: [
      {
        method: 'PATCH',
        path: `${OBJECTS}/tasks/1`,
        body: { json: { properties: { hs_task_status: 'COMPLETED' } } },
      },
    ],
    gives: [{ id: '1' }],
  },
  {
    name: 'engagement: get, with its text and whom it is about',
    parameters: run('engagement', 'get', {
      type: 'notes',
      engagementId: '1',
      options: { associations: ['contacts'] },
    }),
    answers: [{ method: 'GET', path: `${OBJECTS}/notes/1`, body: { id: '1' } }],
    asks: [
      { method: 'GET', path: `${OBJECTS}/notes/1`, query: { properties: NOTE, associations: 'contacts' } },
    ],
    gives: [{ id: '1' }],
  },
  {
    name: 'engagement: get many',
    parameters: run('engagement', 'getAll', { type: 'notes', returnAll: false, limit: 2 }),
    answers: [{ method: 'GET', path: `${OBJECTS}/notes`, body: { results: [{ id: '1' }, { id: '2' }] } }],
    asks: [{ method: 'GET', path: `${OBJECTS}/notes`, query: { properties: NOTE, limit: '2' } }],
    gives: [{ id: '1' }, { id: '2' }],
  },
  {
    name: 'engagement: delete',
    parameters: run('engagement', 'delete', { type: 'calls', engagementId: '1' }),
    answers: [{ method: 'DELETE', path: `${OBJECTS}/calls/1`, status: 204 }],
    asks: [{ method: 'DELETE', path: `${OBJECTS}/calls/1` }],
    gives: [{ id: '1', deleted: true }],
  },
];

const between = '/crm/v4/objects/contacts/1/associations';
const associations: OperationCase[] = [
  {
    name: 'association: create',
    parameters: run('association', 'create', {
      from: 'contacts',
      fromId: '1',
      to: 'companies',
      toId: '2',
      label: '',
    }),
    answers: [{ method: 'PUT', path: `${between}/default/companies/2`, body: { status: 'COMPLETE' } }],
    asks: [{ method: 'PUT', path: `${between}/default/companies/2` }],
    gives: [{ status: 'COMPLETE' }],
  },
  {
    name: 'association: create with a label, to a custom object',
    parameters: run('association', 'create', {
      from: 'contacts',
      fromId: '1',
      to: 'other',
      toOther: id('p_cars'),
      toId: '2',
      label: 'USER_DEFINED/37',
    }),
    answers: [{ method: 'PUT', path: `${between}/p_cars/2`, body: { labels: ['Driver'] } }],
    asks: [
      {
        method: 'PUT',
        path: `${between}/p_cars/2`,
        body: { json: [{ associationCategory: 'USER_DEFINED', associationTypeId: 37 }] },
      },
    ],
    gives: [{ labels: ['Driver'] }],
  },
  {
    name: 'association: delete',
    parameters: run('association', 'delete', { from: 'contacts', fromId: '1', to: 'deals', toId: '2' }),
    answers: [{ method: 'DELETE', path: `${between}/deals/2`, status: 204 }],
    asks: [{ method: 'DELETE', path: `${between}/deals/2` }],
    gives: [{ deleted: true }],
  },
  {
    name: 'association: get many',
    parameters: run('association', 'getAll', { from: 'contacts', fromId: '1', to: 'deals', returnAll: true }),
    answers: [{ method: 'GET', path: `${between}/deals`, body: { results: [{ toObjectId: 2 }] } }],
    asks: [{ method: 'GET', path: `${between}/deals`, query: { limit: '500' } }],
    gives: [{ toObjectId: 2 }],
  },
];

const lists: OperationCase[] = [
  {
    name: 'contact list: add by e-mail address',
    parameters: run('contactList', 'add', { listId: id('42'), by: 'email', email: 'ada@example.com' }),
    answers: [
      { method: 'GET', path: `${OBJECTS}/contacts/ada%40example.com`, body: { id: '7' } },
      { method: 'PUT', path: '/crm/v3/lists/42/memberships/add', body: { recordIdsAdded: ['7'] } },
    ],
    asks: [
      {
        method: 'GET',
        path: `${OBJECTS}/contacts/ada%40example.com`,
        query: { idProperty: 'email', properties: 'email' },
      },
      { method: 'PUT', path: '/crm/v3/lists/42/memberships/add', body: { json: ['7'] } },
    ],
    gives: [{ recordIdsAdded: ['7'] }],
  },
  {
    name: 'contact list: remove by IDs',
    parameters: run('contactList', 'remove', { listId: id('42'), by: 'id', ids: '7, 8' }),
    answers: [
      { method: 'PUT', path: '/crm/v3/lists/42/memberships/remove', body: { recordIdsRemoved: ['7', '8'] } },
    ],
    asks: [{ method: 'PUT', path: '/crm/v3/lists/42/memberships/remove', body: { json: ['7', '8'] } }],
    gives: [{ recordIdsRemoved: ['7', '8'] }],
  },
];

const owners: OperationCase[] = [
  {
    name: 'owner: get',
    parameters: run('owner', 'get', { ownerId: '5' }),
    answers: [{ method: 'GET', path: '/crm/v3/owners/5', body: { id: '5' } }],
    asks: [{ method: 'GET', path: '/crm/v3/owners/5' }],
    gives: [{ id: '5' }],
  },
  {
    name: 'owner: get many, by address',
    parameters: run('owner', 'getAll', { returnAll: true, email: 'ada@example.com' }),
    answers: [{ method: 'GET', path: '/crm/v3/owners', body: { results: [{ id: '5' }] } }],
    asks: [{ method: 'GET', path: '/crm/v3/owners', query: { email: 'ada@example.com', limit: '500' } }],
    gives: [{ id: '5' }],
  },
  {
    name: 'custom API call',
    parameters: run('customApiCall', 'call', { method: 'GET', path: '/account-info/v3/api-usage/daily' }),
    answers: [{ method: 'GET', path: '/account-info/v3/api-usage/daily', body: [{ usageLimit: 1 }] }],
    asks: [{ method: 'GET', path: '/account-info/v3/api-usage/daily' }],
    gives: [{ usageLimit: 1 }],
  },
];

const create = run('contact', 'create', { email: 'ada@example.com', additionalFields: {} });
const asksCreate = {
  method: 'POST',
  path: `${OBJECTS}/contacts`,
  body: { json: { properties: { email: 'ada@example.com' }, associations: [] } },
};
const refuses = (status: number, body: object, headers = {}) => [
  { method: 'POST', path: `${OBJECTS}/contacts`, status, headers, body: { status: 'error', ...body } },
];
const refusals: OperationCase[] = [
  {
    name: 'a record that is there already',
    parameters: create,
    answers: refuses(409, {
      message: 'Contact already exists. Existing ID: 512',
      correlationId: 'c-1',
      category: 'CONFLICT',
    }),
    asks: [asksCreate],
    fails: {
      message: 'Contact already exists. Existing ID: 512',
      description: /Create or Update/,
      httpCode: '409',
    },
  },
  {
    name: 'a value that does not fit names its property',
    parameters: create,
    answers: refuses(400, {
      message: 'Property values were not valid',
      category: 'VALIDATION_ERROR',
      errors: [{ message: 'Email address ada is invalid', context: {} }],
    }),
    asks: [asksCreate],
    fails: { message: /not valid; Email address ada is invalid/, description: /internal name/ },
  },
  {
    name: 'a permission that is missing is named',
    parameters: create,
    answers: refuses(403, {
      message: "This app hasn't been granted all required scopes to make this call.",
      category: 'MISSING_SCOPES',
      errors: [
        {
          message: 'One or more scopes',
          context: { requiredGranularScopes: ['crm.objects.contacts.write'] },
        },
      ],
    }),
    asks: [asksCreate],
    fails: { message: /required scopes/, description: /crm\.objects\.contacts\.write/ },
  },
  {
    name: 'a rate limit without retrying says when',
    parameters: create,
    answers: refuses(
      429,
      { message: 'You have reached your ten_secondly_rolling limit.', policyName: 'TEN_SECONDLY_ROLLING' },
      { 'retry-after': '7' },
    ),
    asks: [asksCreate],
    fails: { message: /ten_secondly_rolling/, description: /7 s/, httpCode: '429' },
  },
  {
    name: 'a rate limit is waited out where the node retries',
    parameters: create,
    settings: { retryOnFail: true, maxTries: 3, waitBetweenTries: 0 },
    answers: [
      ...refuses(429, { message: 'Slower', policyName: 'SECONDLY' }, { 'retry-after': '0' }),
      { method: 'POST', path: `${OBJECTS}/contacts`, status: 201, body: { id: '1' } },
    ],
    asks: [asksCreate, asksCreate],
    gives: [{ id: '1' }],
  },
  {
    name: 'one of two items fails, and the node goes on',
    parameters: run('ticket', 'delete', { recordId: '={{ $json.id }}' }),
    items: [{ json: { id: '1' } }, { json: { id: '2' } }],
    settings: { onError: 'continueRegularOutput', continueOnFail: true },
    answers: [
      {
        method: 'DELETE',
        path: `${OBJECTS}/tickets/1`,
        status: 404,
        body: { status: 'error', message: 'No ticket', category: 'OBJECT_NOT_FOUND' },
      },
      { method: 'DELETE', path: `${OBJECTS}/tickets/2`, status: 204 },
    ],
    asks: [
      { method: 'DELETE', path: `${OBJECTS}/tickets/1` },
      { method: 'DELETE', path: `${OBJECTS}/tickets/2` },
    ],
    gives: [{ error: 'No ticket' }, { id: '2', deleted: true }],
  },
];

export const others = [...engagements, ...associations, ...lists, ...owners, ...refusals];
