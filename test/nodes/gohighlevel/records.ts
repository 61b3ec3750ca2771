/** Contacts, opportunities and tasks. */
import type { INodeParameters } from 'n8n-workflow';
import type { OperationCase } from '../operations.ts';

// The sub-account that the stand-in connects.
export const LOCATION = 'SandboxLocation00001';
export const id = (value: string) => ({ __rl: true, mode: 'id', value });
export const run = (resource: string, operation: string, more: INodeParameters = {}): INodeParameters => ({
  resource,
  operation,
  ...more,
});
/** One call: what is asked, and what is answered. */
export const call = (
  method: string,
  path: string,
  answer: unknown,
  { json, query }: { json?: unknown; query?: Record<string, string> } = {},
): Pick<OperationCase, 'asks'> & { answers: NonNullable<OperationCase['answers']> } => ({
  answers: [{ method, path, body: answer }],
  asks: [{ method, path, ...(json === undefined ? {} : { body: { json } }), ...(query ? { query } : {}) }],
});

const contact = { id: 'c1', email: 'ada@example.com' };
const contacts: OperationCase[] = [
  {
    name: 'contact: create',
    parameters: run('contact', 'create', {
      email: 'ada@example.com',
      phone: '',
      additionalFields: {
        firstName: 'Ada',
        tags: 'vip, new',
        customFields: { field: [{ id: 'f1', value: 'red' }] },
      },
    }),
    ...call(
      'POST',
      '/contacts/',
      { contact },
      {
        json: {
          locationId: LOCATION,
          email: 'ada@example.com',
          firstName: 'Ada',
          tags: ['vip', 'new'],
          customFields: [{ id: 'f1', field_value: 'red' }],
        },
      },
    ),
    gives: [contact],
  },
  {
    name: 'contact: create or update, in a sub-account that is named',
    parameters: run('contact', 'upsert', {
      email: '',
      phone: '+15550100',
      locationId: 'other',
      additionalFields: {},
    }),
    ...call(
      'POST',
      '/contacts/upsert',
      { contact, new: false },
      {
        json: { locationId: 'other', phone: '+15550100' },
      },
    ),
    gives: [{ ...contact, new: false }],
  },
  {
    name: 'contact: get',
    parameters: run('contact', 'get', { contactId: id('c1') }),
    ...call('GET', '/contacts/c1', { contact }),
    gives: [contact],
  },
  {
    name: 'contact: get many by words and conditions, over two pages, up to a limit',
    parameters: run('contact', 'getAll', {
      returnAll: false,
      limit: 501,
      query: 'ada',
      filters: {
        filter: [
          { field: 'tags', operator: 'eq', value: 'vip' },
          { field: 'email', operator: 'exists', value: '' },
        ],
      },
    }),
    answers: [
      {
        method: 'POST',
        path: '/contacts/search',
        body: {
          contacts: Array.from({ length: 500 }, (_none, n) => ({
            id: String(n),
            searchAfter: [n, String(n)],
          })),
          total: 600,
        },
      },
      { method: 'POST', path: '/contacts/search', body: { contacts: [{ id: '500', searchAfter: [500] }] } },
    ],
    asks: [
      [500, {}],
      [1, { searchAfter: [499, '499'] }],
    ].map(([pageLimit, after]) => ({
      method: 'POST',
      path: '/contacts/search',
      body: {
        json: {
          locationId: LOCATION,
          pageLimit,
          query: 'ada',
          filters: [
            { field: 'tags', operator: 'eq', value: 'vip' },
            { field: 'email', operator: 'exists' },
          ],
          ...(after as object),
        },
      },
    })),
    gives: Array.from({ length: 501 }, (_none, n) => ({ id: String(n) })),
  },
  {
    name: 'contact: update',
    parameters: run('contact', 'update', { contactId: id('c1'), updateFields: { city: 'London' } }),
    ...call('PUT', '/contacts/c1', { contact, succeded: true }, { json: { city: 'London' } }),
    gives: [contact],
  },
  {
    name: 'contact: update with nothing in it is refused before it is sent',
    parameters: run('contact', 'update', { contactId: id('c1'), updateFields: {} }),
    asks: [],
    fails: { message: 'There is nothing to update' },
  },
  {
    name: 'contact: delete',
    parameters: run('contact', 'delete', { contactId: id('c1') }),
    ...call('DELETE', '/contacts/c1', { succeded: true }),
    gives: [{ id: 'c1', deleted: true }],
  },
  {
    name: 'contact: add tags',
    parameters: run('contact', 'addTags', { contactId: id('c1'), tags: 'a, b' }),
    ...call('POST', '/contacts/c1/tags', { tags: ['a', 'b'] }, { json: { tags: ['a', 'b'] } }),
    gives: [{ tags: ['a', 'b'] }],
  },
  {
    name: 'contact: remove tags',
    parameters: run('contact', 'removeTags', { contactId: id('c1'), tags: 'a' }),
    ...call('DELETE', '/contacts/c1/tags', { tags: [] }, { json: { tags: ['a'] } }),
    gives: [{ tags: [] }],
  },
  {
    name: 'contact: add note',
    parameters: run('contact', 'addNote', { contactId: id('c1'), body: 'Called' }),
    ...call('POST', '/contacts/c1/notes', { note: { id: 'n1' } }, { json: { body: 'Called' } }),
    gives: [{ id: 'n1' }],
  },
  {
    name: 'contact: get notes',
    parameters: run('contact', 'getNotes', { contactId: id('c1') }),
    ...call('GET', '/contacts/c1/notes', { notes: [{ id: 'n1' }, { id: 'n2' }] }),
    gives: [{ id: 'n1' }, { id: 'n2' }],
  },
  {
    name: 'contact: delete note',
    parameters: run('contact', 'deleteNote', { contactId: id('c1'), noteId: 'n1' }),
    ...call('DELETE', '/contacts/c1/notes/n1', { succeded: true }),
    gives: [{ id: 'n1', deleted: true }],
  },
  {
    name: 'contact: add to workflow',
    parameters: run('contact', 'addToWorkflow', { contactId: id('c1'), workflowId: 'w1' }),
    ...call('POST', '/contacts/c1/workflow/w1', { succeded: true }),
    gives: [{ added: true }],
  },
  {
    name: 'contact: remove from workflow',
    parameters: run('contact', 'removeFromWorkflow', { contactId: id('c1'), workflowId: 'w1' }),
    ...call('DELETE', '/contacts/c1/workflow/w1', { succeded: true }),
    gives: [{ removed: true }],
  },
];

const opportunity = { id: 'o1', name: 'Big' };
const opportunities: OperationCase[] = [
  {
    name: 'opportunity: create',
    parameters: run('opportunity', 'create', {
      pipelineId: 'p1',
      contactId: id('c1'),
      name: 'Big',
      status: 'open',
      additionalFields: { monetaryValue: 12.5, pipelineStageId: 's1' },
    }),
    ...call(
      'POST',
      '/opportunities/',
      { opportunity },
      {
        json: {
          locationId: LOCATION,
          pipelineId: 'p1',
          contactId: 'c1',
          name: 'Big',
          status: 'open',
          monetaryValue: 12.5,
          pipelineStageId: 's1',
        },
      },
    ),
    gives: [opportunity],
  },
  {
    name: 'opportunity: create or update',
    parameters: run('opportunity', 'upsert', {
      pipelineId: 'p1',
      contactId: id('c1'),
      name: 'Big',
      status: 'won',
      additionalFields: {},
    }),
    ...call(
      'POST',
      '/opportunities/upsert',
      { opportunity, new: true },
      {
        json: { locationId: LOCATION, pipelineId: 'p1', contactId: 'c1', name: 'Big', status: 'won' },
      },
    ),
    gives: [{ ...opportunity, new: true }],
  },
  {
    name: 'opportunity: get',
    parameters: run('opportunity', 'get', { opportunityId: id('o1') }),
    ...call('GET', '/opportunities/o1', { opportunity }),
    gives: [opportunity],
  },
  {
    name: 'opportunity: get many, over two pages',
    parameters: run('opportunity', 'getAll', {
      returnAll: true,
      filters: { pipeline_id: 'p1', status: 'won' },
    }),
    answers: [
      {
        method: 'GET',
        path: '/opportunities/search',
        body: {
          opportunities: Array.from({ length: 100 }, (_none, n) => ({ id: String(n) })),
          meta: { startAfter: 17, startAfterId: '99', total: 101 },
        },
      },
      {
        method: 'GET',
        path: '/opportunities/search',
        body: { opportunities: [{ id: '100' }], meta: { startAfter: 18, startAfterId: '100' } },
      },
    ],
    asks: [{}, { startAfter: '17', startAfterId: '99' }].map((after) => ({
      method: 'GET',
      path: '/opportunities/search',
      query: { location_id: LOCATION, pipeline_id: 'p1', status: 'won', limit: '100', ...after },
    })),
    gives: Array.from({ length: 101 }, (_none, n) => ({ id: String(n) })),
  },
  {
    name: 'opportunity: update',
    parameters: run('opportunity', 'update', { opportunityId: id('o1'), updateFields: { name: 'Bigger' } }),
    ...call('PUT', '/opportunities/o1', { opportunity }, { json: { name: 'Bigger' } }),
    gives: [opportunity],
  },
  {
    name: 'opportunity: update status',
    parameters: run('opportunity', 'updateStatus', { opportunityId: id('o1'), status: 'lost' }),
    ...call('PUT', '/opportunities/o1/status', { succeded: true }, { json: { status: 'lost' } }),
    gives: [{ id: 'o1', status: 'lost' }],
  },
  {
    name: 'opportunity: delete',
    parameters: run('opportunity', 'delete', { opportunityId: id('o1') }),
    ...call('DELETE', '/opportunities/o1', { succeded: true }),
    gives: [{ id: 'o1', deleted: true }],
  },
];

const task = { id: 't1', title: 'Call' };
const of = { contactId: id('c1') };
const tasks: OperationCase[] = [
  {
    name: 'task: create',
    parameters: run('task', 'create', {
      ...of,
      title: 'Call',
      dueDate: '2026-01-31T12:00:00Z',
      additionalFields: { body: 'Today' },
    }),
    ...call(
      'POST',
      '/contacts/c1/tasks',
      { task },
      {
        json: { title: 'Call', dueDate: '2026-01-31T12:00:00.000Z', completed: false, body: 'Today' },
      },
    ),
    gives: [task],
  },
  {
    name: 'task: a due date that is none',
    parameters: run('task', 'create', { ...of, title: 'Call', dueDate: 'soon', additionalFields: {} }),
    asks: [],
    fails: { message: 'Due Date is no time', description: /“soon” was given/ },
  },
  {
    name: 'task: get',
    parameters: run('task', 'get', { ...of, taskId: 't1' }),
    ...call('GET', '/contacts/c1/tasks/t1', { task }),
    gives: [task],
  },
  {
    name: 'task: get many',
    parameters: run('task', 'getAll', of),
    ...call('GET', '/contacts/c1/tasks', { tasks: [task] }),
    gives: [task],
  },
  {
    name: 'task: update',
    parameters: run('task', 'update', {
      ...of,
      taskId: 't1',
      updateFields: { title: 'Write', dueDate: '2026-02-01T00:00:00Z' },
    }),
    ...call(
      'PUT',
      '/contacts/c1/tasks/t1',
      { task },
      {
        json: { title: 'Write', dueDate: '2026-02-01T00:00:00.000Z' },
      },
    ),
    gives: [task],
  },
  {
    name: 'task: complete',
    parameters: run('task', 'complete', { ...of, taskId: 't1' }),
    ...call('PUT', '/contacts/c1/tasks/t1/completed', { task }, { json: { completed: true } }),
    gives: [task],
  },
  {
    name: 'task: delete',
    parameters: run('task', 'delete', { ...of, taskId: 't1' }),
    ...call('DELETE', '/contacts/c1/tasks/t1', { succeded: true }),
    gives: [{ id: 't1', deleted: true }],
  },
];

export const records = [...contacts, ...opportunities, ...tasks];
