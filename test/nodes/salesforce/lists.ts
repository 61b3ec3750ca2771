/** Many records: conditions as SOQL, pages, searches, flows. */
import type { OperationCase } from '../operations.ts';
import { answers, answersQuery, asks, asksQuery, DATA, describes, id, refuses, run } from './shapes.ts';

const ACCOUNT_FIELDS = [
  { name: 'Name', type: 'string' },
  { name: 'AccountNumber', type: 'string' },
  { name: 'AnnualRevenue', type: 'currency' },
  { name: 'IsPartner', type: 'boolean' },
  { name: 'CreatedDate', type: 'datetime' },
  { name: 'SLAExpirationDate__c', type: 'date' },
  { name: 'OwnerId', type: 'reference', relationshipName: 'Owner', referenceTo: ['User'] },
  { name: 'WhoId', type: 'reference', relationshipName: 'Who', referenceTo: ['Lead', 'Contact'] },
];
const USER_FIELDS = [{ name: 'EmployeeNumber', type: 'string' }];
const where = (...conditionValues: { field: string; operation: string; value?: string }[]) => ({
  conditionsUi: { conditionValues },
});
const SELECT = 'SELECT Id, Name, Type, LastModifiedDate FROM Account';
const getAll = (options: object, more: object = {}) =>
  run('account', 'getAll', { returnAll: true, ...more, options: options as never });

const conditions: OperationCase[] = [
  {
    name: 'get many: text is quoted and cannot end its quotes, and nobody is asked for its type',
    parameters: getAll(where({ field: 'Name', operation: 'equal', value: "O'Neil\\ OR Name != '" })),
    answers: [answersQuery([])],
    asks: [asksQuery(`${SELECT} WHERE Name = 'O\\'Neil\\\\ OR Name != \\''`)],
    gives: [],
  },
  {
    name: 'get many: what may be a number, a day or a word is written as the field’s type wants it',
    parameters: getAll({
      ...where(
        { field: 'accountnumber', operation: 'equal', value: '0042' },
        { field: 'AnnualRevenue', operation: '>=', value: '5000.5' },
        { field: 'IsPartner', operation: 'equal', value: 'true' },
        { field: 'CreatedDate', operation: '<', value: '2026-03-01T09:00:00+01:00' },
        { field: 'CreatedDate', operation: 'equal', value: 'last_n_days:7' },
        { field: 'SLAExpirationDate__c', operation: '>', value: '2026-03-01T00:00:00.000+01:00' },
        { field: 'Owner.EmployeeNumber', operation: 'equal', value: '7' },
      ),
    }),
    answers: [describes('Account', ACCOUNT_FIELDS), describes('User', USER_FIELDS), answersQuery([])],
    // Each object is described once.
    asks: [
      asks('GET', '/sobjects/Account/describe'),
      asks('GET', '/sobjects/User/describe'),
      asksQuery(
        `${SELECT} WHERE accountnumber = '0042' AND AnnualRevenue >= 5000.5 AND IsPartner = true` +
          ' AND CreatedDate < 2026-03-01T08:00:00.000Z AND CreatedDate = LAST_N_DAYS:7' +
          " AND SLAExpirationDate__c > 2026-03-01 AND Owner.EmployeeNumber = '7'",
      ),
    ],
    gives: [],
  },
  {
    name: 'get many: what type it is cannot be told of a field that points to several objects',
    parameters: getAll(
      where(
        { field: 'Who.Rank__c', operation: 'equal', value: '={{ 7 }}' },
        { field: 'Who.Code__c', operation: 'equal', value: '7' },
      ),
    ),
    answers: [describes('Account', ACCOUNT_FIELDS), answersQuery([])],
    asks: [
      asks('GET', '/sobjects/Account/describe'),
      asksQuery(`${SELECT} WHERE Who.Rank__c = 7 AND Who.Code__c = '7'`),
    ],
    gives: [],
  },
  {
    name: 'get many: every operator, either condition, order, chosen fields, with the deleted',
    parameters: getAll(
      {
        combine: 'OR',
        ...where(
          { field: 'Name', operation: 'like', value: 'A%' },
          { field: 'Name', operation: 'notLike', value: 'B%' },
          { field: 'Name', operation: 'notEqual', value: 'C' },
          { field: 'Type', operation: 'in', value: 'Customer, Partner' },
          { field: 'Type', operation: 'notIn', value: '={{ ["x, y"] }}' },
          { field: 'Tags__c', operation: 'includes', value: 'a;b, c' },
          { field: 'Tags__c', operation: 'excludes', value: 'd' },
          { field: 'Phone', operation: 'empty' },
          { field: 'Fax', operation: 'notEmpty' },
          { field: 'Name', operation: '>', value: 'M' },
          { field: 'Name', operation: '<=', value: 'Q' },
          { field: 'Site', operation: 'equal', value: '' },
        ),
        fields: ['Id', 'Owner.Name', 'FIELDS(CUSTOM)'],
        orderUi: {
          orderValues: [{ field: 'Name' }, { field: 'CreatedDate', direction: 'DESC' }],
        },
        includeDeleted: true,
      },
      { returnAll: false, limit: 5 },
    ),
    answers: [answersQuery([{ Id: '1' }], {}, '/queryAll')],
    asks: [
      asksQuery(
        'SELECT Id, Owner.Name, FIELDS(CUSTOM) FROM Account' +
          " WHERE Name LIKE 'A%' OR (NOT Name LIKE 'B%') OR Name != 'C' OR Type IN ('Customer', 'Partner')" +
          " OR Type NOT IN ('x, y') OR Tags__c INCLUDES ('a;b', 'c') OR Tags__c EXCLUDES ('d')" +
          " OR Phone = null OR Fax != null OR Name > 'M' OR Name <= 'Q' OR Site = null" +
          ' ORDER BY Name ASC, CreatedDate DESC LIMIT 5',
        '/queryAll',
      ),
    ],
    gives: [{ Id: '1' }],
  },
  {
    name: 'get many: a field that would be another query',
    parameters: getAll(where({ field: 'Name FROM User --', operation: 'equal', value: 'x' })),
    asks: [],
    fails: { message: '“Name FROM User --” is no field' },
  },
  {
    name: 'get many: an order that would be another query',
    parameters: getAll({ orderUi: { orderValues: [{ field: 'Name', direction: 'ASC LIMIT 1' }] } }),
    answers: [answersQuery([])],
    asks: [asksQuery(`${SELECT} ORDER BY Name ASC`)],
    gives: [],
  },
  {
    name: 'get many: a condition without values',
    parameters: getAll(where({ field: 'Name', operation: 'in', value: ' , ' })),
    asks: [],
    fails: { message: 'The condition on “Name” has no values' },
  },
];

const NEXT = `${DATA}/query/01gD0000002HU6KIAW-2000`;
const pages: OperationCase[] = [
  {
    name: 'search: query all of it, page after page',
    parameters: run('search', 'query', { query: 'SELECT Id FROM Lead' }),
    answers: [
      answersQuery([{ Id: '1' }], { done: false, nextRecordsUrl: NEXT, totalSize: 2 }),
      { method: 'GET', path: NEXT, body: { done: true, records: [{ Id: '2' }] } },
    ],
    // The query itself is not sent a second time.
    asks: [asksQuery('SELECT Id FROM Lead'), { method: 'GET', path: NEXT }],
    gives: [{ Id: '1' }, { Id: '2' }],
  },
  {
    name: 'search: query up to a limit, in pages as small',
    parameters: run('search', 'query', {
      query: 'SELECT Id FROM Lead',
      returnAll: false,
      limit: 3,
      options: { includeDeleted: true },
    }),
    answers: [
      answersQuery([{ Id: '1' }, { Id: '2' }], { done: false, nextRecordsUrl: NEXT }, '/queryAll'),
      {
        method: 'GET',
        path: NEXT,
        body: { done: false, nextRecordsUrl: NEXT, records: [{ Id: '3' }, { Id: '4' }] },
      },
    ],
    asks: [
      {
        ...asksQuery('SELECT Id FROM Lead', '/queryAll'),
        headers: { 'sforce-query-options': 'batchSize=200' },
      },
      { method: 'GET', path: NEXT },
    ],
    gives: [{ Id: '1' }, { Id: '2' }, { Id: '3' }],
  },
  {
    name: 'search: a query that Salesforce cannot read',
    parameters: run('search', 'query', { query: 'SELEC' }),
    answers: [refuses('GET', '/query', 400, 'MALFORMED_QUERY', "unexpected token: 'SELEC'")],
    asks: [asksQuery('SELEC')],
    fails: { message: "unexpected token: 'SELEC'", description: /Developer Console/ },
  },
  {
    name: 'search: text in some objects',
    parameters: run('search', 'text', {
      searchText: 'Acme',
      limit: 5,
      options: { objects: 'Account, Invoice__c', fields: 'Id, Name', in: 'NAME' },
    }),
    answers: [answers('POST', '/parameterizedSearch', { searchRecords: [{ Id: '1', Name: 'Acme' }] })],
    asks: [
      asks('POST', '/parameterizedSearch', {
        json: {
          q: 'Acme',
          in: 'NAME',
          sobjects: [{ name: 'Account' }, { name: 'Invoice__c' }],
          fields: ['Id', 'Name'],
          overallLimit: 5,
        },
      }),
    ],
    gives: [{ Id: '1', Name: 'Acme' }],
  },
];

const flows: OperationCase[] = [
  {
    name: 'flow: get many, up to the limit',
    parameters: run('flow', 'getAll', { returnAll: false, limit: 1 }),
    answers: [answers('GET', '/actions/custom/flow', { actions: [{ name: 'A' }, { name: 'B' }] })],
    asks: [asks('GET', '/actions/custom/flow')],
    gives: [{ name: 'A' }],
  },
  {
    name: 'flow: invoke with variables',
    parameters: run('flow', 'invoke', {
      apiName: id('Order_Fulfillment'),
      variablesUi: { variablesValues: [{ name: 'orderId', value: '801' }] },
    }),
    answers: [
      answers('POST', '/actions/custom/flow/Order_Fulfillment', [
        { actionName: 'Order_Fulfillment', errors: null, isSuccess: true, outputValues: { ok: true } },
      ]),
    ],
    asks: [
      asks('POST', '/actions/custom/flow/Order_Fulfillment', { json: { inputs: [{ orderId: '801' }] } }),
    ],
    gives: [{ actionName: 'Order_Fulfillment', errors: null, isSuccess: true, outputValues: { ok: true } }],
  },
  {
    name: 'flow: invoke one that fails, by a name',
    parameters: run('flow', 'invoke', {
      apiName: id('Order_Fulfillment'),
      jsonParameters: true,
      variablesJson: '{"count": 2}',
    }),
    answers: [
      answers(
        'POST',
        '/actions/custom/flow/Order_Fulfillment',
        [
          {
            actionName: 'Order_Fulfillment',
            errors: [{ statusCode: 'FLOW_EXCEPTION', message: 'An error occurred', fields: [] }],
            isSuccess: false,
          },
        ],
        // Salesforce has been seen to say so with 200 as with 400.
        { status: 200 },
      ),
    ],
    asks: [asks('POST', '/actions/custom/flow/Order_Fulfillment', { json: { inputs: [{ count: 2 }] } })],
    fails: { message: 'An error occurred', description: 'FLOW_EXCEPTION' },
  },
  {
    name: 'flow: variables that are no object',
    parameters: run('flow', 'invoke', {
      apiName: id('Order_Fulfillment'),
      jsonParameters: true,
      variablesJson: '[',
    }),
    asks: [],
    fails: { message: '“Variables” is no JSON object' },
  },
  {
    name: 'flow: none is chosen',
    parameters: run('flow', 'invoke', { apiName: id('={{ "" }}') }),
    asks: [],
    fails: { message: 'No flow is chosen' },
  },
];

const custom: OperationCase = {
  name: 'custom API call',
  parameters: run('customApiCall', 'call', { method: 'GET', path: `${DATA}/limits` }),
  answers: [answers('GET', '/limits', { DailyApiRequests: { Max: 15000, Remaining: 14998 } })],
  asks: [asks('GET', '/limits')],
  gives: [{ DailyApiRequests: { Max: 15000, Remaining: 14998 } }],
};

export const lists: OperationCase[] = [...conditions, ...pages, ...flows, custom];
