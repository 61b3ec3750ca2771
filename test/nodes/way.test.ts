/** What a call carries goes to the API's base, or nowhere. */
import { createRequire } from 'node:module';
import path from 'node:path';
import { expect, inject, it } from 'vitest';

const { along } = createRequire(import.meta.url)(
  path.join(inject('n8nPackage'), 'nodes/transport/way.js'),
) as {
  along: (way: object, request: { url: string }) => { baseURL?: string; url: string };
};
const way = {
  authentication: 'apiKey',
  baseUrl: 'https://hub.example.com/api/connections/1/proxy',
  headers: {},
  query: {},
};

it('a path goes under the base', () => {
  expect(along(way, { url: '/users.list' })).toMatchObject({ baseURL: way.baseUrl, url: '/users.list' });
  expect(along(way, { url: '/drive/v3/files/a:b' })).toMatchObject({ baseURL: way.baseUrl });
});

it.each([
  'https://evil.example/x',
  'HTTP://evil.example',
  '//evil.example/x',
  '\\\\evil.example',
  ' https://evil.example',
])('an address of its own is refused: %s', (url) => {
  expect(() => along(way, { url })).toThrow('by its path');
});
