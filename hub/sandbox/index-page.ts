/** `GET /`: what this is, the stand-ins, the keys to paste, the switches. */
import { CONTROLS } from './control.ts';
import { html, pageReply } from './html.ts';
import type { Running } from './running.ts';
import type { Reply } from './stand-in.ts';

export function indexPage(running: readonly Running[]): Reply {
  const rows = running.map(
    ({ standIn, clientId, staticKey }) =>
      html`<tr>
        <td>${standIn.name}</td>
        <td><code>/${standIn.id}</code></td>
        <td><code>${clientId}</code></td>
        <td>${staticKey === null ? html`<span class="dim">none</span>` : html`<code>${staticKey}</code>`}</td>
      </tr>`,
  );
  const controls = CONTROLS.map(
    ({ method, path, does }) =>
      html`<tr>
        <td><code>${method}</code></td>
        <td><code>${path}</code></td>
        <td>${does}</td>
      </tr>`,
  );
  return pageReply(
    200,
    'Sandbox of stand-in providers',
    html`<p class="banner">Sandbox — none of these is the real provider</p>
      <div class="card">
        <h1>Stand-in providers</h1>
        <p>
          Each behaves like the provider it stands in for, with its quirks, and keeps nothing that matters.
          Connect one in the hub, or paste its key as an API key.
        </p>
        <div class="scroll">
          <table>
            <tr>
              <th>Stands in for</th>
              <th>Path</th>
              <th>Client id</th>
              <th>Key made by hand</th>
            </tr>
            ${rows}
          </table>
        </div>
        <h2>Switches</h2>
        <div class="scroll">
          <table>
            ${controls}
          </table>
        </div>
      </div>`,
    { wide: true },
  );
}
