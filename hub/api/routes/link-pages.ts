/**
 * Where links with a secret behind their `#` lead: only a script of the page can read it there, and it hands it to the
 * API. Their forms are made here, so that the pages need no script for what they show.
 */
import { readFileSync } from 'node:fs';
import path from 'node:path';
import { PASSWORD } from '../../accounts/accounts.ts';
import type { Routes } from '../context.ts';
import { pageOf, show } from '../pages.ts';

const PAGES = { schema: { hide: true }, config: { rateLimit: { max: 300, timeWindow: '1 minute' } } };
const SCRIPT = readFileSync(path.join(import.meta.dirname, '../link-page.js'), 'utf8');
const HEAD = '<script type="module" src="/link-page.js"></script>';

const WELCOME = pageOf(
  'Welcome',
  `<p>Choose how you sign in to this hub.</p>
  <form id="welcome" hidden>
    <label for="name">Name</label>
    <input id="name" name="name" autocomplete="name" maxlength="200" required />
    <label for="email">E-mail address</label>
    <input id="email" name="email" type="email" autocomplete="username" required />
    <label for="password">Password</label>
    <input id="password" name="password" type="password" autocomplete="new-password" minlength="${PASSWORD.least}" required />
    <button class="primary">Begin</button>
  </form>
  <p id="message" class="problem" role="alert"></p>`,
  HEAD,
);

const CONNECT = pageOf(
  'Connect an account',
  `<p id="what">One moment …</p>
  <form id="connect" hidden><button class="primary">Connect</button></form>
  <p id="message" class="problem" role="alert"></p>`,
  HEAD,
);

const HOME = pageOf(
  'Integration Hub',
  `<p>This hub is running, and you are signed in where you were asked to.</p>
  <p><a href="/docs">The API</a> does what there is to do; in n8n, <em>Connect</em> leads here by itself.</p>`,
);

export const addLinkPages: Routes = (app) => {
  app.get('/', PAGES, (_request, reply) => show(reply, HOME, 200));
  app.get('/welcome', PAGES, (_request, reply) => show(reply, WELCOME, 200));
  app.get('/connect', PAGES, (_request, reply) => show(reply, CONNECT, 200));
  app.get('/link-page.js', PAGES, (_request, reply) =>
    reply.type('text/javascript; charset=utf-8').header('cache-control', 'no-cache').send(SCRIPT),
  );
};
