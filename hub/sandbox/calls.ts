/** Small words to write a stand-in's calls with. */
import type { Account, Call, CallContext, Reply } from './stand-in.ts';

type Options = Pick<Call, 'scopes' | 'auth' | 'revokes'>;
type Answer = Call['answer'];

const call =
  (method: Call['method']) =>
  (path: string, options: Options, answer: Answer): Call => ({ method, path, ...options, answer });

export const get = call('GET');
export const post = call('POST');
export const put = call('PUT');
export const patch = call('PATCH');
export const remove = call('DELETE');

export const ok = (body: unknown, headers?: Record<string, string>): Reply => reply(200, body, headers);

export const reply = (status: number, body: unknown, headers?: Record<string, string>): Reply => ({
  status,
  body,
  ...(headers && { headers }),
});

/** Data of each account apart: what one account has, the other does not see. */
export function perAccount<T>(start: (account: Account) => T): (account: Account) => T {
  const made = new Map<string, T>();
  return (account) => {
    const known = made.get(account.id);
    if (known !== undefined) return known;
    const fresh = start(account);
    made.set(account.id, fresh);
    return fresh;
  };
}

/** One page of a list whose cursor is the index to go on from; a cursor of another making starts over. */
export function page<T>(items: readonly T[], limit: number, cursor: string | undefined) {
  const from = /^\d{1,9}$/.test(cursor ?? '') ? Number(cursor) : 0;
  const next = from + limit;
  return { items: items.slice(from, next), next: next < items.length ? String(next) : null };
}

/** A whole number of the query within its bounds, else the default. */
export function limitIn(value: string | undefined, fallback: number, most: number): number {
  const wanted = Number(value);
  return Number.isInteger(wanted) && wanted >= 1 ? Math.min(wanted, most) : fallback;
}

export function textOf(json: CallContext['json'], name: string): string | undefined {
  const value = json[name];
  return typeof value === 'string' ? value : undefined;
}

/** RFC 7009: what is unknown is as good as revoked. */
export function rfc7009(path: string): Call {
  return post(path, { auth: 'client', revokes: true }, ({ form, tokens }) => {
    if (!form['token'])
      return reply(400, { error: 'invalid_request', error_description: 'token is missing' });
    tokens.endGrantOf(form['token']);
    return ok({});
  });
}
