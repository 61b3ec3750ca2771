/** The few pages a browser may end on. Every text is escaped: names come from providers. */
import type { FastifyError, FastifyInstance, FastifyReply } from 'fastify';
import { HubError } from '../errors.ts';
import type { Stop } from '../oauth/authorization.ts';
import { sendProblem } from './problems.ts';

export type PageContent = { title: string; text: string };

const again = 'Go back to where you came from and begin again.';

export const STOP_PAGES: Record<Stop, PageContent & { status: number }> = {
  unknown_link: {
    status: 404,
    title: 'This link is not known',
    text: `It may have been copied incompletely. ${again}`,
  },
  link_used: {
    status: 410,
    title: 'This link has been used',
    text: `A link to connect an account works once. ${again}`,
  },
  expired: { status: 410, title: 'This link has run out', text: `It was not used in time. ${again}` },
  foreign_browser: {
    status: 403,
    title: 'This link belongs to another browser',
    text: 'Connecting an account must end in the browser in which it began. Open the link where you first opened it, with cookies allowed, or begin again.',
  },
  not_configured: {
    status: 503,
    title: 'This integration is not set up',
    text: 'An admin of this hub has to set up its OAuth app first.',
  },
  no_state: {
    status: 400,
    title: 'This address is for providers',
    text: `The provider's answer was incomplete. ${again}`,
  },
  unknown_state: {
    status: 400,
    title: 'This answer fits no request',
    text: `It may have been replaced by a later attempt. ${again}`,
  },
  already_answered: {
    status: 409,
    title: 'This answer was used before',
    text: 'An answer of a provider is taken once. If the account is not connected, begin again.',
  },
};

export const page = ({ title, text }: PageContent): string => pageOf(title, `<p>${escape(text)}</p>`);

/** @param body and @param head are HTML; whoever writes them escapes what they did not write themselves */
export function pageOf(title: string, body: string, head = ''): string {
  return `<!doctype html>
<html lang="en">
  <head>
    <meta charset="utf-8" />
    <meta name="viewport" content="width=device-width, initial-scale=1" />
    ${head}
    <title>${escape(title)} · Integration Hub</title>
    <link rel="stylesheet" href="/oauth/style.css" />
  </head>
  <body>
    <main>
      <h1>${escape(title)}</h1>
      ${body}
    </main>
  </body>
</html>`;
}

export const show = (reply: FastifyReply, html: string, status: number) =>
  reply
    .status(status)
    .type('text/html; charset=utf-8')
    .header('cache-control', 'no-store')
    // Nothing of these addresses leaves the hub, and its own forms say where they come from.
    .header('referrer-policy', 'same-origin')
    .send(html);

/** Whoever looks at a page is told on a page. */
export function usePageErrors(app: Pick<FastifyInstance, 'setErrorHandler'>): void {
  app.setErrorHandler<FastifyError>((error, request, reply) => {
    if (!request.headers.accept?.includes('text/html')) return sendProblem(error, request, reply);
    const { status, message } =
      error instanceof HubError ? error : new HubError('INTERNAL', { cause: error });
    if (status >= 500) request.log.error({ err: error }, 'a page failed');
    return show(reply, page({ title: 'This did not work', text: message }), status);
  });
}

/** A parameter that comes twice is no parameter (RFC 6749 §3.1). */
export function textParams(given: unknown): Record<string, string> {
  return Object.fromEntries(
    Object.entries((given ?? {}) as Record<string, unknown>).filter(
      (entry): entry is [string, string] => typeof entry[1] === 'string',
    ),
  );
}

export const PAGE_STYLE = `
:root { color-scheme: light dark; font: 16px/1.5 system-ui, sans-serif; }
body { margin: 0; min-height: 100vh; display: grid; place-items: center; background: light-dark(#f5f6f8, #16181d); color: light-dark(#1c1e24, #eceef2); }
main { box-sizing: border-box; width: min(26rem, 100vw - 2rem); margin: 1rem; padding: 2rem; border-radius: 12px; background: light-dark(#fff, #1f2229); box-shadow: 0 1px 4px #0003; }
h1 { margin: 0 0 .5rem; font-size: 1.25rem; }
p { margin: 0 0 .75rem; overflow-wrap: anywhere; }
p:last-child { margin-bottom: 0; }
label { display: block; margin: .75rem 0 .25rem; font-weight: 600; }
input:not([type=radio], [type=hidden]) { box-sizing: border-box; width: 100%; padding: .5rem .6rem; font: inherit; border: 1px solid light-dark(#c3c8d2, #4a505d); border-radius: 8px; background: transparent; color: inherit; }
fieldset { margin: 0 0 1rem; padding: 0; border: 0; }
legend { font-weight: 600; padding: 0; margin-bottom: .25rem; }
.option { display: flex; gap: .6rem; align-items: baseline; margin: 0; padding: .6rem .7rem; font-weight: 400; border: 1px solid light-dark(#dfe2e8, #3a3f4a); border-radius: 8px; overflow-wrap: anywhere; cursor: pointer; }
.option + .option { margin-top: .4rem; }
.option:has(:checked) { border-color: light-dark(#2f6feb, #7aa5ff); }
.option:has(:disabled) { opacity: .6; cursor: default; }
.buttons { display: flex; flex-wrap: wrap; gap: .5rem; margin-top: 1rem; }
.or { margin: 1rem 0 0; padding-top: 1rem; border-top: 1px solid light-dark(#dfe2e8, #3a3f4a); }
button { padding: .5rem 1rem; font: inherit; border: 1px solid light-dark(#c3c8d2, #4a505d); border-radius: 8px; background: transparent; color: inherit; cursor: pointer; }
button.primary { margin-top: 0; border-color: transparent; background: #2459c9; color: #fff; }
form > button.primary { margin-top: 1rem; }
:focus-visible { outline: 2px solid light-dark(#2f6feb, #7aa5ff); outline-offset: 2px; }
.problem { color: light-dark(#a3260f, #ff9d8a); }
`;

const ENTITIES: Record<string, string> = {
  '&': '&amp;',
  '<': '&lt;',
  '>': '&gt;',
  '"': '&quot;',
  "'": '&#39;',
};
export const escape = (text: string) => text.replace(/[&<>"']/g, (character) => ENTITIES[character] ?? '');
