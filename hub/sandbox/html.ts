/** Pages without scripts or anything from elsewhere; everything put into them is escaped. */
import { createHash } from 'node:crypto';
import type { Reply } from './stand-in.ts';

const CSS = `
:root { color-scheme: light dark; --line: light-dark(#d8dbe2, #3a3f4b); --dim: light-dark(#5b6270, #a3abbb);
  --card: light-dark(#fff, #1d2027); --accent: light-dark(#2456d6, #8fb0ff); --on-accent: light-dark(#fff, #10131a); }
* { box-sizing: border-box; }
body { margin: 0; font: 16px/1.5 system-ui, sans-serif; background: light-dark(#f3f4f7, #14161b);
  color: light-dark(#1a1d24, #e8eaf0); }
main { max-width: 34rem; margin: 2rem auto; padding: 0 1rem 3rem; }
main.wide { max-width: 60rem; }
.card { background: var(--card); border: 1px solid var(--line); border-radius: 12px; padding: 1.25rem 1.5rem; }
.banner { background: light-dark(#fff3cf, #3d3310); color: light-dark(#5a4300, #ffe08a); border-radius: 8px;
  padding: .6rem .9rem; margin: 0 0 1.25rem; font-weight: 600; }
h1 { font-size: 1.35rem; margin: 0 0 .5rem; } h2 { font-size: 1.1rem; margin: 1.75rem 0 .5rem; }
.dim { color: var(--dim); } code, pre { font: .9em/1.5 ui-monospace, monospace; overflow-wrap: anywhere; }
pre { overflow-x: auto; white-space: pre-wrap; }
fieldset { border: 1px solid var(--line); border-radius: 8px; margin: 1rem 0; padding: .5rem 1rem; }
legend { padding: 0 .4rem; font-weight: 600; }
label { display: flex; gap: .6rem; align-items: baseline; padding: .25rem 0; }
label span { overflow-wrap: anywhere; min-width: 0; }
.buttons { display: flex; gap: .75rem; margin-top: 1.25rem; }
button { font: inherit; font-weight: 600; padding: .6rem 1.4rem; border-radius: 8px; border: 1px solid var(--line);
  background: transparent; color: inherit; cursor: pointer; }
button.main { background: var(--accent); color: var(--on-accent); border-color: transparent; }
button:focus-visible, input:focus-visible, a:focus-visible { outline: 3px solid var(--accent); outline-offset: 2px; }
a { color: var(--accent); } .scroll { overflow-x: auto; }
table { border-collapse: collapse; width: 100%; } th, td { text-align: left; padding: .45rem .6rem;
  border-bottom: 1px solid var(--line); vertical-align: top; }
`;

const HEADERS = {
  'content-type': 'text/html; charset=utf-8',
  'cache-control': 'no-store',
  'x-content-type-options': 'nosniff',
  // The address holds `state` and the code challenge.
  'referrer-policy': 'no-referrer',
  // No `form-action`: browsers hold it against the redirect that follows the form as well, and that one
  // goes to the client, and from there to wherever the client sends the user.
  'content-security-policy': [
    "default-src 'none'",
    `style-src 'sha256-${createHash('sha256').update(CSS).digest('base64')}'`,
    "base-uri 'none'",
    "frame-ancestors 'none'",
  ].join('; '),
};

/** Already escaped. */
export type Html = { readonly html: string };

// In one piece: white space around it would be part of what the policy's hash is of.
const STYLE: Html = { html: `<style>${CSS}</style>` };
type Part = Html | string | number | null | readonly Html[];

/** A template whose values are escaped unless they are `Html` themselves. */
export function html(strings: TemplateStringsArray, ...values: Part[]): Html {
  const parts = strings.map((text, i) => text + (i < values.length ? render(values[i] ?? null) : ''));
  return { html: parts.join('') };
}

export function pageReply(
  status: number,
  title: string,
  content: Html,
  { wide = false }: { wide?: boolean } = {},
): Reply {
  const document = html`<!doctype html>
    <html lang="en">
      <head>
        <meta charset="utf-8" />
        <title>${title}</title>
        <meta name="viewport" content="width=device-width, initial-scale=1" />
        ${STYLE}
      </head>
      <body>
        <main class="${wide ? 'wide' : 'narrow'}">${content}</main>
      </body>
    </html>`;
  return { status, headers: HEADERS, body: document.html };
}

function render(value: Part): string {
  if (value === null) return '';
  if (typeof value === 'string' || typeof value === 'number') return escape(String(value));
  return 'html' in value ? value.html : value.map((part) => part.html).join('');
}

function escape(text: string): string {
  return text
    .replaceAll('&', '&amp;')
    .replaceAll('<', '&lt;')
    .replaceAll('>', '&gt;')
    .replaceAll('"', '&quot;')
    .replaceAll("'", '&#39;');
}
