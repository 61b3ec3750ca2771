/** A client of the hub as authorization server, and the browser of whoever connects it: the user of a key. */
import { createHash, randomBytes } from 'node:crypto';
import { accountOf } from '../setup/accounts.ts';
import { createBrowser, type Json } from '../setup/client.ts';
import type { TestHub } from '../setup/hub.ts';

export const CALLBACK = 'http://localhost:5678/rest/oauth2-credential/callback';

export type Answer = { status: number; body: Json; headers: Headers };
export type Asking = { integration?: string; client?: { id: string; secret?: string }; redirectUri?: string };

export function createWalk(hub: TestHub, key = hub.admin.key) {
  const browser = createBrowser();
  const verifier = randomBytes(32).toString('base64url');
  const challenge = createHash('sha256').update(verifier).digest('base64url');
  let client: { id: string; secret?: string } = { id: 'n8n' };
  let redirectUri = CALLBACK;

  const form = (fields: Record<string, string>) => ({ form: new URLSearchParams(fields) });
  const token = async (fields: Record<string, string>, path = '/oauth2/token'): Promise<Answer> => {
    const response = await fetch(hub.url + path, {
      method: 'POST',
      body: new URLSearchParams({
        client_id: client.id,
        ...(client.secret === undefined ? {} : { client_secret: client.secret }),
        ...fields,
      }),
    });
    return { status: response.status, body: await response.json(), headers: response.headers };
  };

  return {
    browser,
    verifier,
    authorizeUrl(
      { integration = 'slack', ...asking }: Asking = {},
      more: Record<string, string> = {},
    ): string {
      client = asking.client ?? client;
      redirectUri = asking.redirectUri ?? redirectUri;
      const url = new URL('/oauth2/authorize', hub.url);
      const params = {
        response_type: 'code',
        client_id: client.id,
        redirect_uri: redirectUri,
        state: 'state-of-the-client',
        integration,
        code_challenge: challenge,
        code_challenge_method: 'S256',
        ...more,
      };
      for (const [name, value] of Object.entries(params)) if (value !== '') url.searchParams.set(name, value);
      return url.href;
    },
    /** Opens the link and signs in. @returns the page to choose on */
    async arrive(asking: Asking = {}) {
      const page = await browser.open(this.authorizeUrl(asking));
      const next = new URL(page.url).pathname;
      const { email, password } = await accountOf(hub, key);
      return browser.open(`${hub.url}/sign-in`, form({ email, password, next }));
    },
    /** @returns what the client's redirect URI was opened with */
    async answer(page: { url: string }, fields: Record<string, string>): Promise<URLSearchParams> {
      const end = await browser.open(page.url, { ...form(fields), stopAt: redirectUri });
      return new URL(end.url).searchParams;
    },
    /** All of it with a connection that is there. @returns the token answer */
    async connect(connectionId: string, asking: Asking = {}): Promise<Answer> {
      const page = await this.arrive(asking);
      const params = await this.answer(page, { answer: 'allow', connection: connectionId });
      return this.redeem(params.get('code') ?? '');
    },
    redeem: (code: string, more: Record<string, string> = {}) =>
      token({
        grant_type: 'authorization_code',
        code,
        redirect_uri: redirectUri,
        code_verifier: verifier,
        ...more,
      }),
    refresh: (handle: string) => token({ grant_type: 'refresh_token', refresh_token: handle }),
    revoke: (handle: string) => token({ token: handle }, '/oauth2/revoke'),
    token,
  };
}
