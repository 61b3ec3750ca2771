import { expect } from 'vitest';
import type { Asked, OperationCase } from './operations.ts';

export const id = (value: string) => ({ __rl: true, mode: 'id', value });
const G = { guildId: id('g1') };
const U = { userId: id('u1') };
const MEMBER = { user: { id: 'u1', username: 'jo' }, roles: [] };
const CHANNEL = { id: 'c1', name: 'plans', type: 0 };
const ROLE = { id: 'r1', name: 'Mods', permissions: '0' };
const SERVER = { id: 'g1', name: 'Ours' };

type Call = { method: string; path: string } & Partial<Pick<Asked, 'query' | 'body' | 'headers'>>;

/** One operation that is one call. */
const one = (
  resource: string,
  operation: string,
  parameters: object,
  { method, path, ...asked }: Call,
  answer: unknown,
  gives: unknown[],
): OperationCase => ({
  name: `${resource}: ${operation}`,
  parameters: { resource, operation, ...parameters },
  answers: [answer === null ? { method, path, status: 204 } : { method, path, body: answer }],
  asks: [{ method, path, ...asked }],
  gives,
});
const DONE = [{ success: true }];
const BECAUSE = { options: { reason: 'Späm, again' } };
const AUDITED = { 'x-audit-log-reason': 'Sp%C3%A4m%2C%20again' };

const members: OperationCase[] = [
  one(
    'member',
    'ban',
    { ...G, ...U, options: { reason: 'Späm, again', deleteMessages: 3600 } },
    {
      method: 'PUT',
      path: '/guilds/g1/bans/u1',
      body: { json: { delete_message_seconds: 3600 } },
      headers: AUDITED,
    },
    null,
    DONE,
  ),
  one(
    'member',
    'unban',
    { ...G, ...U, ...BECAUSE },
    { method: 'DELETE', path: '/guilds/g1/bans/u1', headers: AUDITED },
    null,
    DONE,
  ),
  one(
    'member',
    'kick',
    { ...G, ...U, ...BECAUSE },
    { method: 'DELETE', path: '/guilds/g1/members/u1', headers: AUDITED },
    null,
    DONE,
  ),
  one('member', 'get', { ...G, ...U }, { method: 'GET', path: '/guilds/g1/members/u1' }, MEMBER, [MEMBER]),
  {
    name: 'member: get many, over two pages up to the limit',
    parameters: {
      resource: 'member',
      operation: 'getAll',
      ...G,
      returnAll: false,
      limit: 1001,
      options: { after: '5' },
    },
    answers: [
      {
        method: 'GET',
        path: '/guilds/g1/members',
        body: Array.from({ length: 1000 }, (_, index) => ({ user: { id: `${index + 10}` } })),
      },
      { method: 'GET', path: '/guilds/g1/members', body: [{ user: { id: '9999' } }] },
    ],
    asks: [
      { method: 'GET', path: '/guilds/g1/members', query: { limit: '1000', after: '5' } },
      { method: 'GET', path: '/guilds/g1/members', query: { limit: '1', after: '1009' } },
    ],
    gives: [
      ...Array.from({ length: 1000 }, (_, index) => ({ user: { id: `${index + 10}` } })),
      { user: { id: '9999' } },
    ],
  },
  ...(
    [
      ['roleAdd', 'PUT'],
      ['roleRemove', 'DELETE'],
    ] as const
  ).map(([operation, method]): OperationCase => ({
    name: `member: ${operation}, each role by a call`,
    parameters: { resource: 'member', operation, ...G, ...U, role: ['r1', 'r2'], ...BECAUSE },
    answers: ['r1', 'r2'].map((role) => ({
      method,
      path: `/guilds/g1/members/u1/roles/${role}`,
      status: 204,
    })),
    asks: ['r1', 'r2'].map((role) => ({
      method,
      path: `/guilds/g1/members/u1/roles/${role}`,
      headers: AUDITED,
    })),
    gives: DONE,
  })),
  one(
    'member',
    'timeout',
    { ...G, ...U, duration: 600 },
    {
      method: 'PATCH',
      path: '/guilds/g1/members/u1',
      body: {
        matching: {
          json: { communication_disabled_until: expect.stringMatching(/^\d{4}-\d\d-\d\dT[\d:.]+Z$/) },
        },
      },
    },
    MEMBER,
    [MEMBER],
  ),
  {
    ...one(
      'member',
      'timeout',
      { ...G, ...U, duration: 'until', until: '2026-03-01T09:00:00+01:00' },
      {
        method: 'PATCH',
        path: '/guilds/g1/members/u1',
        body: { json: { communication_disabled_until: '2026-03-01T08:00:00.000Z' } },
      },
      MEMBER,
      [MEMBER],
    ),
    name: 'member: timeout until a time',
  },
  {
    ...one(
      'member',
      'timeout',
      { ...G, ...U, duration: 0 },
      {
        method: 'PATCH',
        path: '/guilds/g1/members/u1',
        body: { json: { communication_disabled_until: null } },
      },
      MEMBER,
      [MEMBER],
    ),
    name: 'member: timeout that ends',
  },
  {
    name: 'member: timeout until what is no time',
    parameters: { resource: 'member', operation: 'timeout', ...G, ...U, duration: 'until', until: 'soon' },
    asks: [],
    fails: { message: '“Until” is not a time: soon', description: /2026-03-01T09:00:00/ },
  },
];

const roles: OperationCase[] = [
  one(
    'role',
    'create',
    {
      ...G,
      name: 'Mods',
      options: { color: '#ff8000', hoist: true, mentionable: false, permissions: '2048' },
    },
    {
      method: 'POST',
      path: '/guilds/g1/roles',
      body: {
        json: {
          name: 'Mods',
          colors: { primary_color: 0xff8000, secondary_color: null, tertiary_color: null },
          hoist: true,
          mentionable: false,
          permissions: '2048',
        },
      },
    },
    ROLE,
    [ROLE],
  ),
  one(
    'role',
    'delete',
    { ...G, roleId: id('r1'), ...BECAUSE },
    { method: 'DELETE', path: '/guilds/g1/roles/r1', headers: AUDITED },
    null,
    DONE,
  ),
  one(
    'role',
    'getAll',
    { ...G, returnAll: false, limit: 1 },
    { method: 'GET', path: '/guilds/g1/roles' },
    [ROLE, ROLE],
    [ROLE],
  ),
  one(
    'role',
    'update',
    { ...G, roleId: id('r1'), updateFields: { name: 'Helpers', reason: 'Späm, again' } },
    {
      method: 'PATCH',
      path: '/guilds/g1/roles/r1',
      body: { json: { name: 'Helpers' } },
      headers: AUDITED,
    },
    ROLE,
    [ROLE],
  ),
];

const channels: OperationCase[] = [
  one(
    'channel',
    'create',
    {
      ...G,
      name: 'plans',
      type: 2,
      options: {
        nsfw: true,
        bitrate: 64000,
        categoryId: id('c9'),
        position: 3,
        rateLimitPerUser: 5,
        topic: 'T',
        userLimit: 10,
        reason: 'Späm, again',
      },
    },
    {
      method: 'POST',
      path: '/guilds/g1/channels',
      body: {
        json: {
          name: 'plans',
          type: 2,
          nsfw: true,
          bitrate: 64000,
          parent_id: 'c9',
          position: 3,
          rate_limit_per_user: 5,
          topic: 'T',
          user_limit: 10,
        },
      },
      headers: AUDITED,
    },
    CHANNEL,
    [CHANNEL],
  ),
  one(
    'channel',
    'deleteChannel',
    { channelId: id('c1'), ...BECAUSE },
    { method: 'DELETE', path: '/channels/c1', headers: AUDITED },
    CHANNEL,
    [CHANNEL],
  ),
  {
    ...one(
      'channel',
      'get',
      { channelId: { __rl: true, mode: 'url', value: 'https://discord.com/channels/11/22/33' } },
      { method: 'GET', path: '/channels/22' },
      CHANNEL,
      [CHANNEL],
    ),
    name: 'channel: get, by its address',
  },
  {
    ...one(
      'channel',
      'getAll',
      { ...G, returnAll: false, limit: 1, options: { filter: [0, 5] } },
      { method: 'GET', path: '/guilds/g1/channels' },
      [{ id: 'c9', type: 4 }, CHANNEL, { id: 'c2', type: 5 }],
      [CHANNEL],
    ),
    name: 'channel: getAll of some types, up to the limit',
  },
  one(
    'channel',
    'update',
    { channelId: id('c1'), updateFields: { name: 'ideas', topic: '', categoryId: id('') } },
    {
      method: 'PATCH',
      path: '/channels/c1',
      body: { json: { name: 'ideas', topic: '', parent_id: null } },
    },
    CHANNEL,
    [CHANNEL],
  ),
  {
    name: 'channel: delete none, where an expression gave nothing',
    parameters: { resource: 'channel', operation: 'deleteChannel', channelId: id('={{ $json.nothing }}') },
    asks: [],
    fails: { message: '“Channel” is empty', description: /expression/ },
  },
];

const guilds: OperationCase[] = [
  one(
    'guild',
    'get',
    { ...G, options: { withCounts: true } },
    { method: 'GET', path: '/guilds/g1', query: { with_counts: 'true' } },
    SERVER,
    [SERVER],
  ),
  {
    name: 'guild: get many, which a user’s token may',
    parameters: { resource: 'guild', operation: 'getAll', returnAll: true },
    asks: [{ method: 'GET', path: '/users/@me/guilds', query: { limit: '200' } }],
    gives: [{ id: '1200000000000000001', name: "Sandbox One's server", owner: true, permissions: '8' }],
  },
];

export const servers: OperationCase[] = [...channels, ...members, ...roles, ...guilds];
