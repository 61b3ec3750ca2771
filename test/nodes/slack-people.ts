import type { OperationCase } from './operations.ts';
import { answered, get, id, post } from './slack-calls.ts';

const C1 = { channelId: id('C1') };
const TS = '1663233118.856619';
const MESSAGE = { ...C1, timestamp: TS };
const ITEM = { channel: 'C1', timestamp: TS };
const U1 = { userId: id('U1') };
const USER = { id: 'U1', name: 'jo' };
const S1 = { userGroupId: id('S1') };
const GROUP = { id: 'S1', name: 'Marketing', handle: 'mk' };
const BOOKMARK = { id: 'Bk1', channel_id: 'C1', title: 'Plan', link: 'https://example.com/plan' };

export const reactions: OperationCase[] = [
  {
    name: 'reaction: add, named with its colons',
    parameters: { resource: 'reaction', operation: 'add', ...MESSAGE, name: ':+1:' },
    ...post('reactions.add', { ...ITEM, name: '+1' }, {}),
    gives: [{ ok: true }],
  },
  {
    name: 'reaction: get',
    parameters: { resource: 'reaction', operation: 'get', ...MESSAGE },
    ...get(
      'reactions.get',
      { ...ITEM, full: 'true' },
      { type: 'message', message: { ts: TS, reactions: [{ name: '+1', count: 1 }] } },
    ),
    gives: [{ ok: true, type: 'message', message: { ts: TS, reactions: [{ name: '+1', count: 1 }] } }],
  },
  {
    name: 'reaction: remove',
    parameters: { resource: 'reaction', operation: 'remove', ...MESSAGE, name: 'eyes' },
    ...post('reactions.remove', { ...ITEM, name: 'eyes' }, {}),
    gives: [{ ok: true }],
  },
];

export const pins: OperationCase[] = [
  {
    name: 'pin: add',
    parameters: { resource: 'pin', operation: 'add', ...MESSAGE },
    ...post('pins.add', ITEM, {}),
    gives: [{ ok: true }],
  },
  {
    name: 'pin: get many, up to the limit',
    parameters: { resource: 'pin', operation: 'getAll', ...C1, returnAll: false, limit: 1 },
    ...get('pins.list', { channel: 'C1' }, { items: [{ type: 'message' }, { type: 'file' }] }),
    gives: [{ type: 'message' }],
  },
  {
    name: 'pin: remove',
    parameters: { resource: 'pin', operation: 'remove', ...MESSAGE },
    ...post('pins.remove', ITEM, {}),
    gives: [{ ok: true }],
  },
];

export const bookmarks: OperationCase[] = [
  {
    name: 'bookmark: add',
    parameters: {
      resource: 'bookmark',
      operation: 'add',
      ...C1,
      title: 'Plan',
      link: 'https://example.com/plan',
      additionalFields: { emoji: ':pushpin:' },
    },
    ...post(
      'bookmarks.add',
      { channel_id: 'C1', type: 'link', title: 'Plan', link: 'https://example.com/plan', emoji: ':pushpin:' },
      { bookmark: BOOKMARK },
    ),
    gives: [BOOKMARK],
  },
  {
    name: 'bookmark: get many',
    parameters: { resource: 'bookmark', operation: 'getAll', ...C1, returnAll: true },
    ...get('bookmarks.list', { channel_id: 'C1' }, { bookmarks: [BOOKMARK] }),
    gives: [BOOKMARK],
  },
  {
    name: 'bookmark: remove',
    parameters: { resource: 'bookmark', operation: 'remove', ...C1, bookmarkId: 'Bk1' },
    ...post('bookmarks.remove', { channel_id: 'C1', bookmark_id: 'Bk1' }, {}),
    gives: [{ ok: true }],
  },
  {
    name: 'bookmark: update',
    parameters: {
      resource: 'bookmark',
      operation: 'update',
      ...C1,
      bookmarkId: 'Bk1',
      updateFields: { title: 'Plan' },
    },
    ...post(
      'bookmarks.edit',
      { channel_id: 'C1', bookmark_id: 'Bk1', title: 'Plan' },
      { bookmark: BOOKMARK },
    ),
    gives: [BOOKMARK],
  },
];

export const users: OperationCase[] = [
  {
    name: 'user: get',
    parameters: { resource: 'user', operation: 'info', ...U1 },
    ...get('users.info', { user: 'U1' }, { user: USER }),
    gives: [USER],
  },
  {
    name: 'user: get by email',
    parameters: { resource: 'user', operation: 'lookupByEmail', email: 'jo@example.com' },
    ...get('users.lookupByEmail', { email: 'jo@example.com' }, { user: USER }),
    gives: [USER],
  },
  {
    name: 'user: get by an email nobody has',
    parameters: { resource: 'user', operation: 'lookupByEmail', email: 'no@example.com' },
    ...get('users.lookupByEmail', { email: 'no@example.com' }, { ok: false, error: 'users_not_found' }),
    fails: { message: 'Slack refused the call: users_not_found', description: /that email address/ },
  },
  {
    name: 'user: get many',
    parameters: {
      resource: 'user',
      operation: 'getAll',
      returnAll: true,
      options: { includeLocale: true, teamId: 'T1' },
    },
    ...get('users.list', { limit: '200', include_locale: 'true', team_id: 'T1' }, { members: [USER] }),
    gives: [USER],
  },
  {
    name: 'user: get presence',
    parameters: { resource: 'user', operation: 'getPresence', ...U1 },
    ...get('users.getPresence', { user: 'U1' }, { presence: 'active' }),
    gives: [{ ok: true, presence: 'active' }],
  },
  {
    name: 'user: get profile',
    parameters: { resource: 'user', operation: 'getProfile', ...U1, options: { includeLabels: true } },
    ...get(
      'users.profile.get',
      { user: 'U1', include_labels: 'true' },
      { profile: { email: 'jo@example.com' } },
    ),
    gives: [{ email: 'jo@example.com' }],
  },
  {
    name: 'user: update profile, custom fields and all',
    parameters: {
      resource: 'user',
      operation: 'updateProfile',
      updateFields: {
        title: 'Builder',
        display_name: 'jo',
        userId: id('U1'),
        customFieldUi: {
          customFieldValues: [
            { id: 'Xf1', value: 'https://example.com', alt: 'Page' },
            { id: 'Xf2', value: 'Blue', alt: '' },
          ],
        },
      },
    },
    ...post(
      'users.profile.set',
      {
        user: 'U1',
        profile: {
          title: 'Builder',
          display_name: 'jo',
          fields: { Xf1: { value: 'https://example.com', alt: 'Page' }, Xf2: { value: 'Blue', alt: '' } },
        },
      },
      { profile: { title: 'Builder' } },
    ),
    gives: [{ title: 'Builder' }],
  },
  {
    name: 'user: update profile with a bot’s token',
    parameters: { resource: 'user', operation: 'updateProfile', updateFields: { title: 'Builder' } },
    ...post(
      'users.profile.set',
      { profile: { title: 'Builder' } },
      { ok: false, error: 'not_allowed_token_type' },
    ),
    fails: {
      message: 'Slack refused the call: not_allowed_token_type',
      description: /permission of a person, not of the bot/,
    },
  },
  {
    name: 'user: update status until a time',
    parameters: {
      resource: 'user',
      operation: 'updateStatus',
      statusText: 'On holiday',
      statusEmoji: ':palm_tree:',
      options: { until: '2026-03-01T09:00:00Z' },
    },
    ...post(
      'users.profile.set',
      {
        profile: {
          status_text: 'On holiday',
          status_emoji: ':palm_tree:',
          status_expiration: 1772355600,
        },
      },
      { profile: { status_text: 'On holiday' } },
    ),
    gives: [{ status_text: 'On holiday' }],
  },
];

export const userGroups: OperationCase[] = [
  {
    name: 'user group: create',
    parameters: {
      resource: 'userGroup',
      operation: 'create',
      name: 'Marketing',
      additionalFields: { channels: ['C1', 'C2'], description: 'Them', handle: 'mk' },
    },
    ...post(
      'usergroups.create',
      { name: 'Marketing', channels: 'C1,C2', description: 'Them', handle: 'mk' },
      { usergroup: GROUP },
    ),
    gives: [GROUP],
  },
  ...['disable', 'enable'].map((operation): OperationCase => ({
    name: `user group: ${operation}`,
    parameters: { resource: 'userGroup', operation, ...S1 },
    ...post(`usergroups.${operation}`, { usergroup: 'S1' }, { usergroup: GROUP }),
    gives: [GROUP],
  })),
  {
    name: 'user group: get many',
    parameters: {
      resource: 'userGroup',
      operation: 'getAll',
      returnAll: true,
      options: { includeCount: true, includeDisabled: true, includeUsers: true },
    },
    ...get(
      'usergroups.list',
      { include_count: 'true', include_disabled: 'true', include_users: 'true' },
      { usergroups: [GROUP] },
    ),
    gives: [GROUP],
  },
  {
    name: 'user group: get users with their details',
    parameters: {
      resource: 'userGroup',
      operation: 'getUsers',
      ...S1,
      returnAll: false,
      limit: 1,
      resolveData: true,
    },
    answers: [
      answered('GET', 'usergroups.users.list', { users: ['U1', 'U2'] }),
      answered('GET', 'users.info', { user: USER }),
    ],
    asks: [
      { method: 'GET', path: '/usergroups.users.list', query: { usergroup: 'S1' } },
      { method: 'GET', path: '/users.info', query: { user: 'U1' } },
    ],
    gives: [USER],
  },
  {
    name: 'user group: update',
    parameters: {
      resource: 'userGroup',
      operation: 'update',
      ...S1,
      updateFields: { name: 'Sales', channels: [] },
    },
    ...post('usergroups.update', { usergroup: 'S1', name: 'Sales', channels: '' }, { usergroup: GROUP }),
    gives: [GROUP],
  },
  {
    name: 'user group: update users',
    parameters: { resource: 'userGroup', operation: 'updateUsers', ...S1, users: ['U1', 'U2'] },
    ...post('usergroups.users.update', { usergroup: 'S1', users: 'U1,U2' }, { usergroup: GROUP }),
    gives: [GROUP],
  },
];
