/** What a browser sees between a client's request and its answer. Every text is escaped: names come from anywhere. */
import { escape, pageOf } from '../api/pages.ts';
import type { ConnectionRow } from '../database/connections.ts';
import type { Integration } from '../../integrations/definition/integration.ts';
import type { OpenRequest } from './authorize.ts';

type Choice = {
  request: OpenRequest;
  integration: Integration;
  connections: readonly ConnectionRow[];
  /** The one just made, or the only one. */
  chosen: string | null;
  problem: string | null;
};

export function choicePage({ request, integration, connections, chosen, problem }: Choice): string {
  const { client, row } = request;
  const where = new URL(row.redirectUri).host;
  const usable = connections.some(isUsable);
  return pageOf(
    `Connect ${integration.name}`,
    `<p><strong>${escape(client.name)}</strong> at <strong>${escape(where)}</strong> asks for one of your connections to ${escape(integration.name)}. It will be able to use it as you do, until you take it back.</p>
    ${problem === null ? '' : `<p class="problem" role="alert">${escape(problem)}</p>`}
    <form method="post" action="/oauth2/authorize/${escape(row.id)}">
      ${connections.length === 0 ? '' : `<fieldset><legend>Your connections</legend>${connections.map((one) => option(one, one.id === chosen)).join('')}</fieldset>`}
      <div class="buttons">
        ${usable ? '<button class="primary" name="answer" value="allow">Allow</button>' : ''}
        <button class="${usable ? '' : 'primary'}" name="answer" value="connect" formnovalidate>${usable ? 'Connect another account' : `Connect ${escape(integration.name)}`}</button>
        <button name="answer" value="deny" formnovalidate>Deny</button>
      </div>
    </form>`,
  );
}

export const isUsable = ({ status, sealedCredentials, statusReason }: ConnectionRow) =>
  sealedCredentials !== null && !(status === 'error' && statusReason?.code === 'CREDENTIAL_REVOKED');

function option(row: ConnectionRow, chosen: boolean): string {
  const account = row.account && row.account.name !== row.name ? ` – ${row.account.name}` : '';
  const usable = isUsable(row);
  const state = usable ? '' : ' <em>needs to be reconnected</em>';
  return `<label class="option"><input type="radio" name="connection" value="${escape(row.id)}" required${chosen && usable ? ' checked' : ''}${usable ? '' : ' disabled'} /> <span>${escape(row.name + account)}${state}</span></label>`;
}

export function reconnectPage(row: ConnectionRow, integration: Integration): string {
  const account = row.account ? ` (${row.account.name})` : '';
  const reason = row.statusReason?.message ?? 'It works as it is; reconnecting gives it new credentials.';
  return pageOf(
    `Reconnect ${integration.name}`,
    `<p><strong>${escape(row.name + account)}</strong></p><p>${escape(reason)}</p>
    <form method="post" action="/connections/${escape(row.id)}/reconnect">
      <div class="buttons"><button class="primary">Reconnect</button></div>
    </form>`,
  );
}

/**
 * Leads on to another site. Not a redirect: what a form's answer redirects to would have to be named in
 * form-action, and a provider redirects to hosts that nobody knows beforehand.
 */
export function leadPage(url: string): string {
  return pageOf(
    'One moment',
    `<p><a href="${escape(url)}" rel="noreferrer">Go on</a></p>`,
    `<meta http-equiv="refresh" content="0;url=${escape(url)}" />`,
  );
}

export const brokerStops = {
  unknown_client: {
    status: 400,
    title: 'This client is not known',
    text: 'The address that brought you here names a client that this hub does not know. An admin makes clients with POST /api/clients.',
  },
  unknown_redirect_uri: {
    status: 400,
    title: 'This address is not the client’s',
    text: 'The client wants its answer sent to an address that is not registered for it, to the letter. For n8n, an operator adds its address to HUB_N8N_URLS; for other clients, an admin makes a client with it.',
  },
  gone: {
    status: 410,
    title: 'This request has been answered',
    text: 'Or it has run out. Go back to where you came from and begin again.',
  },
  not_yours: {
    status: 403,
    title: 'Not yours to give',
    text: 'You may not give tokens away, or this connection belongs to somebody else.',
  },
} as const;
