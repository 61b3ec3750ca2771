/** Shared links. */
import { expect } from 'vitest';
import type { OperationCase } from '../operations.ts';
import { path, answers, asks, asksContent, result, refuses, link, one, LINK } from './shapes.ts';

const exists = (more: object) =>
  refuses('sharing/create_shared_link_with_settings', 'shared_link_already_exists/metadata', more);
export const links: OperationCase[] = [
  {
    name: 'shared link: create with settings',
    parameters: link('create', {
      path: path('/Docs/a.txt'),
      options: {
        access: 'viewer',
        allow_download: false,
        audience: 'public',
        expires: '2026-04-01T00:00:00Z',
        link_password: 'open sesame',
      },
    }),
    answers: [answers('sharing/create_shared_link_with_settings', LINK)],
    asks: [
      asks('sharing/create_shared_link_with_settings', {
        path: '/Docs/a.txt',
        settings: {
          access: 'viewer',
          allow_download: false,
          audience: 'public',
          expires: '2026-04-01T00:00:00Z',
          require_password: true,
          link_password: 'open sesame',
        },
      }),
    ],
    gives: [LINK],
  },
  {
    name: 'shared link: create gives the one that is there already',
    parameters: link('create', { path: path('/Docs/a.txt') }),
    answers: [exists({ shared_link_already_exists: { '.tag': 'metadata', metadata: LINK } })],
    asks: [asks('sharing/create_shared_link_with_settings', { path: '/Docs/a.txt' })],
    gives: [LINK],
  },
  {
    name: 'shared link: create looks up the one that is there already',
    parameters: link('create', { path: path('/Docs/a.txt'), options: { audience: 'team' } }),
    answers: [exists({}), answers('sharing/list_shared_links', { links: [LINK], has_more: false })],
    asks: [
      asks('sharing/create_shared_link_with_settings', {
        path: '/Docs/a.txt',
        settings: { audience: 'team' },
      }),
      asks('sharing/list_shared_links', { path: '/Docs/a.txt', direct_only: true }),
    ],
    gives: [LINK],
  },
  {
    name: 'shared link: create a second one',
    parameters: link('create', { path: path('/Docs/a.txt'), options: { returnExisting: false } }),
    answers: [exists({})],
    asks: [asks('sharing/create_shared_link_with_settings', { path: '/Docs/a.txt' })],
    fails: {
      message: 'Dropbox refused the call: shared_link_already_exists/metadata',
      description: /Return Existing Link/,
    },
  },
  {
    name: 'shared link: get one in a folder with a password',
    parameters: link('get', { url: LINK.url, options: { link_password: 'pw', path: 'a.txt' } }),
    answers: [answers('sharing/get_shared_link_metadata', LINK)],
    asks: [asks('sharing/get_shared_link_metadata', { url: LINK.url, path: '/a.txt', link_password: 'pw' })],
    gives: [LINK],
  },
  {
    name: 'shared link: get wants an address',
    parameters: link('get', { url: 'id:a1' }),
    asks: [],
    fails: { message: '“URL” is no shared link' },
  },
  {
    name: 'shared link: get many, over two pages up to the limit',
    parameters: link('getAll', { returnAll: false, limit: 2 }),
    answers: [
      answers('sharing/list_shared_links', { links: [LINK], has_more: true, cursor: 'c1' }),
      answers('sharing/list_shared_links', { links: [LINK, LINK], has_more: false }),
    ],
    asks: [
      asks('sharing/list_shared_links', { direct_only: false }),
      asks('sharing/list_shared_links', { cursor: 'c1' }),
    ],
    gives: [LINK, LINK],
  },
  {
    name: 'shared link: get many of a file',
    parameters: link('getAll', { returnAll: true, filters: { path: '/Docs/a.txt', direct_only: true } }),
    answers: [answers('sharing/list_shared_links', { links: [LINK], has_more: false })],
    asks: [asks('sharing/list_shared_links', { path: '/Docs/a.txt', direct_only: true })],
    gives: [LINK],
  },
  {
    name: 'shared link: update',
    parameters: link('update', {
      url: LINK.url,
      options: { audience: 'team', remove_expiration: true, removePassword: true },
    }),
    answers: [answers('sharing/modify_shared_link_settings', LINK)],
    asks: [
      asks('sharing/modify_shared_link_settings', {
        url: LINK.url,
        settings: { audience: 'team', require_password: false },
        remove_expiration: true,
      }),
    ],
    gives: [LINK],
  },
  {
    name: 'shared link: download',
    parameters: link('download', { url: LINK.url, options: { path: '/a.txt' } }),
    answers: [answers('sharing/get_shared_link_file', 'hello', result(LINK))],
    asks: [asksContent('sharing/get_shared_link_file', { url: LINK.url, path: '/a.txt' })],
    gives: [LINK],
    items_: (items) => expect(one(items)).toMatchObject({ text: 'hello', fileName: 'a.txt' }),
  },
  {
    name: 'shared link: revoke',
    parameters: link('delete', { url: LINK.url }),
    answers: [answers('sharing/revoke_shared_link', null)],
    asks: [asks('sharing/revoke_shared_link', { url: LINK.url })],
    gives: [{ url: LINK.url, success: true }],
  },
];
