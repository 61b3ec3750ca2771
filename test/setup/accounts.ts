/** People with accounts, and the browsers they sign in with. */
import { randomUUID } from 'node:crypto';
import { createClient, type Json, type Reply } from './client.ts';
import type { TestHub } from './hub.ts';

export type Person = { id: string; email: string; password: string; role: string };

const known = new Map<string, Promise<Person>>();

/** The account of whoever's key this is: the same user, the same connections. */
export function accountOf(hub: TestHub, key: string): Promise<Person> {
  const there = known.get(key);
  if (there) return there;
  const made = createClient(hub.url, key)
    .call('GET', '/api/me')
    .then(({ body }) => makePerson(hub, { role: body.user.role, userId: body.user.id }));
  known.set(key, made);
  return made;
}

export async function makePerson(
  hub: TestHub,
  wanted: { role: string; userId?: string; email?: string },
): Promise<Person> {
  const { status, body: invitation } = await hub.admin.call('POST', '/api/invitations', wanted);
  if (status !== 201) throw new Error(`no invitation: ${JSON.stringify(invitation)}`);
  const email = wanted.email ?? `${randomUUID()}@example.com`;
  const password = `correct horse ${randomUUID()}`;
  const page = createPage(hub.url);
  const made = await page.call('POST', '/api/welcome', {
    token: tokenIn(invitation.url),
    name: 'Ada Lovelace',
    email,
    password,
  });
  if (made.status !== 201) throw new Error(`no account: ${made.text}`);
  return { id: made.body.user.id, email, password, role: wanted.role };
}

export const tokenIn = (link: string): string => /#token=(\w{4}[\w-]+)$/.exec(link)?.[1] ?? '';

/** A page of the hub in a browser: its cookies, and what browsers say of where a request comes from. */
export function createPage(url: string, sent: Record<string, string> = {}) {
  const jar = new Map<string, string>();
  const setCookies: string[] = [];
  return {
    jar,
    /** As they came, attributes and all. */
    setCookies,
    async call(
      method: string,
      path: string,
      body?: unknown,
      more: Record<string, string> = {},
    ): Promise<Reply> {
      const response = await fetch(url + path, {
        method,
        redirect: 'manual',
        headers: {
          'sec-fetch-site': 'same-origin',
          cookie: [...jar].map(([name, value]) => `${name}=${value}`).join('; '),
          ...(method === 'GET' ? {} : { origin: url }),
          ...(body === undefined ? {} : { 'content-type': 'application/json' }),
          ...sent,
          ...more,
        },
        ...(body === undefined ? {} : { body: JSON.stringify(body) }),
      });
      for (const header of response.headers.getSetCookie()) keep(header);
      const text = await response.text();
      return { status: response.status, body: parsed(text), headers: response.headers, text };
    },
    async signIn({ email, password }: Pick<Person, 'email' | 'password'>): Promise<Reply> {
      return this.call('POST', '/api/auth/sign-in/email', { email, password });
    },
  };

  function keep(header: string): void {
    setCookies.push(header);
    const [pair = ''] = header.split(';');
    const name = pair.slice(0, pair.indexOf('='));
    if (/max-age=0/i.test(header)) jar.delete(name);
    else jar.set(name, pair.slice(name.length + 1));
  }
}

export type Page = ReturnType<typeof createPage>;

export async function signedIn(hub: TestHub, person: Person): Promise<Page> {
  const page = createPage(hub.url);
  const { status, text } = await page.signIn(person);
  if (status !== 200) throw new Error(`not signed in: ${text}`);
  return page;
}

function parsed(text: string): Json {
  try {
    return JSON.parse(text);
  } catch {
    return null;
  }
}
