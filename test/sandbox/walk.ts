/** A client that knows the providers' documentation: authorize, token, refresh and calls, as each of them wants it. */
import { createHash, createHmac, randomBytes } from 'node:crypto';
import type { Sandbox, SandboxApp } from '../../hub/sandbox/sandbox.ts';

export const REDIRECT_URI = 'http://localhost:4999/callback';

// Answers are what is tested, so their type is not taken for granted.
// eslint-disable-next-line @typescript-eslint/no-explicit-any
export type Json = any;
export type Answer = { status: number; headers: Headers; body: Json };

export type Manner = {
  id: string;
  scopes: string;
  /** Beside the standard parameters of the authorize URL, and of each token request. */
  authorize?: Record<string, string>;
  token?: Record<string, string>;
  refresh?: Record<string, string>;
  pkce?: boolean;
  probe: {
    method?: string;
    url: (app: SandboxApp, answer: Json) => string;
    headers?: Record<string, string>;
  };
  /** What a refresh does with the refresh token; `exchange`: there is none. */
  rotation: 'stays' | 'single_use' | 'tolerant' | 'exchange';
  revocable: boolean;
};

export function appOf(sandbox: Sandbox, id: string): SandboxApp {
  const app = sandbox.apps().find(({ integrationId }) => integrationId === id);
  if (!app) throw new Error(`no app for ${id}`);
  return app;
}

export async function ask(url: string, init: RequestInit = {}): Promise<Answer> {
  const response = await fetch(url, { redirect: 'manual', ...init });
  const text = await response.text();
  return { status: response.status, headers: response.headers, body: parsed(text) };
}

export function authorizeUrl(app: SandboxApp, manner: Manner, more: Record<string, string> = {}): string {
  const url = new URL(app.endpoints.authorizeUrl);
  url.search = new URLSearchParams({
    client_id: app.clientId,
    redirect_uri: REDIRECT_URI,
    response_type: 'code',
    state: 'state-1',
    scope: manner.scopes,
    ...manner.authorize,
    ...more,
  }).toString();
  return url.href;
}

/** Through the consent, to the first token answer. */
export async function connect(app: SandboxApp, manner: Manner): Promise<Answer> {
  const verifier = randomBytes(32).toString('base64url');
  const challenge = createHash('sha256').update(verifier).digest('base64url');
  const pkce = manner.pkce ? { code_challenge: challenge, code_challenge_method: 'S256' } : {};
  const consented = await ask(authorizeUrl(app, manner, pkce), {
    method: 'POST',
    body: new URLSearchParams({ decision: 'allow' }),
  });
  const code = new URL(consented.headers.get('location') ?? 'none:').searchParams.get('code') ?? '';
  return redeem(app, manner, code, manner.pkce ? { code_verifier: verifier } : {});
}

export function redeem(app: SandboxApp, manner: Manner, code: string, more: Record<string, string> = {}) {
  const grant = { grant_type: 'authorization_code', code, redirect_uri: REDIRECT_URI };
  return tokenRequest(app, manner, { ...grant, ...manner.token, ...more });
}

export function refresh(app: SandboxApp, manner: Manner, token: string): Promise<Answer> {
  if (manner.rotation === 'exchange')
    return tokenRequest(app, manner, { grant_type: 'fb_exchange_token', fb_exchange_token: token });
  return tokenRequest(app, manner, {
    grant_type: 'refresh_token',
    refresh_token: token,
    ...manner.token,
    ...manner.refresh,
  });
}

export function tokenRequest(app: SandboxApp, manner: Manner, params: Record<string, string>) {
  const all = new URLSearchParams({ client_id: app.clientId, client_secret: app.clientSecret, ...params });
  const { tokenUrl } = app.endpoints;
  return manner.rotation === 'exchange'
    ? ask(`${tokenUrl}?${all.toString()}`)
    : ask(tokenUrl, { method: 'POST', body: all });
}

/** The probe with the headers that this provider wants; Meta's proof among them. */
export function probe(app: SandboxApp, manner: Manner, answer: Json, token: string = answer.access_token) {
  const url = new URL(manner.probe.url(app, answer));
  if (manner.rotation === 'exchange') url.searchParams.set('appsecret_proof', proofOf(app, token));
  return ask(url.href, {
    method: manner.probe.method ?? 'GET',
    headers: { authorization: `Bearer ${token}`, ...manner.probe.headers, ...developerToken(app) },
  });
}

export const proofOf = (app: SandboxApp, token: string) =>
  createHmac('sha256', app.clientSecret).update(token).digest('hex');

export function control(sandbox: Sandbox, method: string, path: string, body?: unknown): Promise<Answer> {
  return ask(`${sandbox.url}/_sandbox/${path}`, {
    method,
    ...(body === undefined
      ? {}
      : { headers: { 'content-type': 'application/json' }, body: JSON.stringify(body) }),
  });
}

function developerToken({ settings }: SandboxApp): Record<string, string> {
  const value = settings?.['developerToken'];
  return typeof value === 'string' ? { 'developer-token': value } : {};
}

function parsed(text: string): Json {
  try {
    return JSON.parse(text);
  } catch {
    return text;
  }
}
