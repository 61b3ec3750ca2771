/**
 * What a user sees at a stand-in's authorization endpoint. The form is posted to the same address, query and
 * all; a script posts the same fields: `decision`, `account`, `scope` and `user_scope`.
 */
import { html, pageReply, type Html } from './html.ts';
import type { Account, Reply, StandIn } from './stand-in.ts';

export type Consent = {
  clientId: string;
  redirectUri: string;
  scopes: readonly string[];
  optionalScopes: readonly string[];
  userScopes: readonly string[];
};

export function consentPage({ name, accounts, authorize }: StandIn, consent: Consent): Reply {
  const { narrowable } = authorize;
  return pageReply(
    200,
    `Sandbox: this is not ${name}`,
    html`${banner(name)}
      <form method="post" class="card">
        <h1>${consent.clientId} asks for access to your ${name} account</h1>
        <p class="dim">A stand-in for trying things out: no real account is touched.</p>
        <p>You are sent back to <code>${new URL(consent.redirectUri).origin}</code> either way.</p>
        <input type="hidden" name="scopes_shown" value="yes" />
        <fieldset>
          <legend>Account</legend>
          ${accounts.map(accountChoice)}
        </fieldset>
        ${scopeList('It asks for', 'scope', consent.scopes, narrowable)}
        ${scopeList('It would like as well', 'scope', consent.optionalScopes, true)}
        ${scopeList('In your own name', 'user_scope', consent.userScopes, narrowable)}
        <div class="buttons">
          <button class="main" name="decision" value="allow">Allow</button>
          <button name="decision" value="deny">Deny</button>
        </div>
      </form>`,
  );
}

/** For what must not be sent to a redirect URI that nobody vouched for. */
export function refusalPage(name: string, status: number, title: string, why: string): Reply {
  return pageReply(
    status,
    `Sandbox: this is not ${name}`,
    html`${banner(name)}
      <div class="card">
        <h1>${title}</h1>
        <p>${why}</p>
        <p class="dim">Nobody was sent back to the application.</p>
      </div>`,
  );
}

function banner(name: string): Html {
  return html`<p class="banner">Sandbox — this is not ${name}</p>`;
}

function accountChoice({ id, name, email }: Account, index: number): Html {
  const checked = index === 0 ? html`checked` : null;
  return html`<label
    ><input type="radio" name="account" value="${id}" ${checked} /><span>${name} (${email})</span></label
  >`;
}

/** @param free whether the user may untick; else the boxes only tell */
function scopeList(legend: string, field: string, scopes: readonly string[], free: boolean): Html | null {
  if (scopes.length === 0) return null;
  const disabled = free ? null : html`disabled`;
  const boxes = scopes.map(
    (scope) =>
      html`<label
        ><input type="checkbox" name="${field}" value="${scope}" checked ${disabled} /><code
          >${scope}</code
        ></label
      >`,
  );
  return html`<fieldset>
    <legend>${legend}</legend>
    ${boxes}
  </fieldset>`;
}
