import { describe, expect, it } from 'vitest';
import { describeOperations, WAYS } from './operations.ts';
import { LOCATION, records, run as on } from './gohighlevel/records.ts';
import { talking } from './gohighlevel/talking.ts';

describeOperations(
  { node: 'hubGoHighLevel', integrationId: 'gohighlevel' },
  [...records, ...talking],
  ({ run, script, asked, search, options }) => {
    describe.each(WAYS)('what is there to choose from (%s)', (way) => {
      it('contacts, by what they are called', async () => {
        await script([
          {
            method: 'POST',
            path: '/contacts/search',
            body: {
              contacts: [
                { id: 'c1', contactName: 'Ada Lovelace', email: 'ada@example.com' },
                { id: 'c2', firstName: 'Bea', phone: null },
                { id: 'c3', phone: '+15550100' },
              ],
            },
          },
        ]);
        expect(await search(way, 'searchContacts', {}, 'a')).toEqual([
          { name: 'Ada Lovelace (ada@example.com)', value: 'c1' },
          { name: 'Bea', value: 'c2' },
          { name: '+15550100', value: 'c3' },
        ]);
        expect((await asked())[0]?.body).toEqual({
          json: { locationId: LOCATION, pageLimit: 100, query: 'a' },
        });
      });

      it('opportunities and calendars', async () => {
        await script([
          {
            method: 'GET',
            path: '/opportunities/search',
            body: { opportunities: [{ id: 'o1', name: 'Big' }] },
          },
          {
            method: 'GET',
            path: '/calendars/',
            body: {
              calendars: [
                { id: 'k1', name: 'Sales' },
                { id: 'k2', name: 'Help' },
              ],
            },
          },
        ]);
        expect(await search(way, 'searchOpportunities')).toEqual([{ name: 'Big', value: 'o1' }]);
        expect(await search(way, 'searchCalendars', {}, 'he')).toEqual([{ name: 'Help', value: 'k2' }]);
      });

      it('pipelines, stages, users, fields of contacts and opportunities', async () => {
        const pipelines = {
          method: 'GET',
          path: '/opportunities/pipelines',
          body: { pipelines: [{ id: 'p1', name: 'Sales', stages: [{ id: 's1', name: 'New' }] }] },
        };
        const fields = {
          method: 'GET',
          path: `/locations/${LOCATION}/customFields`,
          body: { customFields: [{ id: 'f1', name: 'Colour' }] },
        };
        await script([
          pipelines,
          pipelines,
          {
            method: 'GET',
            path: '/users/',
            body: { users: [{ id: 'u1', name: '', email: 'ada@example.com' }] },
          },
          fields,
          fields,
        ]);
        expect(await options(way, 'getPipelines')).toEqual([{ name: 'Sales', value: 'p1' }]);
        expect(await options(way, 'getStages')).toEqual([{ name: 'New', value: 's1' }]);
        expect(await options(way, 'getUsers')).toEqual([{ name: 'ada@example.com', value: 'u1' }]);
        expect(await options(way, 'getContactFields')).toEqual([{ name: 'Colour', value: 'f1' }]);
        expect(await options(way, 'getOpportunityFields')).toEqual([{ name: 'Colour', value: 'f1' }]);
        expect((await asked()).map(({ query }) => query)).toEqual([
          { locationId: LOCATION },
          { locationId: LOCATION },
          { locationId: LOCATION },
          { model: 'contact' },
          { model: 'opportunity' },
        ]);
      });
    });

    it('a permission that is missing comes as a 401, and is no reason to connect again and again', async () => {
      await script([
        {
          method: 'GET',
          path: '/contacts/c1',
          status: 401,
          body: { statusCode: 401, message: 'The token is not authorized for this scope.' },
        },
      ]);
      const { error } = await run('apiKey', {
        parameters: on('contact', 'get', { contactId: { __rl: true, mode: 'id', value: 'c1' } }),
      });
      expect(error?.message).toBe('The token is not authorized for this scope.');
      expect(error?.description).toMatch(/Connect the account again and allow it/);
      expect(await asked()).toHaveLength(1);
    });
  },
);
