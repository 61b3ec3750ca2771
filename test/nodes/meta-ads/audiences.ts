import { createHash } from 'node:crypto';
import { expect } from 'vitest';
import type { OperationCase } from '../operations.ts';
import { ACCOUNT, adAccountId, called, id, refused } from './answers.ts';

export const sha = (text: string) => createHash('sha256').update(text).digest('hex');

const audience = { resource: 'customAudience', audienceId: id('238') };
const fromItems = {
  ...audience,
  operation: 'addMembers',
  membersFrom: 'items',
  member: { email: '={{ $json.email }}', phone: '={{ $json.phone }}' },
};
const answer = (num_received: number, more: object = {}) => ({
  audience_id: '238',
  num_received,
  num_invalid_entries: 0,
  invalid_entry_samples: {},
  ...more,
});
const USERS = '/238/users';

type Sent = { schema: string[]; data: unknown[][] };
/** A form with the people and which batch of how many it is; the session's id is compared by the result. */
const form = (payload: Sent, session: { batch_seq: number; last_batch_flag: boolean; total: number }) => ({
  matching: {
    form: [
      ['payload', JSON.stringify(payload)],
      [
        'session',
        expect.stringMatching(
          new RegExp(
            `^{"session_id":\\d{15,16},"batch_seq":${session.batch_seq},"last_batch_flag":${session.last_batch_flag},"estimated_num_total":${session.total}}$`,
          ),
        ),
      ],
    ],
  },
});
const only = (total: number) => ({ batch_seq: 1, last_batch_flag: true, total });

const gives = (sent: number, more: object = {}) => ({
  audience_id: '238',
  session_id: expect.stringMatching(/^\d{15,16}$/),
  num_sent: sent,
  num_batches: 1,
  num_received: sent,
  num_invalid_entries: 0,
  invalid_entry_samples: [],
  ...more,
});

const MANY = Array.from({ length: 10_001 }, (_, n) => ({ externalId: `c${n}` }));

export const audienceCases: OperationCase[] = [
  {
    name: 'custom audience: create',
    parameters: {
      resource: 'customAudience',
      operation: 'create',
      adAccountId,
      name: 'Customers',
      customerFileSource: 'USER_PROVIDED_ONLY',
      additionalFields: { description: 'All', isValueBased: true },
    },
    ...called('POST', `${ACCOUNT}/customaudiences`, {
      body: {
        name: 'Customers',
        customer_file_source: 'USER_PROVIDED_ONLY',
        subtype: 'CUSTOM',
        description: 'All',
        is_value_based: true,
      },
      answer: { id: '238' },
    }),
    gives: [{ id: '238' }],
  },
  {
    name: 'custom audience: add all items together, normalised and hashed',
    parameters: fromItems,
    items: [
      { json: { email: ' Jo@Example.COM ', phone: '+1 (415) 555-0100' } },
      { json: { email: 'ann@example.com' } },
    ],
    answers: [{ method: 'POST', path: USERS, body: answer(2) }],
    asks: [
      {
        method: 'POST',
        path: USERS,
        headers: { 'content-type': expect.stringMatching(/^application\/x-www-form-urlencoded/) },
        body: form(
          {
            schema: ['EMAIL', 'PHONE'],
            data: [
              [sha('jo@example.com'), sha('14155550100')],
              [sha('ann@example.com'), ''],
            ],
          },
          only(2),
        ),
      },
    ],
    gives: [gives(2)],
    items_: (items) => expect(items[0]?.pairedItem).toEqual([{ item: 0 }, { item: 1 }]),
  },
  {
    name: 'custom audience: add a list of people, with the calling code of those without',
    parameters: {
      ...audience,
      operation: 'addMembers',
      membersFrom: 'list',
      members: '[{"phone": "0151 23456789", "value": 44.5}, {"phone": "+1 415 555 0100", "value": 0}]',
      options: { phoneCountry: '+49' },
    },
    answers: [
      {
        method: 'POST',
        path: USERS,
        body: answer(2, { num_invalid_entries: 1, invalid_entry_samples: { '1': 'bad' } }),
      },
    ],
    asks: [
      {
        method: 'POST',
        path: USERS,
        body: form(
          {
            schema: ['PHONE', 'LOOKALIKE_VALUE'],
            data: [
              [sha('4915123456789'), 44.5],
              [sha('14155550100'), 0],
            ],
          },
          only(2),
        ),
      },
    ],
    gives: [gives(2, { num_invalid_entries: 1, invalid_entry_samples: [{ '1': 'bad' }] })],
  },
  {
    name: 'custom audience: add more than Meta takes at once',
    parameters: { ...audience, operation: 'addMembers', membersFrom: 'list', members: '={{ $json.people }}' },
    items: [{ json: { people: MANY } }],
    answers: [
      { method: 'POST', path: USERS, body: answer(10_000) },
      { method: 'POST', path: USERS, body: answer(1) },
    ],
    asks: [
      {
        method: 'POST',
        path: USERS,
        body: form(
          { schema: ['EXTERN_ID'], data: MANY.slice(0, 10_000).map(({ externalId }) => [externalId]) },
          { batch_seq: 1, last_batch_flag: false, total: 10_001 },
        ),
      },
      {
        method: 'POST',
        path: USERS,
        body: form(
          { schema: ['EXTERN_ID'], data: [['c10000']] },
          { batch_seq: 2, last_batch_flag: true, total: 10_001 },
        ),
      },
    ],
    gives: [gives(10_001, { num_batches: 2 })],
  },
  {
    name: 'custom audience: remove members',
    parameters: { ...fromItems, operation: 'removeMembers', member: { email: '={{ $json.email }}' } },
    items: [{ json: { email: 'jo@example.com' } }],
    answers: [{ method: 'DELETE', path: USERS, body: answer(1) }],
    asks: [
      {
        method: 'DELETE',
        path: USERS,
        body: form({ schema: ['EMAIL'], data: [[sha('jo@example.com')]] }, only(1)),
      },
    ],
    gives: [gives(1)],
  },
  {
    name: 'custom audience: nobody is sent where one of them is wrong',
    parameters: fromItems,
    items: [{ json: { email: 'jo@example.com' } }, { json: { email: 'jo' } }],
    asks: [],
    fails: { message: 'An email address is not one: it needs one @' },
  },
  {
    name: 'custom audience: the others are sent with Continue On Fail',
    parameters: fromItems,
    items: [{ json: {} }, { json: { email: 'jo@example.com' } }],
    settings: { onError: 'continueRegularOutput', continueOnFail: true },
    answers: [{ method: 'POST', path: USERS, body: answer(1) }],
    asks: [
      {
        method: 'POST',
        path: USERS,
        body: form({ schema: ['EMAIL'], data: [[sha('jo@example.com')]] }, only(1)),
      },
    ],
    gives: [{ error: expect.stringMatching(/^Nothing is known of this person/) }, gives(1)],
  },
  {
    name: 'custom audience: a list that names the wrong one',
    parameters: {
      ...audience,
      operation: 'addMembers',
      membersFrom: 'list',
      members: '[{"email": "jo@example.com"}, {"country": "Germany"}]',
    },
    asks: [],
    fails: { message: 'A country is not a two-letter code such as US (member 2 of 2)' },
  },
  {
    name: 'custom audience: what is no list',
    parameters: { ...audience, operation: 'addMembers', membersFrom: 'list', members: '{"email": "a@b.c"}' },
    asks: [],
    fails: { message: '“Members” is not a list of people', description: /\[\{"email"/ },
  },
  {
    name: 'custom audience: add to one that is flagged',
    parameters: { ...fromItems, member: { externalId: '7' } },
    answers: [
      {
        method: 'POST',
        path: USERS,
        status: 400,
        body: refused(100, 'Invalid parameter', {
          error_subcode: 1713230,
          error_user_title: 'Audience Upload Blocked',
          error_user_msg: 'You must resolve integrity restrictions.',
        }),
      },
    ],
    asks: [{ method: 'POST', path: USERS, body: form({ schema: ['EXTERN_ID'], data: [['7']] }, only(1)) }],
    fails: {
      message: 'Audience Upload Blocked: You must resolve integrity restrictions.',
      description: /Audience Manager/,
    },
  },
];
