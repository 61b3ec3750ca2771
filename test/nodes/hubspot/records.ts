/** Every operation of every kind of record. */
import type { INodeParameters } from 'n8n-workflow';
import { expect } from 'vitest';
import type { Asked, OperationCase } from '../operations.ts';

export const id = (value: string) => ({ __rl: true, mode: 'id', value });
export const run = (resource: string, operation: string, more: INodeParameters = {}): INodeParameters => ({
  resource,
  operation,
  ...more,
});
const OBJECTS = '/crm/v3/objects';
const record = (properties: object, recordId = '512') => ({ id: recordId, properties, archived: false });
const page = (...results: object[]) => ({ results });
const posts = (path: string, json: unknown): Asked => ({ method: 'POST', path, body: { json } });
const created = { method: 'POST', status: 201 };

type Kind = { resource: string; objectType: string; required: INodeParameters; written: INodeParameters };
const KINDS: Kind[] = [
  { resource: 'company', objectType: 'companies', required: { name: 'Acme' }, written: { name: 'Acme' } },
  {
    resource: 'contact',
    objectType: 'contacts',
    required: { email: 'ada@example.com' },
    written: { email: 'ada@example.com' },
  },
  {
    resource: 'deal',
    objectType: 'deals',
    required: { dealname: 'Big', dealstage: 'won' },
    written: { dealname: 'Big', dealstage: 'won' },
  },
  {
    resource: 'ticket',
    objectType: 'tickets',
    required: { subject: 'Help', hs_pipeline_stage: '1' },
    written: { subject: 'Help', hs_pipeline_stage: '1' },
  },
];

const ofEach: OperationCase[] = KINDS.flatMap(({ resource, objectType, required, written }) => [
  {
    name: `${resource}: create`,
    parameters: run(resource, 'create', { ...required, additionalFields: {} }),
    answers: [{ ...created, path: `${OBJECTS}/${objectType}`, body: record(written) }],
    asks: [posts(`${OBJECTS}/${objectType}`, { properties: written, associations: [] })],
    gives: [record(written)],
  },
  {
    name: `${resource}: create or update`,
    parameters: run(resource, 'upsert', {
      idProperty: 'external_id',
      idValue: 'x-1',
      fields: { customProperties: { property: [{ name: 'colour', value: 'red' }] } },
    }),
    answers: [
      { method: 'POST', path: `${OBJECTS}/${objectType}/batch/upsert`, body: page({ id: '512', new: true }) },
    ],
    asks: [
      posts(`${OBJECTS}/${objectType}/batch/upsert`, {
        inputs: [{ idProperty: 'external_id', id: 'x-1', properties: { external_id: 'x-1', colour: 'red' } }],
      }),
    ],
    gives: [{ id: '512', new: true }],
  },
  {
    name: `${resource}: get`,
    parameters: run(resource, 'get', {
      recordId: id('512'),
      options: { properties: ['a', 'b'], associations: ['deals'], propertiesWithHistory: ['a'] },
    }),
    answers: [{ method: 'GET', path: `${OBJECTS}/${objectType}/512`, body: record({ a: '1' }) }],
    asks: [
      {
        method: 'GET',
        path: `${OBJECTS}/${objectType}/512`,
        query: { properties: 'a,b', associations: 'deals', propertiesWithHistory: 'a' },
      },
    ],
    gives: [record({ a: '1' })],
  },
  {
    name: `${resource}: get many, over two pages, up to a limit`,
    parameters: run(resource, 'getAll', { returnAll: false, limit: 101, options: { archived: true } }),
    answers: [
      {
        method: 'GET',
        path: `${OBJECTS}/${objectType}`,
        body: {
          results: Array.from({ length: 100 }, (_none, n) => ({ id: String(n) })),
          paging: { next: { after: '100', link: 'https://api.hubapi.com/elsewhere' } },
        },
      },
      {
        method: 'GET',
        path: `${OBJECTS}/${objectType}`,
        body: { results: [{ id: '100' }, { id: '101' }], paging: { next: { after: '102' } } },
      },
    ],
    asks: [
      { method: 'GET', path: `${OBJECTS}/${objectType}`, query: { archived: 'true', limit: '100' } },
      {
        method: 'GET',
        path: `${OBJECTS}/${objectType}`,
        query: { archived: 'true', limit: '1', after: '100' },
      },
    ],
    gives: Array.from({ length: 101 }, (_none, n) => ({ id: String(n) })),
  },
  {
    name: `${resource}: get recently updated`,
    parameters: run(resource, 'getRecentlyCreatedUpdated', {
      which: 'modified',
      since: '2026-01-31T12:00:00Z',
      returnAll: true,
      options: { properties: ['a'] },
    }),
    answers: [{ method: 'POST', path: `${OBJECTS}/${objectType}/search`, body: page({ id: '1' }) }],
    asks: [
      posts(`${OBJECTS}/${objectType}/search`, {
        filterGroups: [
          {
            filters: [
              {
                propertyName: resource === 'contact' ? 'lastmodifieddate' : 'hs_lastmodifieddate',
                operator: 'GTE',
                value: String(Date.UTC(2026, 0, 31, 12)),
              },
            ],
          },
        ],
        sorts: [
          {
            propertyName: resource === 'contact' ? 'lastmodifieddate' : 'hs_lastmodifieddate',
            direction: 'DESCENDING',
          },
        ],
        properties: ['a'],
        limit: 200,
      }),
    ],
    gives: [{ id: '1' }],
  },
  {
    name: `${resource}: search by words and all conditions, in order`,
    parameters: run(resource, 'search', {
      query: 'acme',
      filters: {
        filter: [
          { propertyName: 'amount', operator: 'GT', value: '100' },
          { propertyName: 'colour', operator: 'IN', value: 'red; blue' },
          { propertyName: 'phone', operator: 'HAS_PROPERTY', value: '' },
        ],
      },
      match: 'all',
      sort: { order: { propertyName: 'amount', direction: 'DESCENDING' } },
      returnAll: false,
      limit: 5,
    }),
    answers: [
      { method: 'POST', path: `${OBJECTS}/${objectType}/search`, body: page({ id: '1' }, { id: '2' }) },
    ],
    asks: [
      posts(`${OBJECTS}/${objectType}/search`, {
        query: 'acme',
        filterGroups: [
          {
            filters: [
              { propertyName: 'amount', operator: 'GT', value: '100' },
              { propertyName: 'colour', operator: 'IN', values: ['red', 'blue'] },
              { propertyName: 'phone', operator: 'HAS_PROPERTY' },
            ],
          },
        ],
        sorts: [{ propertyName: 'amount', direction: 'DESCENDING' }],
        limit: 5,
      }),
    ],
    gives: [{ id: '1' }, { id: '2' }],
  },
  {
    name: `${resource}: update`,
    parameters: run(resource, 'update', { recordId: id('512'), fields: { hubspot_owner_id: '7' } }),
    answers: [
      { method: 'PATCH', path: `${OBJECTS}/${objectType}/512`, body: record({ hubspot_owner_id: '7' }) },
    ],
    asks: [
      {
        method: 'PATCH',
        path: `${OBJECTS}/${objectType}/512`,
        body: { json: { properties: { hubspot_owner_id: '7' } } },
      },
    ],
    gives: [record({ hubspot_owner_id: '7' })],
  },
  {
    name: `${resource}: delete`,
    parameters: run(resource, 'delete', { recordId: id('512') }),
    answers: [{ method: 'DELETE', path: `${OBJECTS}/${objectType}/512`, status: 204 }],
    asks: [{ method: 'DELETE', path: `${OBJECTS}/${objectType}/512` }],
    gives: [{ id: '512', deleted: true }],
  },
]);

const cars = { customObject: id('p_cars') };
const ofCustomObjects: OperationCase[] = [
  {
    name: 'custom object: create',
    parameters: run('customObject', 'create', {
      ...cars,
      additionalFields: { customProperties: { property: [{ name: 'vin', value: 'W1' }] } },
    }),
    answers: [{ ...created, path: `${OBJECTS}/p_cars`, body: record({ vin: 'W1' }) }],
    asks: [posts(`${OBJECTS}/p_cars`, { properties: { vin: 'W1' }, associations: [] })],
    gives: [record({ vin: 'W1' })],
  },
  {
    name: 'custom object: create or update',
    parameters: run('customObject', 'upsert', { ...cars, idProperty: 'vin', idValue: 'W1', fields: {} }),
    answers: [{ method: 'POST', path: `${OBJECTS}/p_cars/batch/upsert`, body: page({ id: '9' }) }],
    asks: [
      posts(`${OBJECTS}/p_cars/batch/upsert`, {
        inputs: [{ idProperty: 'vin', id: 'W1', properties: { vin: 'W1' } }],
      }),
    ],
    gives: [{ id: '9' }],
  },
  {
    name: 'custom object: get',
    parameters: run('customObject', 'get', { ...cars, recordId: id('9') }),
    answers: [{ method: 'GET', path: `${OBJECTS}/p_cars/9`, body: record({}, '9') }],
    asks: [{ method: 'GET', path: `${OBJECTS}/p_cars/9` }],
    gives: [record({}, '9')],
  },
  {
    name: 'custom object: get many',
    parameters: run('customObject', 'getAll', { ...cars, returnAll: true }),
    answers: [{ method: 'GET', path: `${OBJECTS}/p_cars`, body: page({ id: '9' }) }],
    asks: [{ method: 'GET', path: `${OBJECTS}/p_cars`, query: { limit: '100' } }],
    gives: [{ id: '9' }],
  },
  {
    name: 'custom object: get recently created',
    parameters: run('customObject', 'getRecentlyCreatedUpdated', {
      ...cars,
      which: 'created',
      since: '2026-01-31',
      returnAll: true,
    }),
    answers: [{ method: 'POST', path: `${OBJECTS}/p_cars/search`, body: page() }],
    asks: [
      {
        method: 'POST',
        path: `${OBJECTS}/p_cars/search`,
        body: {
          matching: {
            json: {
              filterGroups: [
                {
                  filters: [
                    {
                      propertyName: 'hs_createdate',
                      operator: 'GTE',
                      value: expect.stringMatching(/^\d{13}$/),
                    },
                  ],
                },
              ],
              sorts: [{ propertyName: 'hs_createdate', direction: 'DESCENDING' }],
              limit: 200,
            },
          },
        },
      },
    ],
    gives: [],
  },
  {
    name: 'custom object: search by any condition',
    parameters: run('customObject', 'search', {
      ...cars,
      query: '',
      filters: {
        filter: [
          { propertyName: 'a', operator: 'EQ', value: '1' },
          { propertyName: 'b', operator: 'EQ', value: '2' },
        ],
      },
      match: 'any',
      returnAll: true,
    }),
    answers: [{ method: 'POST', path: `${OBJECTS}/p_cars/search`, body: page() }],
    asks: [
      posts(`${OBJECTS}/p_cars/search`, {
        filterGroups: [
          { filters: [{ propertyName: 'a', operator: 'EQ', value: '1' }] },
          { filters: [{ propertyName: 'b', operator: 'EQ', value: '2' }] },
        ],
        limit: 200,
      }),
    ],
    gives: [],
  },
  {
    name: 'custom object: update with nothing in it is refused before it is sent',
    parameters: run('customObject', 'update', { ...cars, recordId: id('9'), fields: {} }),
    asks: [],
    fails: { message: 'There is nothing to update' },
  },
  {
    name: 'custom object: delete',
    parameters: run('customObject', 'delete', { ...cars, recordId: id('9') }),
    answers: [{ method: 'DELETE', path: `${OBJECTS}/p_cars/9`, status: 204 }],
    asks: [{ method: 'DELETE', path: `${OBJECTS}/p_cars/9` }],
    gives: [{ id: '9', deleted: true }],
  },
];

const ofSome: OperationCase[] = [
  {
    name: 'company: search by domain',
    parameters: run('company', 'searchByDomain', { domain: 'Example.COM', returnAll: false, limit: 10 }),
    answers: [{ method: 'POST', path: `${OBJECTS}/companies/search`, body: page({ id: '1' }) }],
    asks: [
      posts(`${OBJECTS}/companies/search`, {
        filterGroups: [{ filters: [{ propertyName: 'domain', operator: 'EQ', value: 'example.com' }] }],
        limit: 10,
      }),
    ],
    gives: [{ id: '1' }],
  },
  {
    name: 'deal: create with dates, numbers, several choices, and what it belongs to, in one request',
    parameters: run('deal', 'create', {
      dealname: 'Big',
      dealstage: 'won',
      additionalFields: {
        amount: 1234.5,
        closedate: '2026-02-01T10:00:00Z',
        customProperties: { property: [{ name: 'tags', value: ['a', 'b'] }] },
        links: {
          link: [
            { to: 'contacts', ids: '7, 8' },
            { to: 'companies', ids: '9' },
          ],
        },
      },
    }),
    answers: [{ ...created, path: `${OBJECTS}/deals`, body: record({}) }],
    asks: [
      posts(`${OBJECTS}/deals`, {
        properties: {
          dealname: 'Big',
          dealstage: 'won',
          amount: '1234.5',
          closedate: '2026-02-01T10:00:00.000Z',
          tags: 'a;b',
        },
        associations: [
          ['7', 3],
          ['8', 3],
          ['9', 341],
        ].map(([to, associationTypeId]) => ({
          to: { id: to },
          types: [{ associationCategory: 'HUBSPOT_DEFINED', associationTypeId }],
        })),
      }),
    ],
    gives: [record({})],
  },
  {
    name: 'contact: a search that has more than HubSpot gives says so',
    parameters: run('contact', 'search', {
      filters: {
        filter: Array.from({ length: 7 }, () => ({ propertyName: 'a', operator: 'EQ', value: '1' })),
      },
      match: 'all',
      returnAll: true,
    }),
    asks: [],
    fails: { message: 'HubSpot takes 6 conditions at most', description: /In List/ },
  },
  {
    name: 'contact: create without an address',
    parameters: run('contact', 'create', { email: ' ', additionalFields: {} }),
    asks: [],
    fails: { message: 'Email is empty' },
  },
  {
    name: 'deal: a time that is none',
    parameters: run('deal', 'update', { recordId: id('1'), fields: { closedate: 'soon' } }),
    asks: [],
    fails: { message: /“soon” is no time/, description: /2026-01-31/ },
  },
];

export const records = [...ofEach, ...ofCustomObjects, ...ofSome];
