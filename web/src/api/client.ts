/** The one way to the API. */
import { t } from '../texts.ts';
import { untilSignedIn } from './session.ts';

/** What the API refuses, and why (RFC 9457). `status` 0: no answer came. */
export class Problem extends Error {
  readonly status: number;
  readonly code: string;
  readonly errors: { path: string; message: string }[];

  constructor(status: number, code: string, message: string, errors: Problem['errors'] = []) {
    super(message);
    this.status = status;
    this.code = code;
    this.errors = errors;
  }
}

type Wish = { body?: unknown; signal?: AbortSignal | undefined };

/** @throws Problem */
export async function call<T>(method: string, path: string, { body, signal }: Wish = {}): Promise<T> {
  const response = await fetch(path, {
    method,
    signal: signal ?? null,
    headers: {
      accept: 'application/json',
      ...(body === undefined ? {} : { 'content-type': 'application/json' }),
    },
    ...(body === undefined ? {} : { body: JSON.stringify(body) }),
  }).catch((error: unknown) => {
    if (error instanceof DOMException && error.name === 'AbortError') throw error;
    throw new Problem(0, 'NO_ANSWER', t.noAnswer);
  });
  if (response.ok) return (response.status === 204 ? undefined : await response.json()) as T;
  const problem = await problemOf(response);
  if (problem.code === 'UNAUTHENTICATED') {
    const again = untilSignedIn();
    if (again !== null) {
      await again;
      return call(method, path, { body, signal });
    }
  }
  throw problem;
}

async function problemOf(response: Response): Promise<Problem> {
  const said = (await response.json().catch(() => ({}))) as Partial<{
    code: string;
    title: string;
    detail: string;
    errors: Problem['errors'];
  }>;
  const code = said.code ?? 'INTERNAL';
  // The API's own words are for programs; where a person reads them in another way, texts.ts has theirs.
  const detail = said.detail && said.detail !== 'see errors' ? said.detail : undefined;
  const message = t.problems[code]?.(detail) ?? detail ?? said.title ?? t.strange(response.status);
  return new Problem(response.status, code, message, said.errors);
}

export const problemIn = (error: unknown): Problem =>
  error instanceof Problem ? error : new Problem(0, 'INTERNAL', t.strange(0));

/** `?a=1&b=2` of what is there. */
export function queryOf(values: Record<string, string | number | undefined | null>): string {
  const pairs = Object.entries(values).filter(
    ([, value]) => value !== undefined && value !== null && value !== '',
  );
  return pairs.length === 0
    ? ''
    : `?${new URLSearchParams(pairs.map(([k, v]) => [k, String(v)])).toString()}`;
}
