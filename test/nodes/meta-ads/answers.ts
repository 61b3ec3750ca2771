import type { Asked, OperationCase } from '../operations.ts';

export const ACCOUNT = '/act_900000000000001';
export const id = (value: string) => ({ __rl: true, mode: 'id', value });
export const adAccountId = id('act_900000000000001');

/** One call that is asked once and answers this. */
export const called = (
  method: string,
  path: string,
  { query, body: sent, answer }: { query?: Asked['query']; body?: unknown; answer: unknown },
): Pick<OperationCase, 'answers' | 'asks'> => ({
  answers: [{ method, path, body: answer }],
  asks: [{ method, path, ...(query && { query }), ...(sent !== undefined && { body: { json: sent } }) }],
});

export const refused = (code: number, message: string, more: object = {}) => ({
  error: { message, type: 'OAuthException', code, fbtrace_id: 'A1', ...more },
});

/** One page of an edge; `next` is there where more is. */
export const page = (data: unknown[], after?: string) => ({
  data,
  paging: {
    cursors: { before: 'MAZDZD', after: after ?? 'MTAZD' },
    ...(after && { next: `https://graph.facebook.com/v26.0/act_1/campaigns?after=${after}` }),
  },
});

/** Every call carries the proof of the app's secret, which the stand-in's record shows as `…`. */
export const proven = (cases: OperationCase[]): OperationCase[] =>
  cases.map((one) => ({
    ...one,
    asks: one.asks.map((asked) => ({ ...asked, query: { ...asked.query, appsecret_proof: '…' } })),
  }));
