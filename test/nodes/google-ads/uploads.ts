import { createHash } from 'node:crypto';
import { expect } from 'vitest';
import type { OperationCase } from '../operations.ts';
import {
  asksPost,
  CUSTOMER,
  customerId,
  id,
  mutated,
  NAME,
  partial,
  posted,
  queried,
  refusal,
} from './answers.ts';

const sha = (text: string) => createHash('sha256').update(text).digest('hex');
const continuing = { onError: 'continueRegularOutput', continueOnFail: true } as const;

const CLICKS = ':uploadClickConversions';
const ACTION = `${NAME}/conversionActions/6`;
const click = {
  resource: 'conversion',
  operation: 'uploadClick',
  customerId,
  conversionActionId: id('6'),
  clickIdType: 'gclid',
  clickId: '={{ $json.gclid }}',
  conversionTime: '2026-05-01T10:00:00+02:00',
};
const conversion = (more: object) => ({
  ...more,
  conversionAction: ACTION,
  conversionDateTime: '2026-05-01 08:00:00+00:00',
});
const asksClicks = (conversions: unknown[], more: object = {}) =>
  asksPost(CLICKS, { conversions, partialFailure: true, ...more });
const two = [{ json: { gclid: 'A' } }, { json: { gclid: 'B' } }];
const oneRefused = {
  answers: [
    posted(CLICKS, {
      results: [{ gclid: 'A', conversionAction: ACTION }, {}],
      jobId: '77',
      partialFailureError: partial({
        word: 'UNPARSEABLE_GCLID',
        group: 'conversionUploadError',
        message: 'The imported gclid could not be decoded.',
        at: ['conversions', 1],
      }),
    }),
  ],
  asks: [asksClicks([conversion({ gclid: 'A' }), conversion({ gclid: 'B' })])],
};
const MANY = Array.from({ length: 2001 }, (_, n) => ({ json: { gclid: `g${n}` } }));

const list = { resource: 'customerList', customerId, listId: id('4') };
const LIST = `${NAME}/userLists/4`;
const JOB = '/offlineUserDataJobs/55';
const members = {
  ...list,
  operation: 'addMembers',
  membersFrom: 'items',
  member: { email: '={{ $json.email }}' },
};
const people = (...emails: string[]) => emails.map((email) => ({ json: { email } }));
const created = posted('/offlineUserDataJobs:create', { resourceName: `${NAME}/offlineUserDataJobs/55` });
const asksCreate = (consent: object = {}) =>
  asksPost('/offlineUserDataJobs:create', {
    job: {
      type: 'CUSTOMER_MATCH_USER_LIST',
      customerMatchUserListMetadata: { userList: LIST, ...consent },
    },
  });
const asksAdd = (operations: unknown[]) =>
  asksPost(`${JOB}:addOperations`, { enablePartialFailure: true, operations });
const email = (text: string) => ({ userIdentifiers: [{ hashedEmail: sha(text) }] });
const added = posted(`${JOB}:addOperations`, {});
const ran = posted(`${JOB}:run`, { name: 'operations/1' });
const asksRun = { method: 'POST', path: `${CUSTOMER}${JOB}:run` };
const job = (sent: number, refused = 0) => ({
  jobId: '55',
  resourceName: `${NAME}/offlineUserDataJobs/55`,
  userList: LIST,
  sent,
  refused,
  running: sent > refused,
});
const secondRefused = posted(`${JOB}:addOperations`, {
  partialFailureError: partial({
    word: 'INVALID_SHA256_FORMAT',
    group: 'offlineUserDataJobError',
    message: 'The SHA256 encoded value is malformed.',
    at: ['operations', 1],
  }),
});
const IDS = Array.from({ length: 10_001 }, (_, n) => ({ userId: `u${n}` }));
const byUserId = ({ userId }: { userId: string }) => ({
  create: { userIdentifiers: [{ thirdPartyUserId: userId }] },
});

export const uploadCases: OperationCase[] = [
  {
    name: 'conversion: upload all items together',
    parameters: {
      ...click,
      additionalFields: {
        value: 19.9,
        currencyCode: 'eur',
        orderId: 'o1',
        environment: 'WEB',
        email: ' Jo.Do@GMail.com',
        phone: '+1 415 555 0100',
        adUserData: 'GRANTED',
        adPersonalization: 'DENIED',
        customVariables: { variable: [{ id: '3', value: 'gold' }] },
      },
    },
    items: [two[0]!],
    answers: [posted(CLICKS, { results: [{ gclid: 'A', conversionAction: ACTION }], jobId: '77' })],
    asks: [
      asksClicks([
        {
          ...conversion({ gclid: 'A' }),
          conversionValue: 19.9,
          currencyCode: 'EUR',
          orderId: 'o1',
          conversionEnvironment: 'WEB',
          userIdentifiers: [
            { hashedEmail: sha('jodo@gmail.com') },
            { hashedPhoneNumber: sha('+14155550100') },
          ],
          customVariables: [
            { conversionCustomVariable: `${NAME}/conversionCustomVariables/3`, value: 'gold' },
          ],
          consent: { adUserData: 'GRANTED', adPersonalization: 'DENIED' },
        },
      ]),
    ],
    gives: [{ gclid: 'A', conversionAction: ACTION, jobId: '77' }],
  },
  ...(['gbraid', 'wbraid'] as const).map((clickIdType): OperationCase => ({
    name: `conversion: upload by ${clickIdType}, only to check it`,
    parameters: { ...click, clickIdType, clickId: 'X', options: { validateOnly: true } },
    answers: [posted(CLICKS, {})],
    asks: [asksClicks([conversion({ [clickIdType]: 'X' })], { validateOnly: true })],
    gives: [{ valid: true }],
  })),
  {
    name: 'conversion: upload by what is known of the person',
    parameters: { ...click, clickIdType: 'userData', additionalFields: { email: 'a.b@example.com' } },
    answers: [posted(CLICKS, { results: [{ conversionAction: ACTION }] })],
    asks: [asksClicks([conversion({ userIdentifiers: [{ hashedEmail: sha('a.b@example.com') }] })])],
    gives: [{ conversionAction: ACTION }],
  },
  {
    name: 'conversion: more than Google takes at once go in two calls',
    parameters: click,
    items: MANY,
    answers: [
      posted(CLICKS, { results: MANY.slice(0, 2000).map(({ json }) => json) }),
      posted(CLICKS, { results: [{ gclid: 'g2000' }] }),
    ],
    asks: [
      asksClicks(MANY.slice(0, 2000).map(({ json }) => conversion(json))),
      asksClicks([conversion({ gclid: 'g2000' })]),
    ],
    gives: MANY.map(({ json }) => json),
    items_: (items) => expect(items[2000]?.pairedItem).toEqual({ item: 2000 }),
  },
  {
    name: 'conversion: those of different customers go in different calls',
    parameters: { ...click, customerId: id('={{ $json.customer }}') },
    items: [
      { json: { gclid: 'A', customer: '1000000001' } },
      { json: { gclid: 'B', customer: '1000000011' } },
    ],
    answers: [
      posted(CLICKS, { results: [{ gclid: 'A' }] }),
      {
        method: 'POST',
        path: '/v24/customers/1000000011:uploadClickConversions',
        body: { results: [{ gclid: 'B' }] },
      },
    ],
    asks: [
      asksClicks([conversion({ gclid: 'A' })]),
      {
        method: 'POST',
        path: '/v24/customers/1000000011:uploadClickConversions',
        body: {
          json: {
            conversions: [
              {
                gclid: 'B',
                conversionAction: 'customers/1000000011/conversionActions/6',
                conversionDateTime: '2026-05-01 08:00:00+00:00',
              },
            ],
            partialFailure: true,
          },
        },
      },
    ],
    gives: [{ gclid: 'A' }, { gclid: 'B' }],
  },
  {
    name: 'conversion: one of two is refused, and which one is said',
    parameters: click,
    items: two,
    ...oneRefused,
    fails: {
      message: 'Google refused 1 of 2 conversions',
      description:
        /Item 1: The imported gclid could not be decoded\. \(UNPARSEABLE_GCLID\).*others were taken/,
    },
  },
  {
    name: 'conversion: one of two is refused, and the other comes out with Continue On Fail',
    parameters: click,
    items: two,
    settings: continuing,
    ...oneRefused,
    gives: [
      { gclid: 'A', conversionAction: ACTION, jobId: '77' },
      { error: 'The imported gclid could not be decoded. (UNPARSEABLE_GCLID)' },
    ],
    items_: (items) => expect(items.map(({ pairedItem }) => pairedItem)).toEqual([{ item: 0 }, { item: 1 }]),
  },
  {
    name: 'conversion: the only one is refused, with what to do',
    parameters: click,
    items: [two[0]!],
    answers: [
      posted(CLICKS, {
        results: [{}],
        partialFailureError: partial({
          word: 'TOO_RECENT_EVENT',
          message: 'The click is too recent.',
          at: ['conversions', 0],
        }),
      }),
    ],
    asks: [asksClicks([conversion({ gclid: 'A' })])],
    fails: { message: 'The click is too recent. (TOO_RECENT_EVENT)', description: /six hours/ },
  },
  ...(
    [
      [{ clickId: '={{ $json.none }}' }, '“Click ID” is empty'],
      [{ additionalFields: { value: '={{ "much" }}' } }, '“Value” is no number: much'],
      [{ conversionTime: 'soon' }, '“Conversion Time” is no time: soon'],
      [{ conversionActionId: id('Sale') }, '“Conversion Action” is no ID: Sale'],
      [
        { additionalFields: { phone: '415 555 0100' } },
        'A phone number lacks its country: begin it with +, or give the default calling code',
      ],
    ] as const
  ).map(([parameters, message]): OperationCase => ({
    name: `conversion: nobody is asked where ${message}`,
    parameters: { ...click, ...parameters },
    items: two,
    asks: [],
    fails: { message },
  })),
  {
    name: 'customer list: create',
    parameters: {
      resource: 'customerList',
      operation: 'create',
      customerId,
      name: 'Buyers',
      uploadKeyType: 'CONTACT_INFO',
      additionalFields: { description: 'All' },
    },
    ...mutated(
      'userLists',
      {
        create: {
          name: 'Buyers',
          description: 'All',
          membershipLifeSpan: '540',
          membershipStatus: 'OPEN',
          crmBasedUserList: { uploadKeyType: 'CONTACT_INFO' },
        },
      },
      { resourceName: LIST },
    ),
    gives: [{ resourceName: LIST }],
  },
  {
    name: 'customer list: update',
    parameters: { ...list, operation: 'update', updateFields: { name: 'Old', membershipDays: 30 } },
    ...mutated(
      'userLists',
      {
        updateMask: 'name,membershipLifeSpan',
        update: { resourceName: LIST, name: 'Old', membershipLifeSpan: '30' },
      },
      { resourceName: LIST },
    ),
    gives: [{ resourceName: LIST }],
  },
  {
    name: 'customer list: delete',
    parameters: { ...list, operation: 'delete' },
    ...mutated('userLists', { remove: LIST }, { resourceName: LIST }),
    gives: [{ resourceName: LIST }],
  },
  {
    name: 'customer list: add all items in one job',
    parameters: { ...members, options: { adUserData: 'GRANTED', adPersonalization: 'GRANTED' } },
    items: people(' Jo@Example.com', 'ann@example.com'),
    answers: [created, added, ran],
    asks: [
      asksCreate({ consent: { adUserData: 'GRANTED', adPersonalization: 'GRANTED' } }),
      asksAdd([{ create: email('jo@example.com') }, { create: email('ann@example.com') }]),
      asksRun,
    ],
    gives: [job(2)],
    items_: (items) => expect(items[0]?.pairedItem).toEqual([{ item: 0 }, { item: 1 }]),
  },
  {
    name: 'customer list: remove members',
    parameters: { ...members, operation: 'removeMembers' },
    items: people('jo@example.com'),
    answers: [created, added, ran],
    asks: [asksCreate(), asksAdd([{ remove: email('jo@example.com') }]), asksRun],
    gives: [job(1)],
  },
  {
    name: 'customer list: more than Google wants at once go in two calls of one job',
    parameters: { ...list, operation: 'addMembers', membersFrom: 'list', members: '={{ $json.people }}' },
    items: [{ json: { people: IDS } }],
    answers: [created, added, added, ran],
    asks: [
      asksCreate(),
      asksAdd(IDS.slice(0, 10_000).map(byUserId)),
      asksAdd(IDS.slice(10_000).map(byUserId)),
      asksRun,
    ],
    gives: [job(10_001)],
  },
  {
    name: 'customer list: one is refused, the job of the others runs, and both are said',
    parameters: members,
    items: people('jo@example.com', 'ann@example.com'),
    answers: [created, secondRefused, ran],
    asks: [
      asksCreate(),
      asksAdd([{ create: email('jo@example.com') }, { create: email('ann@example.com') }]),
      asksRun,
    ],
    fails: {
      message: 'Google refused 1 of 2 members',
      description: /Item 1: The SHA256 encoded value is malformed.*The others were taken: job 55 runs/,
    },
  },
  {
    name: 'customer list: one is refused and comes out by itself with Continue On Fail',
    parameters: members,
    items: people('jo@example.com', 'ann@example.com'),
    settings: continuing,
    answers: [created, secondRefused, ran],
    asks: [
      asksCreate(),
      asksAdd([{ create: email('jo@example.com') }, { create: email('ann@example.com') }]),
      asksRun,
    ],
    gives: [job(2, 1), { error: 'The SHA256 encoded value is malformed. (INVALID_SHA256_FORMAT)' }],
    items_: (items) =>
      expect(items.map(({ pairedItem }) => pairedItem)).toEqual([[{ item: 0 }], { item: 1 }]),
  },
  {
    name: 'customer list: a job without anybody is not run',
    parameters: members,
    items: people('jo@example.com'),
    answers: [
      created,
      posted(`${JOB}:addOperations`, {
        partialFailureError: partial({ word: 'INTERNAL_ERROR', message: 'Trouble.' }),
      }),
    ],
    asks: [asksCreate(), asksAdd([{ create: email('jo@example.com') }])],
    fails: { message: 'Google refused 1 of 1 members', description: /Trouble.*Nothing was changed/ },
  },
  {
    name: 'customer list: an app that may not',
    parameters: members,
    items: people('jo@example.com'),
    answers: [
      posted(
        '/offlineUserDataJobs:create',
        refusal(403, 'PERMISSION_DENIED', {
          word: 'CUSTOMER_NOT_ALLOWLISTED_FOR_THIS_FEATURE',
          group: 'notAllowlistedError',
          message: 'Customer is not allowlisted for accessing this feature.',
        }),
        403,
      ),
    ],
    asks: [asksCreate()],
    fails: { message: /not allowlisted/, description: /Since April 2026/, httpCode: '403' },
  },
  {
    name: 'customer list: nobody is asked where one person is wrong',
    parameters: {
      ...list,
      operation: 'addMembers',
      membersFrom: 'list',
      members: '[{"email": "a@b.c"}, {}]',
    },
    asks: [],
    fails: { message: /^Nothing is known of this person.*\(member 2 of 2\)$/ },
  },
  {
    name: 'customer list: nobody is asked where there is no list',
    parameters: { ...list, operation: 'addMembers', membersFrom: 'list', members: '[' },
    asks: [],
    fails: { message: '“Members” is not a list of people' },
  },
  {
    name: 'customer list: get a job',
    parameters: { resource: 'customerList', operation: 'getJob', customerId, jobId: '55' },
    ...queried(
      `SELECT offline_user_data_job.resource_name, offline_user_data_job.id, offline_user_data_job.type, offline_user_data_job.status, offline_user_data_job.failure_reason, offline_user_data_job.operation_metadata.match_rate_range, offline_user_data_job.customer_match_user_list_metadata.user_list FROM offline_user_data_job WHERE offline_user_data_job.resource_name = '${NAME}/offlineUserDataJobs/55' LIMIT 1`,
      [{ offlineUserDataJob: { id: '55', status: 'RUNNING' } }],
    ),
    gives: [{ id: '55', status: 'RUNNING' }],
  },
];
