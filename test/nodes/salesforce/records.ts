/** Creating, changing, reading and removing records, of each object alike. */
import type { INodeParameters } from 'n8n-workflow';
import type { OperationCase } from '../operations.ts';
import {
  answers,
  answersQuery,
  asks,
  asksQuery,
  DATA,
  ID,
  id,
  made,
  noContent,
  OTHER_ID,
  refuses,
  run,
} from './shapes.ts';

type Sample = {
  resource: string;
  object: string;
  required: INodeParameters;
  /** As they are sent. */
  sent: object;
  columns: string;
};

const SAMPLES: Sample[] = [
  {
    resource: 'account',
    object: 'Account',
    required: { Name: 'Acme' },
    sent: { Name: 'Acme' },
    columns: 'Id, Name, Type, LastModifiedDate',
  },
  {
    resource: 'contact',
    object: 'Contact',
    required: { LastName: 'Jo' },
    sent: { LastName: 'Jo' },
    columns: 'Id, FirstName, LastName, Email, LastModifiedDate',
  },
  {
    resource: 'lead',
    object: 'Lead',
    required: { Company: 'Acme', LastName: 'Jo' },
    sent: { Company: 'Acme', LastName: 'Jo' },
    columns: 'Id, Company, FirstName, LastName, Street, PostalCode, City, Email, Status, LastModifiedDate',
  },
  {
    resource: 'opportunity',
    object: 'Opportunity',
    required: { Name: 'Deal', CloseDate: '2026-04-01T00:00:00', StageName: 'Prospecting' },
    sent: { Name: 'Deal', CloseDate: '2026-04-01', StageName: 'Prospecting' },
    columns: 'Id, Name, AccountId, Amount, Probability, Type, LastModifiedDate',
  },
  {
    resource: 'case',
    object: 'Case',
    required: {},
    sent: {},
    columns: 'Id, AccountId, ContactId, Priority, Status, Subject, Type, LastModifiedDate',
  },
  {
    resource: 'task',
    object: 'Task',
    required: { Status: 'Open' },
    sent: { Status: 'Open' },
    columns: 'Id, Subject, Status, Priority, LastModifiedDate',
  },
  {
    resource: 'customObject',
    object: 'Invoice__c',
    required: {
      customObject: id('Invoice__c'),
      customFieldsUi: { customFieldsValues: [{ fieldId: 'Amount__c', value: '={{ 5 }}' }] },
    },
    sent: { Amount__c: 5 },
    columns: 'Id, LastModifiedDate',
  },
];

/** The operations that every object has, in their plainest form. */
const ofEach: OperationCase[] = SAMPLES.flatMap(({ resource, object, required, sent, columns }) => {
  const which: INodeParameters = 'customObject' in required ? { customObject: required['customObject'] } : {};
  const path = `/sobjects/${object}`;
  const record = { attributes: { type: object, url: `${DATA}${path}/${ID}` }, Id: ID };
  return [
    {
      name: `${resource}: create`,
      parameters: run(resource, 'create', {
        ...required,
        additionalFields: { fieldsJson: '{"Region__c": "West"}' },
      }),
      answers: [made(path, ID)],
      asks: [asks('POST', path, { json: { ...sent, Region__c: 'West' } })],
      gives: [{ id: ID, success: true, errors: [] }],
    },
    {
      name: `${resource}: create or update by an external ID`,
      parameters: run(resource, 'upsert', {
        ...required,
        externalId: 'Key__c',
        externalIdValue: 'a/b c',
        additionalFields: { fieldsJson: { Region__c: 'West', key__c: 'a/b c' } },
      }),
      answers: [
        answers('PATCH', `${path}/Key__c/a%2Fb%20c`, { id: ID, success: true, errors: [], created: false }),
      ],
      // The key is in the path, and not a second time in the body.
      asks: [asks('PATCH', `${path}/Key__c/a%2Fb%20c`, { json: { ...sent, Region__c: 'West' } })],
      gives: [{ id: ID, success: true, errors: [], created: false }],
    },
    {
      name: `${resource}: update`,
      parameters: run(resource, 'update', {
        ...which,
        recordId: id(ID),
        updateFields: { fieldsJson: '{"Region__c": "East"}', fieldsToClear: ['Old__c'] },
      }),
      answers: [noContent('PATCH', `${path}/${ID}`)],
      asks: [asks('PATCH', `${path}/${ID}`, { json: { Region__c: 'East', Old__c: null } })],
      gives: [{ id: ID, success: true, errors: [] }],
    },
    {
      name: `${resource}: get`,
      parameters: run(resource, 'get', { ...which, recordId: id(ID), options: {} }),
      answers: [answers('GET', `${path}/${ID}`, record)],
      asks: [asks('GET', `${path}/${ID}`)],
      gives: [record],
    },
    {
      name: `${resource}: delete`,
      parameters: run(resource, 'delete', { ...which, recordId: id(ID) }),
      answers: [noContent('DELETE', `${path}/${ID}`)],
      asks: [asks('DELETE', `${path}/${ID}`)],
      gives: [{ id: ID, success: true, errors: [] }],
    },
    {
      name: `${resource}: get many`,
      parameters: run(resource, 'getAll', { ...which, returnAll: false, limit: 2, options: {} }),
      answers: [answersQuery([record])],
      asks: [asksQuery(`SELECT ${columns} FROM ${object} LIMIT 2`)],
      gives: [record],
    },
    {
      name: `${resource}: get summary`,
      parameters: run(resource, 'getSummary', which),
      answers: [answers('GET', path, { objectDescribe: { name: object }, recentItems: [] })],
      asks: [asks('GET', path)],
      gives: [{ objectDescribe: { name: object }, recentItems: [] }],
    },
  ] satisfies OperationCase[];
});

const fields: OperationCase[] = [
  {
    name: 'contact: create with fields of every kind',
    parameters: run('contact', 'create', {
      LastName: 'Jo',
      additionalFields: {
        AccountId: { __rl: true, mode: 'list', value: ID },
        Birthdate: '1980-02-29T00:00:00',
        EmailBouncedDate: '2026-03-01T09:00:00+01:00',
        HasOptedOutOfEmail: true,
        MailingStreet: 'Main St 1',
        LeadSource: 'Web',
        RecordTypeId: '012D000000000001AA',
        customFieldsUi: { customFieldsValues: [{ fieldId: 'Region__c', value: 'West' }] },
      },
      options: { allowDuplicates: true, assignmentRules: false },
    }),
    answers: [made('/sobjects/Contact', OTHER_ID)],
    asks: [
      asks('POST', '/sobjects/Contact', {
        json: {
          LastName: 'Jo',
          AccountId: ID,
          Birthdate: '1980-02-29',
          EmailBouncedDate: '2026-03-01T08:00:00.000Z',
          HasOptedOutOfEmail: true,
          MailingStreet: 'Main St 1',
          LeadSource: 'Web',
          RecordTypeId: '012D000000000001AA',
          Region__c: 'West',
        },
        headers: { 'sforce-duplicate-rule-header': 'allowSave=true', 'sforce-auto-assign': 'FALSE' },
      }),
    ],
    gives: [{ id: OTHER_ID, success: true, errors: [] }],
  },
  {
    name: 'account: update one by its address in the browser; an emptied text is sent, an empty date is not',
    parameters: run('account', 'update', {
      recordId: {
        __rl: true,
        mode: 'url',
        value: `https://acme.lightning.force.com/lightning/r/Account/${ID}/view`,
      },
      updateFields: {
        Description: '',
        Industry: '',
        OwnerId: { __rl: true, mode: 'id', value: '005D0000001cSZs' },
        ParentId: { __rl: true, mode: 'list', value: '' },
      },
    }),
    answers: [noContent('PATCH', `/sobjects/Account/${ID}`)],
    asks: [
      asks('PATCH', `/sobjects/Account/${ID}`, { json: { Description: '', OwnerId: '005D0000001cSZs' } }),
    ],
    gives: [{ id: ID, success: true, errors: [] }],
  },
  {
    name: 'opportunity: get only some fields, by another version of the API',
    parameters: run('opportunity', 'get', {
      recordId: id(ID),
      options: { fields: ['Name', 'Account.Name'] },
      apiVersion: '61',
    }),
    answers: [
      { method: 'GET', path: `/services/data/v61.0/sobjects/Opportunity/${ID}`, body: { Name: 'Deal' } },
    ],
    asks: [
      {
        method: 'GET',
        path: `/services/data/v61.0/sobjects/Opportunity/${ID}`,
        query: { fields: 'Name,Account.Name' },
      },
    ],
    gives: [{ Name: 'Deal' }],
  },
  {
    name: 'user: get',
    parameters: run('user', 'get', { recordId: id('005D0000001cSZs') }),
    answers: [answers('GET', '/sobjects/User/005D0000001cSZs', { Id: '005D0000001cSZs', Name: 'Ann' })],
    asks: [asks('GET', '/sobjects/User/005D0000001cSZs')],
    gives: [{ Id: '005D0000001cSZs', Name: 'Ann' }],
  },
  {
    name: 'user: get many',
    parameters: run('user', 'getAll', { returnAll: false, limit: 1 }),
    answers: [answersQuery([{ Id: '005D0000001cSZs' }])],
    asks: [asksQuery('SELECT Id, Name, Email, LastModifiedDate FROM User LIMIT 1')],
    gives: [{ Id: '005D0000001cSZs' }],
  },
];

const additions: OperationCase[] = [
  ...['Account', 'Contact', 'Lead', 'Opportunity'].map((object): OperationCase => ({
    name: `${object}: add note`,
    parameters: run(object.toLowerCase(), 'addNote', {
      recordId: id(ID),
      title: 'Call',
      options: { body: 'Went well', isPrivate: true, owner: id('005D0000001cSZs') },
    }),
    answers: [made('/sobjects/Note', '002D00000000001')],
    asks: [
      asks('POST', '/sobjects/Note', {
        json: {
          ParentId: ID,
          Title: 'Call',
          Body: 'Went well',
          IsPrivate: true,
          OwnerId: '005D0000001cSZs',
        },
      }),
    ],
    gives: [{ id: '002D00000000001', success: true, errors: [] }],
  })),
  ...['Contact', 'Lead'].map((object): OperationCase => ({
    name: `${object}: add to campaign`,
    parameters: run(object.toLowerCase(), 'addToCampaign', {
      recordId: id(OTHER_ID),
      campaignId: id('701D00000000001'),
      options: { status: 'Sent' },
    }),
    answers: [made('/sobjects/CampaignMember', '00vD00000000001')],
    asks: [
      asks('POST', '/sobjects/CampaignMember', {
        json: { [`${object}Id`]: OTHER_ID, CampaignId: '701D00000000001', Status: 'Sent' },
      }),
    ],
    gives: [{ id: '00vD00000000001', success: true, errors: [] }],
  })),
  {
    name: 'case: add comment',
    parameters: run('case', 'addComment', {
      recordId: id('500D00000000001'),
      commentBody: 'On it',
      options: { isPublished: true },
    }),
    answers: [made('/sobjects/CaseComment', '00aD00000000001')],
    asks: [
      asks('POST', '/sobjects/CaseComment', {
        json: { ParentId: '500D00000000001', CommentBody: 'On it', IsPublished: true },
      }),
    ],
    gives: [{ id: '00aD00000000001', success: true, errors: [] }],
  },
];

const toLead = { recordId: id(ID), updateFields: { fieldsJson: '{"City": "Bern"}' } };
const changesLead = asks('PATCH', `/sobjects/Lead/${ID}`, { json: { City: 'Bern' } });
const refusals: OperationCase[] = [
  {
    name: 'lead: create without a required field is refused before it is sent',
    parameters: run('lead', 'create', { Company: 'Acme', LastName: '={{ "" }}' }),
    asks: [],
    fails: { message: '“Last Name” is empty' },
  },
  {
    name: 'lead: what Salesforce refuses is told in its words, with the fields',
    parameters: run('lead', 'update', toLead),
    answers: [
      refuses('PATCH', `/sobjects/Lead/${ID}`, 400, 'REQUIRED_FIELD_MISSING', 'Required fields are missing', {
        fields: ['LastName', 'Company'],
      }),
    ],
    asks: [changesLead],
    fails: {
      message: 'Required fields are missing (LastName, Company)',
      description: /^REQUIRED_FIELD_MISSING: Fill in/,
      httpCode: '400',
    },
  },
  {
    name: 'lead: create a duplicate',
    parameters: run('lead', 'create', { Company: 'Acme', LastName: 'Jo' }),
    answers: [refuses('POST', '/sobjects/Lead', 400, 'DUPLICATES_DETECTED', 'Use one of these records?')],
    asks: [asks('POST', '/sobjects/Lead', { json: { Company: 'Acme', LastName: 'Jo' } })],
    fails: { message: 'Use one of these records?', description: /“Allow Duplicates”/ },
  },
  {
    name: 'lead: an external ID that several records have',
    parameters: run('lead', 'upsert', {
      Company: 'Acme',
      LastName: 'Jo',
      externalId: 'Key__c',
      externalIdValue: 'k',
    }),
    answers: [
      answers(
        'PATCH',
        '/sobjects/Lead/Key__c/k',
        [`${DATA}/sobjects/Lead/00Q1`, `${DATA}/sobjects/Lead/00Q2`],
        {
          status: 300,
        },
      ),
    ],
    asks: [asks('PATCH', '/sobjects/Lead/Key__c/k', { json: { Company: 'Acme', LastName: 'Jo' } })],
    fails: { message: 'More than one record has this external ID', description: /00Q1, 00Q2/ },
  },
  {
    name: 'lead: an update that changes nothing is not sent',
    parameters: run('lead', 'update', { recordId: id(ID), updateFields: {} }),
    asks: [],
    fails: { message: 'No field is set' },
  },
  {
    name: 'lead: JSON that is none',
    parameters: run('lead', 'update', { recordId: id(ID), updateFields: { fieldsJson: '[1]' } }),
    asks: [],
    fails: { message: '“Fields (JSON)” is no JSON object' },
  },
  {
    name: 'lead: an empty ID never names all leads',
    parameters: run('lead', 'delete', { recordId: id('={{ "" }}') }),
    asks: [],
    fails: { message: '“Record” is empty', description: /expression/ },
  },
  {
    name: 'lead: an ID that would lead elsewhere',
    parameters: run('lead', 'delete', { recordId: id(`../Account/${ID}`) }),
    asks: [],
    fails: { message: `“../Account/${ID}” is no ID of Salesforce’s` },
  },
  {
    name: 'lead: a day that is none',
    parameters: run('opportunity', 'create', { Name: 'x', CloseDate: 'soon', StageName: 'y' }),
    asks: [],
    fails: { message: '“soon” is not a date' },
  },
  {
    name: 'customObject: an object that would lead elsewhere',
    parameters: run('customObject', 'get', { customObject: id('Account/1'), recordId: id(ID) }),
    asks: [],
    fails: { message: '“Account/1” is no object' },
  },
  {
    name: 'lead: a version that is none',
    parameters: run('lead', 'delete', { recordId: id(ID), apiVersion: 'latest' }),
    asks: [],
    fails: { message: '“latest” is no API version', description: 'Write it as v66.0.' },
  },
  {
    name: 'lead: of two, one may fail, and the other still comes out',
    parameters: run('lead', 'delete', { recordId: id('={{ $json.id }}') }),
    items: [{ json: { id: ID } }, { json: { id: OTHER_ID } }],
    settings: { onError: 'continueRegularOutput', continueOnFail: true },
    answers: [
      refuses('DELETE', `/sobjects/Lead/${ID}`, 404, 'ENTITY_IS_DELETED', 'entity is deleted'),
      noContent('DELETE', `/sobjects/Lead/${OTHER_ID}`),
    ],
    asks: [asks('DELETE', `/sobjects/Lead/${ID}`), asks('DELETE', `/sobjects/Lead/${OTHER_ID}`)],
    gives: [{ error: 'entity is deleted' }, { id: OTHER_ID, success: true, errors: [] }],
  },
  {
    name: 'lead: a limit that comes as 403 is told as one',
    parameters: run('lead', 'update', toLead),
    answers: [
      refuses(
        'PATCH',
        `/sobjects/Lead/${ID}`,
        403,
        'REQUEST_LIMIT_EXCEEDED',
        'TotalRequests Limit exceeded.',
      ),
    ],
    asks: [changesLead],
    fails: { message: 'TotalRequests Limit exceeded.', description: /Retry On Fail/, httpCode: '403' },
  },
  {
    name: 'lead: a limit is waited for, where the node is set to retry',
    parameters: run('lead', 'update', toLead),
    settings: { retryOnFail: true, maxTries: 2 },
    answers: [
      refuses('PATCH', `/sobjects/Lead/${ID}`, 403, 'REQUEST_LIMIT_EXCEEDED', 'Limit exceeded.', {
        headers: { 'retry-after': '0' },
      }),
      noContent('PATCH', `/sobjects/Lead/${ID}`),
    ],
    asks: [changesLead, changesLead],
    gives: [{ id: ID, success: true, errors: [] }],
  },
];

export const records: OperationCase[] = [...ofEach, ...fields, ...additions, ...refusals];
