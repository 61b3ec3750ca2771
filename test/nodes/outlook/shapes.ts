/** Microsoft Graph's calls and answers, as its documentation shows them. */
import type { INodeExecutionData, INodeParameters } from 'n8n-workflow';
import { binary } from '../../setup/n8n.ts';
import type { Asked } from '../operations.ts';

export const MIB = 1024 * 1024;
export const IMMUTABLE = 'IdType="ImmutableId"';

export const picked = (value: string, mode = 'id') => ({ __rl: true, mode, value });
export const of =
  (resource: string) =>
  (operation: string, more: INodeParameters = {}): INodeParameters => ({ resource, operation, ...more });

export const message = of('message');
export const draft = of('draft');
export const folder = of('folder');
export const event = of('event');
export const calendar = of('calendar');
export const contact = of('contact');
export const attachment = of('messageAttachment');

type Query = NonNullable<Asked['query']>;
const headers = { prefer: IMMUTABLE };

export const gets = (path: string, query: Query = {}, prefer = IMMUTABLE): Asked => ({
  method: 'GET',
  path,
  query,
  headers: { prefer },
});
export const posts = (path: string, json?: unknown): Asked => ({
  method: 'POST',
  path,
  headers,
  ...(json === undefined ? {} : { body: { json } }),
});
export const patches = (path: string, json: unknown): Asked => ({
  method: 'PATCH',
  path,
  headers,
  body: { json },
});
export const deletes = (path: string): Asked => ({ method: 'DELETE', path });

export const answer = (method: string, path: string, body?: unknown, more: object = {}) => ({
  method,
  path,
  ...(body === undefined ? {} : { body }),
  ...more,
});
export const got = (path: string, body: unknown, more: object = {}) => answer('GET', path, body, more);
export const listed = (path: string, value: unknown[], more: object = {}) => got(path, { value, ...more });
export const nothing = (method: string, path: string, status = 204) =>
  answer(method, path, undefined, { status });
export const says = (
  method: string,
  path: string,
  status: number,
  code: string,
  words: string,
  more: object = {},
) =>
  answer(
    method,
    path,
    {
      error: {
        code,
        message: words,
        innerError: { date: '2026-03-01T09:00:00', 'request-id': 'r1', 'client-request-id': 'r1' },
      },
    },
    { status, ...more },
  );

export const person = (address: string, name?: string) => ({
  emailAddress: { address, ...(name === undefined ? {} : { name }) },
});

export const data = (content: string | Buffer, name = 'a.txt', type = 'text/plain'): INodeExecutionData[] => [
  { json: {}, binary: { data: binary(content, name, type) } },
];
export const fileIn = (items: INodeExecutionData[], field = 'data') => {
  const { data: content = '', fileName, mimeType } = items[0]?.binary?.[field] ?? {};
  return { text: Buffer.from(content, 'base64').toString(), fileName, mimeType };
};

/** Bytes that are no text, and no two places alike. */
export function bytes(total: number): Buffer {
  const content = Buffer.alloc(total, 0xff);
  for (let at = 0; at + 4 <= total; at += 4) content.writeUInt32LE(at, at);
  return content;
}

export const SELECT =
  'id,conversationId,subject,bodyPreview,from,toRecipients,ccRecipients,receivedDateTime,isRead,categories,hasAttachments';
export const MAIL = {
  '@odata.etag': 'W/"1"',
  id: 'm1',
  conversationId: 'c1',
  subject: 'Offer',
  bodyPreview: 'Hello',
  from: person('jo@example.com', 'Jo'),
  toRecipients: [person('me@example.com')],
  ccRecipients: [person('max@example.com')],
  receivedDateTime: '2026-03-01T08:00:00Z',
  isRead: false,
  categories: ['Red'],
  hasAttachments: true,
};
export const SIMPLE = {
  id: 'm1',
  conversationId: 'c1',
  subject: 'Offer',
  bodyPreview: 'Hello',
  from: 'jo@example.com',
  to: ['me@example.com'],
  cc: ['max@example.com'],
  receivedDateTime: '2026-03-01T08:00:00Z',
  isRead: false,
  categories: ['Red'],
  hasAttachments: true,
};
