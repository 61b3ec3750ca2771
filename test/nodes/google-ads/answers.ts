import type { Asked, OperationCase } from '../operations.ts';

export const CUSTOMER = '/v24/customers/1000000001';
export const NAME = 'customers/1000000001';
export const id = (value: string) => ({ __rl: true, mode: 'id', value });
export const customerId = id('100-000-0001');

type Scripted = NonNullable<OperationCase['answers']>[number];

export const posted = (path: string, body: unknown, status?: number): Scripted => ({
  method: 'POST',
  path: CUSTOMER + path,
  body,
  ...(status !== undefined && { status }),
});
export const asksPost = (path: string, json: unknown): Asked => ({
  method: 'POST',
  path: CUSTOMER + path,
  body: { json },
});

export const SEARCH = '/googleAds:search';
/** One query that is asked once and answers these rows. */
export const queried = (query: string, rows: unknown[]): Pick<OperationCase, 'answers' | 'asks'> => ({
  answers: [posted(SEARCH, { results: rows, fieldMask: 'x' })],
  asks: [asksPost(SEARCH, { query })],
});

/** One change of one thing; `answer` is how it is then. */
export const mutated = (
  collection: string,
  operation: unknown,
  answer: unknown,
): Pick<OperationCase, 'answers' | 'asks'> => ({
  answers: [posted(`/${collection}:mutate`, { results: [answer] })],
  asks: [
    asksPost(`/${collection}:mutate`, { operations: [operation], responseContentType: 'MUTABLE_RESOURCE' }),
  ],
});

type AdsError = { word: string; group?: string; message: string; at?: [field: string, index: number] };
const failure = ({ word, group = 'requestError', message, at }: AdsError) => ({
  errorCode: { [group]: word },
  message,
  ...(at && {
    location: { fieldPathElements: [{ fieldName: at[0], index: at[1] }, { fieldName: 'create' }] },
  }),
});
const details = (errors: AdsError[]) => [
  {
    '@type': 'type.googleapis.com/google.ads.googleads.v24.errors.GoogleAdsFailure',
    errors: errors.map(failure),
    requestId: 'r1',
  },
];

export const refusal = (code: number, status: string, ...errors: AdsError[]) => ({
  error: { code, message: 'Request contains an invalid argument.', status, details: details(errors) },
});
export const partial = (...errors: AdsError[]) => ({
  code: 3,
  message: 'Multiple errors in ‘details’.',
  details: details(errors),
});
