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
    if (status >= 500) request.log.error({ reqId: request.id, err: error }, 'a page failed');
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

// As the page's own colours and measures (web/src/styles.css).
export const PAGE_STYLE = `
:root { color-scheme: light dark; font: 13px/20px ui-sans-serif, system-ui, -apple-system, 'Segoe UI', Roboto, 'Helvetica Neue', Arial, sans-serif; }
body { margin: 0; min-height: 100vh; display: grid; place-items: center; background: light-dark(#f7f7f8, #0e0f11); color: light-dark(#17181c, #ededf0); }
main { box-sizing: border-box; width: min(24rem, 100vw - 2rem); margin: 1rem; padding: 1.5rem; border: 1px solid light-dark(#e5e5e9, #292b30); border-radius: 12px; background: light-dark(#fff, #16171a); box-shadow: 0 1px 2px light-dark(#0000000a, #00000040); }
h1 { margin: 0 0 .75rem; font-size: 18px; line-height: 24px; letter-spacing: -.02em; overflow-wrap: anywhere; }
p { margin: 0 0 .75rem; overflow-wrap: anywhere; }
p:last-child { margin-bottom: 0; }
label { display: block; margin: .75rem 0 .25rem; font-weight: 500; }
input:not([type=radio], [type=hidden]) { box-sizing: border-box; width: 100%; height: 32px; padding: 0 .65rem; font: inherit; border: 1px solid light-dark(#8a8d98, #6d717d); border-radius: 6px; background: transparent; color: inherit; }
input[type=radio] { accent-color: light-dark(#3f4fc4, #4c5cd6); }
fieldset { margin: 0 0 1rem; padding: 0; border: 0; }
legend { font-weight: 500; padding: 0; margin-bottom: .25rem; }
.option { display: flex; gap: .6rem; align-items: baseline; margin: 0; padding: .5rem .75rem; font-weight: 400; border: 1px solid light-dark(#cfcfd6, #3a3d45); border-radius: 6px; overflow-wrap: anywhere; cursor: pointer; }
.option + .option { margin-top: .4rem; }
.option:has(:checked) { border-color: light-dark(#3f4fc4, #98a5ff); background: light-dark(#eceefb, #20243f); }
.option:has(:disabled) { color: light-dark(#5c5f69, #a0a3ad); cursor: default; }
.buttons { display: flex; flex-wrap: wrap; gap: .5rem; margin-top: 1rem; }
.or { margin: 1rem 0 0; padding-top: 1rem; border-top: 1px solid light-dark(#e5e5e9, #292b30); color: light-dark(#5c5f69, #a0a3ad); }
button { height: 32px; padding: 0 .75rem; font: inherit; font-weight: 500; border: 1px solid light-dark(#cfcfd6, #3a3d45); border-radius: 6px; background: light-dark(#fff, #16171a); color: inherit; cursor: pointer; }
button:hover { background: light-dark(#f1f1f3, #202226); }
button.primary { margin-top: 0; border-color: transparent; background: light-dark(#3f4fc4, #4c5cd6); color: #fff; }
button.primary:hover { background: light-dark(#3443ad, #5868e2); }
form > button.primary { margin-top: 1rem; width: 100%; }
a { color: light-dark(#3f4fc4, #98a5ff); }
:focus-visible { outline: 2px solid light-dark(#3f4fc4, #98a5ff); outline-offset: 2px; }
.problem { color: light-dark(#ab2a20, #ff968c); }
`;

const ENTITIES: Record<string, string> = {
  '&': '&amp;',
  '<': '&lt;',
  '>': '&gt;',
  '"': '&quot;',
  "'": '&#39;',
};
export const escape = (text: string) => text.replace(/[&<>"']/g, (character) => ENTITIES[character] ?? '');
