import { describe, expect, it } from 'vitest';
import type { INodeExecutionData } from 'n8n-workflow';
import { binary, nodeType } from '../setup/n8n.ts';
import { describeOperations, WAYS } from './operations.ts';
import { files } from './salesforce/files.ts';
import { lists } from './salesforce/lists.ts';
import { records } from './salesforce/records.ts';
import { answers, answersQuery, DATA, describes, id, ID, made, run as on } from './salesforce/shapes.ts';

const MIB = 1024 * 1024;
const queries = (asked: { query?: object }[]) => asked.map(({ query }) => query?.['q' as never]);

describeOperations(
  { node: 'hubSalesforce', integrationId: 'salesforce' },
  [...records, ...lists, ...files],
  ({ run, script, asked, search, options }) => {
    it('a token that ends is found out before a large file is sent', async () => {
      const items: INodeExecutionData[] = [
        {
          json: {},
          binary: { data: binary(Buffer.alloc(MIB + 1, 'a'), 'a.bin', 'application/octet-stream') },
        },
      ];
      await script([answers('GET', '/', {}), made('/sobjects/ContentVersion', '068D00000000pgOIAQ')]);
      const { error } = await run('apiKey', {
        parameters: on('document', 'upload', { title: 'a', binaryPropertyName: 'data' }),
        items,
      });
      expect(error).toBeNull();
      expect((await asked()).map(({ method, path }) => `${method} ${path}`)).toEqual([
        `GET ${DATA}/`,
        `POST ${DATA}/sobjects/ContentVersion`,
      ]);
    });

    describe.each(WAYS)('records to pick from (%s)', (way) => {
      it('are those of the resource, found by their names', async () => {
        await script([answersQuery([{ Id: ID, Name: 'Acme' }]), answersQuery([{ Id: ID, Subject: 'Help' }])]);
        expect(await search(way, 'searchRecords', { resource: 'account' }, "O'N_%")).toEqual([
          { name: 'Acme', value: ID },
        ]);
        expect(await search(way, 'searchRecords', { resource: 'task' })).toEqual([
          { name: 'Help', value: ID },
        ]);
        expect(queries(await asked())).toEqual([
          "SELECT Id, Name FROM Account WHERE Name LIKE '%O\\'N\\_\\%%' ORDER BY Name",
          'SELECT Id, Subject FROM Task ORDER BY Subject',
        ]);
        expect((await asked())[0]?.headers).toMatchObject({ 'sforce-query-options': 'batchSize=200' });
      });

      it('are those of the custom object, by the field that names them', async () => {
        await script([
          describes('Invoice__c', [
            { name: 'Id', type: 'id' },
            { name: 'Number__c', type: 'string', nameField: true },
          ]),
          answersQuery([{ Id: ID, Number__c: 'I-7' }]),
        ]);
        const set = { resource: 'customObject', customObject: id('Invoice__c') };
        expect(await search(way, 'searchRecords', set)).toEqual([{ name: 'I-7', value: ID }]);
        expect(queries(await asked())[1]).toBe('SELECT Id, Number__c FROM Invoice__c ORDER BY Number__c');
      });

      it.each([
        ['searchAccounts', 'Account', 'Name'],
        ['searchCampaigns', 'Campaign', 'Name'],
        ['searchContacts', 'Contact', 'Name'],
        ['searchUsers', 'User', 'Name'],
      ])('%s', async (method, object, name) => {
        await script([answersQuery([{ Id: ID, [name]: 'One' }])]);
        expect(await search(way, method)).toEqual([{ name: 'One', value: ID }]);
        expect(queries(await asked())).toEqual([`SELECT Id, ${name} FROM ${object} ORDER BY ${name}`]);
      });

      it('cases show number and subject, and are found by either', async () => {
        await script([answersQuery([{ Id: ID, CaseNumber: '0001', Subject: 'Help' }])]);
        expect(await search(way, 'searchCases', {}, 'he')).toEqual([{ name: '0001 – Help', value: ID }]);
        expect(queries(await asked())).toEqual([
          "SELECT Id, CaseNumber, Subject FROM Case WHERE CaseNumber LIKE '%he%' OR Subject LIKE '%he%' ORDER BY CaseNumber",
        ]);
      });

      it.each([
        ['searchLeadOwners', 'Lead'],
        ['searchCaseOwners', 'Case'],
      ])('%s: queues before users', async (method, object) => {
        await script([
          answersQuery([{ Id: ID, Name: 'Ann' }]),
          answersQuery([
            { Queue: { Id: 'q2', Name: 'Zone 2' } },
            { Queue: { Id: 'q1', Name: 'Anne’s' } },
            { Queue: { Id: 'q3', Name: 'Other' } },
          ]),
        ]);
        expect(await search(way, method, {}, 'n')).toEqual([
          { name: 'Queue: Anne’s', value: 'q1' },
          { name: 'Queue: Zone 2', value: 'q2' },
          { name: 'User: Ann', value: ID },
        ]);
        expect(queries(await asked())[1]).toBe(
          `SELECT Queue.Id, Queue.Name FROM QueueSobject WHERE SobjectType = '${object}'`,
        );
      });

      it('objects and flows', async () => {
        await script([
          answers('GET', '/sobjects', {
            sobjects: [
              { name: 'Invoice__c', label: 'Invoice', queryable: true },
              { name: 'Account', label: 'Account', queryable: true },
              { name: 'AccountEvent', label: 'Account Event', queryable: false },
            ],
          }),
          answers('GET', '/actions/custom/flow', { actions: [{ name: 'Order_1', label: 'Orders' }] }),
        ]);
        expect(await search(way, 'searchObjects', {}, 'n')).toEqual([
          { name: 'Account (Account)', value: 'Account' },
          { name: 'Invoice (Invoice__c)', value: 'Invoice__c' },
        ]);
        expect(await search(way, 'searchFlows', {}, 'order')).toEqual([{ name: 'Orders', value: 'Order_1' }]);
      });
    });

    describe.each(WAYS)('fields and values to pick from (%s)', (way) => {
      const described = describes('Lead', [
        { name: 'Name', label: 'Full Name', type: 'string', custom: false, createable: false },
        { name: 'Email', label: 'Email', type: 'email', idLookup: true, createable: true },
        { name: 'Region__c', label: 'A Region', type: 'picklist', custom: true, createable: true },
        { name: 'Key__c', label: 'Key', type: 'string', custom: true, externalId: true, updateable: true },
      ]);
      const named = (list: { value?: unknown }[]) => list.map(({ value }) => value);

      it('of the resource’s object', async () => {
        await script([described, described, described]);
        const set = { resource: 'lead' };
        expect(named(await options(way, 'getFields', set))).toEqual(['Region__c', 'Email', 'Name', 'Key__c']);
        expect(named(await options(way, 'getCustomFields', set))).toEqual(['Region__c', 'Key__c']);
        expect(named(await options(way, 'getExternalIdFields', set))).toEqual(['Email', 'Key__c']);
      });

      it('of any object, all that can be written', async () => {
        await script([{ ...described, path: `${DATA}/sobjects/Lead__c/describe` }]);
        const set = { resource: 'customObject', customObject: id('Lead__c') };
        expect(named(await options(way, 'getCustomFields', set))).toEqual(['Region__c', 'Email', 'Key__c']);
      });

      it('record types, campaign statuses, a flow’s variables', async () => {
        await script([
          answersQuery([{ Id: '012D000000000001AA', Name: 'Partner' }]),
          answersQuery([{ Label: 'Sent' }]),
          answers('GET', '/actions/custom/flow/Order_1', {
            inputs: [{ name: 'orderId', label: 'Order', required: true }, { name: 'note' }],
          }),
        ]);
        expect(await options(way, 'getRecordTypes', { resource: 'lead' })).toEqual([
          { name: 'Partner', value: '012D000000000001AA' },
        ]);
        expect(
          await options(
            way,
            'getCampaignMemberStatuses',
            on('lead', 'addToCampaign', { campaignId: id(ID) }),
          ),
        ).toEqual([{ name: 'Sent', value: 'Sent' }]);
        expect(await options(way, 'getFlowInputs', on('flow', 'invoke', { apiName: id('Order_1') }))).toEqual(
          [
            { name: 'Order (required)', value: 'orderId' },
            { name: 'note', value: 'note' },
          ],
        );
        expect(queries(await asked()).slice(0, 2)).toEqual([
          "SELECT Id, Name FROM RecordType WHERE SobjectType = 'Lead' AND IsActive = true ORDER BY Name",
          `SELECT Label FROM CampaignMemberStatus WHERE CampaignId = '${ID}' ORDER BY SortOrder`,
        ]);
      });

      it('each picklist has the org’s own active values', async () => {
        const { methods, description } = await nodeType('hubSalesforce');
        const others = [
          'getFields',
          'getCustomFields',
          'getExternalIdFields',
          'getRecordTypes',
          'getCampaignMemberStatuses',
          'getFlowInputs',
        ];
        const picklists = Object.keys(methods?.loadOptions ?? {}).filter((name) => !others.includes(name));
        expect(picklists.length).toBeGreaterThan(25);
        for (const method of picklists) {
          const [, object = '', field = ''] =
            /^get(Account|Case|Contact|Lead|Opportunity|Task)(\w+)$/.exec(method) ?? [];
          const picklistValues = [
            { label: 'Hot!', value: 'Hot', active: true },
            { label: 'Old', value: 'Old', active: false },
          ];
          await script([describes(object, [{ name: field, picklistValues }])]);
          expect(await options(way, method), method).toEqual([{ name: 'Hot!', value: 'Hot' }]);
        }
        // Whatever list a field names is there.
        const wanted = JSON.stringify(description.properties).matchAll(
          /"(?:loadOptionsMethod|searchListMethod)":"(\w+)"/g,
        );
        const there = [methods?.loadOptions, methods?.listSearch].flatMap((list) => Object.keys(list ?? {}));
        for (const [, method] of wanted) expect(there).toContain(method);
      });
    });

    it('a session that ends between two pages is renewed, and no page is lost', async () => {
      const next = `${DATA}/query/01gD0000002HU6KIAW-2000`;
      await script([
        answersQuery([{ Id: '1' }], { done: false, nextRecordsUrl: next }),
        {
          method: 'GET',
          path: next,
          status: 401,
          body: [{ errorCode: 'INVALID_SESSION_ID', message: 'Session expired or invalid' }],
        },
        { method: 'GET', path: next, body: { done: true, records: [{ Id: '2' }] } },
      ]);
      const { json, error } = await run('apiKey', {
        parameters: on('search', 'query', { query: 'SELECT Id FROM Lead' }),
      });
      expect(error).toBeNull();
      expect(json).toEqual([{ Id: '1' }, { Id: '2' }]);
    });

    it('n8n’s own operations are all there', async () => {
      // n8n 2.41's node `salesforce` v1.1.
      const records = ['create', 'delete', 'get', 'getAll', 'getSummary', 'update'];
      const builtIn = {
        account: [...records, 'addNote', 'upsert'],
        attachment: records,
        case: [...records, 'addComment'],
        contact: [...records, 'addNote', 'addToCampaign', 'upsert'],
        customObject: ['create', 'upsert', 'delete', 'get', 'getAll', 'update'],
        document: ['upload'],
        flow: ['getAll', 'invoke'],
        lead: [...records, 'addNote', 'addToCampaign', 'upsert'],
        opportunity: [...records, 'addNote', 'upsert'],
        search: ['query'],
        task: records,
        user: ['get', 'getAll'],
      };
      const wanted = Object.entries(builtIn).flatMap(([resource, names]) =>
        names.map((name) => `${resource}/${name}`),
      );
      expect(wanted).toHaveLength(65);
      const { operationsOf } = await import('./operations-of.ts');
      expect(await operationsOf('hubSalesforce')).toEqual(expect.arrayContaining(wanted));
    });
  },
);
