/** Dropbox's calls and answers, as its documentation shows them. */
import type { INodeExecutionData, INodeParameters } from 'n8n-workflow';
import { binary } from '../../setup/n8n.ts';
import type { Asked } from '../operations.ts';

export const MIB = 1024 * 1024;
export const path = (value: string, mode = 'path') => ({ __rl: true, mode, value });
export const answers = (endpoint: string, body: unknown, more: object = {}) => ({
  method: 'POST',
  path: `/2/${endpoint}`,
  body,
  ...more,
});
export const asks = (endpoint: string, json?: unknown, headers: Asked['headers'] = {}): Asked => ({
  method: 'POST',
  path: `/2/${endpoint}`,
  ...(json === undefined ? {} : { body: { json } }),
  headers: json === undefined ? headers : { 'content-type': 'application/json', ...headers },
});
/** A call of the content host: its argument as the header carries it, to the letter. */
export const asksContent = (endpoint: string, arg: unknown, body: Asked['body'] = null): Asked => ({
  method: 'POST',
  path: `/2/${endpoint}`,
  body,
  headers: {
    'dropbox-api-arg': typeof arg === 'string' ? arg : JSON.stringify(arg),
    ...(body !== null && { 'content-type': 'application/octet-stream' }),
  },
});
export const result = (metadata: unknown, more: object = {}) => ({
  headers: { 'dropbox-api-result': JSON.stringify(metadata), 'content-type': 'application/octet-stream' },
  ...more,
});
export const refuses = (endpoint: string, summary: string, more: object = {}) =>
  answers(
    endpoint,
    { error_summary: `${summary}/..`, error: { '.tag': summary.split('/')[0], ...more } },
    { status: 409 },
  );
export const file = (operation: string, more: INodeParameters = {}) => ({
  resource: 'file',
  operation,
  ...more,
});
export const folder = (operation: string, more: INodeParameters = {}) => ({
  resource: 'folder',
  operation,
  ...more,
});
export const link = (operation: string, more: INodeParameters = {}) => ({
  resource: 'sharedLink',
  operation,
  ...more,
});
export const data = (content: string | Buffer, name = 'a.txt', type = 'text/plain'): INodeExecutionData[] => [
  { json: {}, binary: { data: binary(content, name, type) } },
];
export const one = (items: INodeExecutionData[], field = 'data') => {
  const { data: content = '', fileName, mimeType } = items[0]?.binary?.[field] ?? {};
  return { text: Buffer.from(content, 'base64').toString(), fileName, mimeType };
};

export const FILE = {
  '.tag': 'file',
  name: 'a.txt',
  id: 'id:a1',
  path_display: '/Docs/a.txt',
  rev: 'a1c10ce0dd78',
};
export const LINK = {
  '.tag': 'file',
  url: 'https://www.dropbox.com/scl/fi/x/a.txt?rlkey=y&dl=0',
  name: 'a.txt',
};
