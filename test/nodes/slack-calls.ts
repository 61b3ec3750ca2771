/** Short words for what Slack is asked and answers. */
import type { OperationCase } from './operations.ts';

export const id = (value: string) => ({ __rl: true, mode: 'id', value });

export const answered = (method: string, name: string, body: object) => ({
  method,
  path: `/${name}`,
  body: { ok: true, ...body },
});

export const failing = (method: string, name: string, error: string, more: object = {}) =>
  answered(method, name, { ok: false, error, ...more });

type Call = Pick<OperationCase, 'answers' | 'asks'>;

export const post = (name: string, json: object, body: object): Call => ({
  answers: [answered('POST', name, body)],
  asks: [{ method: 'POST', path: `/${name}`, body: { json } }],
});

export const get = (name: string, query: { [name: string]: string }, body: object): Call => ({
  answers: [answered('GET', name, body)],
  asks: [{ method: 'GET', path: `/${name}`, query }],
});
