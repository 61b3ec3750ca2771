/** A caller who knows the contract and nothing else: HTTP with a key, and a browser with its cookies. */

// What comes is what is tested, so its type is not taken for granted.
// eslint-disable-next-line @typescript-eslint/no-explicit-any
export type Json = any;
export type Reply = { status: number; body: Json; headers: Headers; text: string };
export type Client = { key: string; call: (method: string, path: string, body?: unknown) => Promise<Reply> };

export function createClient(url: string, key: string): Client {
  return {
    key,
    async call(method, path, body) {
      const response = await fetch(url + path, {
        method,
        headers: {
          authorization: `Bearer ${key}`,
          ...(body === undefined ? {} : { 'content-type': 'application/json' }),
        },
        ...(body === undefined ? {} : { body: typeof body === 'string' ? body : JSON.stringify(body) }),
      });
      const text = await response.text();
      return { status: response.status, body: parsed(text), headers: response.headers, text };
    },
  };
}

export type Page = { status: number; url: string; text: string };

/** Follows redirects and keeps cookies per host and path, as a browser does; it never sends them elsewhere. */
export function createBrowser() {
  const jar = new Map<string, { name: string; value: string; host: string; path: string }>();

  const cookiesFor = (url: URL) =>
    [...jar.values()]
      .filter(({ host, path }) => host === url.host && isUnder(url.pathname, path))
      .map(({ name, value }) => `${name}=${value}`)
      .join('; ');

  function keep(url: URL, header: string): void {
    const [pair = '', ...attributes] = header.split(';').map((part) => part.trim());
    const name = pair.slice(0, pair.indexOf('='));
    const attribute = (wanted: string) =>
      attributes.find((one) => one.toLowerCase().startsWith(`${wanted}=`))?.slice(wanted.length + 1);
    const path = attribute('path') ?? '/';
    const key = `${url.host} ${path} ${name}`;
    const expires = attribute('expires');
    if (expires !== undefined && Date.parse(expires) <= Date.now()) jar.delete(key);
    else jar.set(key, { name, value: pair.slice(name.length + 1), host: url.host, path });
  }

  async function request(address: string, form?: URLSearchParams): Promise<Response> {
    const url = new URL(address);
    const response = await fetch(url, {
      method: form ? 'POST' : 'GET',
      redirect: 'manual',
      headers: { cookie: cookiesFor(url), ...(form && { origin: url.origin }) },
      ...(form ? { body: form } : {}),
    });
    for (const header of response.headers.getSetCookie()) keep(url, header);
    return response;
  }

  return {
    /** Until there is no further redirect, or one leads to an address that begins with `stopAt`. */
    async open(address: string, options: { form?: URLSearchParams; stopAt?: string } = {}): Promise<Page> {
      let url = address;
      let response = await request(url, options.form);
      for (let hops = 0; hops < 20; hops++) {
        const text = response.headers.has('location') ? '' : await response.text();
        const location = response.headers.get('location') ?? refreshIn(text);
        if (location === null) return { status: response.status, url, text };
        url = new URL(location, url).href;
        if (options.stopAt !== undefined && url.startsWith(options.stopAt))
          return { status: response.status, url, text: '' };
        response = await request(url);
      }
      throw new Error('twenty redirects and no end');
    },
  };
}

/** RFC 6265 §5.1.4: `/oauth` holds `/oauth/callback` and not `/oauth2/token`. */
const isUnder = (pathname: string, path: string) =>
  pathname === path || pathname.startsWith(path.endsWith('/') ? path : `${path}/`);

/** A page that leads on by itself. */
function refreshIn(text: string): string | null {
  const [, address] = /http-equiv="refresh" content="0;url=([^"]+)"/.exec(text) ?? [];
  return address?.replaceAll('&amp;', '&') ?? null;
}

function parsed(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    return null;
  }
}
