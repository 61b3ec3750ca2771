/** Salesforce's paths and answers, as its documentation shows them. */
import type { INodeParameters } from 'n8n-workflow';
import type { Asked } from '../operations.ts';

export const DATA = '/services/data/v66.0';
export const ID = '001D000000IqhSLIAZ';
export const OTHER_ID = '003D000000QYVZ5IAP';

export const id = (value: string) => ({ __rl: true, mode: 'id', value });
export const run = (resource: string, operation: string, more: INodeParameters = {}): INodeParameters => ({
  resource,
  operation,
  ...more,
});

export const asks = (
  method: string,
  path: string,
  { json, query, headers }: { json?: unknown; query?: Asked['query']; headers?: Asked['headers'] } = {},
): Asked => ({
  method,
  path: DATA + path,
  ...(json === undefined ? {} : { body: { json } }),
  ...(query === undefined ? {} : { query }),
  ...(headers === undefined ? {} : { headers }),
});
export const answers = (method: string, path: string, body?: unknown, more: object = {}) => ({
  method,
  path: DATA + path,
  ...(body === undefined ? {} : { body }),
  ...more,
});
export const refuses = (
  method: string,
  path: string,
  status: number,
  errorCode: string,
  message: string,
  more: { fields?: string[]; headers?: Record<string, string> } = {},
) =>
  answers(method, path, [{ message, errorCode, fields: more.fields ?? [] }], {
    status,
    headers: more.headers ?? {},
  });

/** A new record's answer. */
export const made = (path: string, created: string) =>
  answers('POST', path, { id: created, success: true, errors: [] }, { status: 201 });
/** A change's. */
export const noContent = (method: string, path: string) => answers(method, path, undefined, { status: 204 });

export const asksQuery = (soql: string, path = '/query'): Asked => asks('GET', path, { query: { q: soql } });
export const answersQuery = (records: object[], more: object = {}, path = '/query') =>
  answers('GET', path, { totalSize: records.length, done: true, records, ...more });

/** What `describe` says, less than a thousandth of it. */
export const describes = (object: string, fields: object[]) =>
  answers('GET', `/sobjects/${object}/describe`, { name: object, label: object, fields });
