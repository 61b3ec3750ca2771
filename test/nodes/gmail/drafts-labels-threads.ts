import type { OperationCase } from '../operations.ts';
import {
  ME,
  id,
  SENDERS,
  ASKS_SENDERS,
  SENT,
  sending,
  sends,
  mimeOf,
  plain,
  ORIGINAL,
  SIMPLE,
  ANSWER_QUERY,
  THREADING,
  GRUESSE,
  actions,
} from './answers.ts';
import { HELLO } from './messages.ts';

const DRAFT = { id: 'r1', message: { id: 'm9', threadId: 't9', labelIds: ['DRAFT'] } };
export const drafts: OperationCase[] = [
  {
    name: 'draft: create',
    parameters: {
      resource: 'draft',
      operation: 'create',
      subject: 'Hi',
      emailType: 'text',
      message: 'Hello',
      options: { sendTo: 'jo@example.com' },
    },
    answers: [{ method: 'POST', path: `${ME}/drafts`, body: DRAFT }],
    asks: [
      {
        method: 'POST',
        path: `${ME}/drafts`,
        body: { matching: { json: { message: { raw: mimeOf(HELLO) } } } },
      },
    ],
    gives: [DRAFT],
  },
  {
    name: 'draft: create an answer in a thread, after what was sent last',
    parameters: {
      resource: 'draft',
      operation: 'create',
      subject: '',
      emailType: 'text',
      message: 'Hello',
      options: { threadId: 't1' },
    },
    answers: [
      {
        method: 'GET',
        path: `${ME}/threads/t1`,
        body: { id: 't1', messages: [{ id: 'm0' }, ORIGINAL, { id: 'm2', labelIds: ['DRAFT'] }] },
      },
      { method: 'POST', path: `${ME}/drafts`, body: DRAFT },
    ],
    asks: [
      { method: 'GET', path: `${ME}/threads/t1`, query: ANSWER_QUERY },
      {
        method: 'POST',
        path: `${ME}/drafts`,
        body: {
          matching: {
            json: {
              message: { raw: mimeOf([GRUESSE, ...THREADING, ...plain('Hello'), '']), threadId: 't1' },
            },
          },
        },
      },
    ],
    gives: [DRAFT],
  },
  {
    name: 'draft: update puts another message in its place',
    parameters: {
      resource: 'draft',
      operation: 'update',
      draftId: 'r1',
      subject: 'Hi',
      emailType: 'text',
      message: 'Hello',
      options: { sendTo: 'jo@example.com' },
    },
    answers: [{ method: 'PUT', path: `${ME}/drafts/r1`, body: DRAFT }],
    asks: [
      {
        method: 'PUT',
        path: `${ME}/drafts/r1`,
        body: { matching: { json: { message: { raw: mimeOf(HELLO) } } } },
      },
    ],
    gives: [DRAFT],
  },
  {
    name: 'draft: get, simplified',
    parameters: { resource: 'draft', operation: 'get', draftId: 'r1', simple: true },
    answers: [{ method: 'GET', path: `${ME}/drafts/r1`, body: { id: 'r1', message: ORIGINAL } }],
    asks: [{ method: 'GET', path: `${ME}/drafts/r1`, query: { format: 'full' } }],
    gives: [{ draftId: 'r1', ...SIMPLE }],
  },
  {
    name: 'draft: get many',
    parameters: {
      resource: 'draft',
      operation: 'getAll',
      returnAll: false,
      limit: 1,
      simple: false,
      format: 'metadata',
      filters: { q: 'bill' },
    },
    answers: [
      { method: 'GET', path: `${ME}/drafts`, body: { drafts: [{ id: 'r1' }], nextPageToken: 'more' } },
      { method: 'GET', path: `${ME}/drafts/r1`, body: DRAFT },
    ],
    asks: [
      { method: 'GET', path: `${ME}/drafts`, query: { maxResults: '1', q: 'bill' } },
      { method: 'GET', path: `${ME}/drafts/r1`, query: { format: 'metadata' } },
    ],
    gives: [DRAFT],
  },
  {
    name: 'draft: delete',
    parameters: { resource: 'draft', operation: 'delete', draftId: 'r1' },
    answers: [{ method: 'DELETE', path: `${ME}/drafts/r1`, status: 204 }],
    asks: [{ method: 'DELETE', path: `${ME}/drafts/r1` }],
    gives: [{ success: true }],
  },
  {
    name: 'draft: send',
    parameters: { resource: 'draft', operation: 'send', draftId: 'r1' },
    answers: [{ method: 'POST', path: `${ME}/drafts/send`, body: SENT }],
    asks: [{ method: 'POST', path: `${ME}/drafts/send`, body: { json: { id: 'r1' } } }],
    gives: [SENT],
  },
];

export const LABEL = { id: 'Label_1', name: 'Bills', type: 'user' };
export const labels: OperationCase[] = [
  {
    name: 'label: create',
    parameters: {
      resource: 'label',
      operation: 'create',
      name: 'Bills',
      options: {
        labelListVisibility: 'labelHide',
        messageListVisibility: 'hide',
        textColor: '#ffffff',
        backgroundColor: '#4a86e8',
      },
    },
    answers: [{ method: 'POST', path: `${ME}/labels`, body: LABEL }],
    asks: [
      {
        method: 'POST',
        path: `${ME}/labels`,
        body: {
          json: {
            name: 'Bills',
            labelListVisibility: 'labelHide',
            messageListVisibility: 'hide',
            color: { textColor: '#ffffff', backgroundColor: '#4a86e8' },
          },
        },
      },
    ],
    gives: [LABEL],
  },
  {
    name: 'label: get',
    parameters: { resource: 'label', operation: 'get', labelId: id('Label_1') },
    answers: [{ method: 'GET', path: `${ME}/labels/Label_1`, body: LABEL }],
    asks: [{ method: 'GET', path: `${ME}/labels/Label_1` }],
    gives: [LABEL],
  },
  {
    name: 'label: get many',
    parameters: { resource: 'label', operation: 'getAll', returnAll: false, limit: 2 },
    asks: [{ method: 'GET', path: `${ME}/labels` }],
    gives: [
      { id: 'INBOX', name: 'INBOX', type: 'system' },
      { id: 'SENT', name: 'SENT', type: 'system' },
    ],
  },
  {
    name: 'label: update',
    parameters: {
      resource: 'label',
      operation: 'update',
      labelId: id('Label_1'),
      updateFields: { name: 'Paid' },
    },
    answers: [{ method: 'PATCH', path: `${ME}/labels/Label_1`, body: { ...LABEL, name: 'Paid' } }],
    asks: [{ method: 'PATCH', path: `${ME}/labels/Label_1`, body: { json: { name: 'Paid' } } }],
    gives: [{ ...LABEL, name: 'Paid' }],
  },
  {
    name: 'label: delete',
    parameters: { resource: 'label', operation: 'delete', labelId: id('Label_1') },
    answers: [{ method: 'DELETE', path: `${ME}/labels/Label_1`, status: 204 }],
    asks: [{ method: 'DELETE', path: `${ME}/labels/Label_1` }],
    gives: [{ success: true }],
  },
  {
    name: 'label: delete with no label chosen asks nobody',
    parameters: { resource: 'label', operation: 'delete', labelId: id('={{ $json.none }}') },
    asks: [],
    fails: { message: '“Label” is empty' },
  },
];

const threadAnswer = {
  method: 'GET',
  path: `${ME}/threads/t1`,
  body: { id: 't1', historyId: '1', messages: [ORIGINAL] },
};
export const threads: OperationCase[] = [
  {
    name: 'thread: get, simplified',
    parameters: { resource: 'thread', operation: 'get', threadId: 't1', simple: true, options: {} },
    answers: [threadAnswer],
    asks: [{ method: 'GET', path: `${ME}/threads/t1`, query: { format: 'full' } }],
    gives: [{ id: 't1', messages: [SIMPLE] }],
  },
  {
    name: 'thread: get its messages as items',
    parameters: {
      resource: 'thread',
      operation: 'get',
      threadId: 't1',
      simple: true,
      options: { returnOnlyMessages: true },
    },
    answers: [threadAnswer],
    asks: [{ method: 'GET', path: `${ME}/threads/t1`, query: { format: 'full' } }],
    gives: [SIMPLE],
  },
  {
    name: 'thread: get many',
    parameters: {
      resource: 'thread',
      operation: 'getAll',
      returnAll: true,
      simple: false,
      format: 'minimal',
      filters: { readStatus: 'read' },
    },
    answers: [
      { method: 'GET', path: `${ME}/threads`, body: { threads: [{ id: 't1', snippet: 'x' }] } },
      { method: 'GET', path: `${ME}/threads/t1`, body: { id: 't1', messages: [{ id: 'm1' }] } },
    ],
    asks: [
      { method: 'GET', path: `${ME}/threads`, query: { maxResults: '500', q: 'is:read' } },
      { method: 'GET', path: `${ME}/threads/t1`, query: { format: 'minimal' } },
    ],
    gives: [{ id: 't1', messages: [{ id: 'm1' }] }],
  },
  {
    name: 'thread: reply to its last message',
    parameters: {
      resource: 'thread',
      operation: 'reply',
      threadId: 't1',
      recipients: 'sender',
      emailType: 'text',
      message: 'Yes',
      options: {},
    },
    answers: [threadAnswer, SENDERS, sending()],
    asks: [
      { method: 'GET', path: `${ME}/threads/t1`, query: ANSWER_QUERY },
      ASKS_SENDERS,
      sends(['To: Jo <jo@example.com>', GRUESSE, ...THREADING, ...plain('Yes'), ''], 't1'),
    ],
    gives: [SENT],
  },
  {
    name: 'thread: reply to a message that is not in it',
    parameters: {
      resource: 'thread',
      operation: 'reply',
      threadId: 't1',
      recipients: 'everyone',
      emailType: 'text',
      message: 'Yes',
      options: { messageId: 'elsewhere' },
    },
    answers: [threadAnswer],
    asks: [{ method: 'GET', path: `${ME}/threads/t1`, query: ANSWER_QUERY }],
    fails: { message: 'The thread has no message elsewhere' },
  },
  ...actions('thread'),
];

export const custom: OperationCase = {
  name: 'custom API call',
  parameters: {
    resource: 'customApiCall',
    operation: 'call',
    method: 'GET',
    path: '/gmail/v1/users/me/settings/vacation',
    query: {},
    headers: {},
    options: {},
  },
  answers: [{ method: 'GET', path: `${ME}/settings/vacation`, body: { enableAutoReply: false } }],
  asks: [{ method: 'GET', path: `${ME}/settings/vacation` }],
  gives: [{ enableAutoReply: false }],
};
