import { createRequire } from 'node:module';
import path from 'node:path';
import { AssociationTypes } from '@hubspot/api-client';
import { describe, expect, inject, it } from 'vitest';
import { describeOperations, WAYS } from './operations.ts';
import { others } from './hubspot/others.ts';
import { id, records, run } from './hubspot/records.ts';

const properties = {
  results: [
    { name: 'email', label: 'Email' },
    { name: 'createdate', label: 'Create Date', modificationMetadata: { readOnlyValue: true } },
    { name: 'customer_no', label: 'Customer No', hasUniqueValue: true },
    { name: 'secret', label: 'Hidden', hidden: true },
  ],
};
const pipelines = {
  results: [
    { id: 'p1', label: 'Sales', stages: [{ id: 's1', label: 'Won' }] },
    { id: 'p2', label: 'Renewals', stages: [{ id: 's2', label: 'Lost' }] },
  ],
};

describeOperations(
  { node: 'hubHubSpot', integrationId: 'hubspot' },
  [...records, ...others],
  ({ run: runNode, script, asked, search, options }) => {
    describe.each(WAYS)('what is there to choose from (%s)', (way) => {
      it('records, by what they are called', async () => {
        await script([
          {
            method: 'POST',
            path: '/crm/v3/objects/contacts/search',
            body: {
              results: [
                { id: '1', properties: { firstname: 'Ada', lastname: 'Lovelace', email: 'ada@example.com' } },
                { id: '2', properties: { firstname: null, lastname: null, email: null } },
              ],
            },
          },
        ]);
        expect(await search(way, 'searchRecords', { resource: 'contact' }, 'ada')).toEqual([
          { name: 'Ada Lovelace (ada@example.com)', value: '1' },
          { name: '2', value: '2' },
        ]);
        expect((await asked())[0]?.body).toEqual({
          json: { query: 'ada', properties: ['firstname', 'lastname', 'email'], limit: 100 },
        });
      });

      it.each([
        ['getProperties', ['createdate', 'customer_no', 'email']],
        ['getWritableProperties', ['customer_no', 'email']],
        ['getUniqueProperties', ['customer_no', 'email']],
      ])('%s', async (method, names) => {
        await script([{ method: 'GET', path: '/crm/v3/properties/contacts', body: properties }]);
        const found = await options(way, method, { resource: 'contact' });
        expect(found.map(({ value }) => value)).toEqual(names);
      });

      it('pipelines, their stages, and the choices of a property', async () => {
        const path = '/crm/v3/pipelines/deals';
        await script([
          { method: 'GET', path, body: pipelines },
          { method: 'GET', path, body: pipelines },
          {
            method: 'GET',
            path: '/crm/v3/properties/deals/dealtype',
            body: { name: 'dealtype', label: 'Type', options: [{ label: 'New', value: 'newbusiness' }] },
          },
        ]);
        const set = { resource: 'deal' };
        expect(await options(way, 'getPipelines', set)).toEqual([
          { name: 'Sales', value: 'p1' },
          { name: 'Renewals', value: 'p2' },
        ]);
        expect(await options(way, 'getStages', set)).toEqual([
          { name: 'Sales: Won', value: 's1' },
          { name: 'Renewals: Lost', value: 's2' },
        ]);
        expect(await options(way, 'get_dealtype', set)).toEqual([{ name: 'New', value: 'newbusiness' }]);
      });

      it('owners, object types, lists and labels', async () => {
        await script([
          {
            method: 'GET',
            path: '/crm/v3/owners',
            body: {
              results: [{ id: '5', firstName: 'Ada', lastName: 'Lovelace', email: 'ada@example.com' }],
            },
          },
          {
            method: 'GET',
            path: '/crm-object-schemas/v3/schemas',
            body: { results: [{ name: 'cars', objectTypeId: '2-1', labels: { plural: 'Cars' } }] },
          },
          { method: 'POST', path: '/crm/v3/lists/search', body: { lists: [{ listId: '42', name: 'VIP' }] } },
          {
            method: 'GET',
            path: '/crm/v4/associations/contacts/p_cars/labels',
            body: {
              results: [
                { category: 'HUBSPOT_DEFINED', typeId: 1, label: null },
                { category: 'USER_DEFINED', typeId: 37, label: 'Driver' },
              ],
            },
          },
        ]);
        expect(await options(way, 'getOwners')).toEqual([
          { name: 'Ada Lovelace', value: '5', description: 'ada@example.com' },
        ]);
        expect(await search(way, 'searchObjectTypes', {}, 'car')).toEqual([{ name: 'Cars', value: '2-1' }]);
        expect(await search(way, 'searchLists', {}, 'vip')).toEqual([{ name: 'VIP', value: '42' }]);
        const set = { resource: 'association', from: 'contacts', to: 'other', toOther: id('p_cars') };
        expect(await options(way, 'getLabels', set)).toEqual([{ name: 'Driver', value: 'USER_DEFINED/37' }]);
      });
    });

    it('a token that ends between two pages is renewed by the hub, and the list goes on', async () => {
      const path = '/crm/v3/objects/tickets';
      const page = { results: [{ id: '1' }], paging: { next: { after: '1' } } };
      const dead = { status: 'error', message: 'expired', category: 'EXPIRED_AUTHENTICATION' };
      await script([
        { method: 'GET', path, body: page },
        { method: 'GET', path, status: 401, body: dead },
        { method: 'GET', path, body: { results: [{ id: '2' }] } },
      ]);
      const { error, json } = await runNode('apiKey', {
        parameters: run('ticket', 'getAll', { returnAll: true }),
      });
      expect(error).toBeNull();
      expect(json).toEqual([{ id: '1' }, { id: '2' }]);
    });
  },
);

it('associates by the types that HubSpot itself has', () => {
  const { TYPE_IDS } = createRequire(import.meta.url)(
    path.join(inject('n8nPackage'), 'nodes/HubHubSpot/values.js'),
  ) as { TYPE_IDS: Record<string, Record<string, number>> };
  const known = AssociationTypes as unknown as Record<string, number>;
  const one: Record<string, string> = { companies: 'company' };
  const singular = (type: string) => one[type] ?? type.slice(0, -1);
  const capital = (word: string) => word.charAt(0).toUpperCase() + word.slice(1);
  for (const [from, tos] of Object.entries(TYPE_IDS))
    for (const [to, typeId] of Object.entries(tos))
      expect([from, to, typeId]).toEqual([from, to, known[`${singular(from)}To${capital(singular(to))}`]]);
});
