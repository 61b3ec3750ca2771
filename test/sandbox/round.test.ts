/** Every stand-in takes a client through the whole life of a connection. */
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { startSandbox, type Sandbox } from '../../hub/sandbox/sandbox.ts';
import { MANNERS } from './manners.ts';
import { appOf, ask, connect, control, probe, refresh, type Manner } from './walk.ts';

let sandbox: Sandbox;
beforeAll(async () => {
  sandbox = await startSandbox({ port: 0, consent: 'ask', stateFile: null });
});
afterAll(() => sandbox.close());

/** Slack says everything with 200. */
const accepted = ({ status, body }: { status: number; body: { ok?: boolean } }) =>
  status === 200 && body.ok !== false;
const keyOf = (manner: Manner, answer: { access_token: string; refresh_token: string }) =>
  manner.rotation === 'exchange' ? answer.access_token : answer.refresh_token;

describe.each(MANNERS)('$id', (manner) => {
  it('connects, answers the probe, refreshes and answers the probe with the new token', async () => {
    const app = appOf(sandbox, manner.id);
    const first = await connect(app, manner);
    expect(accepted(first)).toBe(true);
    expect(accepted(await probe(app, manner, first.body))).toBe(true);
    const second = await refresh(app, manner, keyOf(manner, first.body));
    expect(accepted(second)).toBe(true);
    expect(second.body.access_token).not.toBe(first.body.access_token);
    const answer = { ...first.body, ...second.body };
    expect(accepted(await probe(app, manner, answer))).toBe(true);
  });

  it('treats a refresh token that was used before as this provider does', async () => {
    if (manner.rotation === 'exchange') return;
    const app = appOf(sandbox, manner.id);
    const first = await connect(app, manner);
    const second = await refresh(app, manner, first.body.refresh_token);
    const again = await refresh(app, manner, first.body.refresh_token);
    expect(accepted(again)).toBe(manner.rotation !== 'single_use');
    const answer = { ...first.body, ...second.body };
    // Reuse ends the whole family, the newest tokens included.
    expect(accepted(await probe(app, manner, answer))).toBe(manner.rotation !== 'single_use');
    expect(accepted(await refresh(app, manner, answer.refresh_token))).toBe(manner.rotation !== 'single_use');
  });

  it('gives one of twenty concurrent refreshes of a single-use token an answer', async () => {
    if (manner.rotation !== 'single_use') return;
    const app = appOf(sandbox, manner.id);
    const { body } = await connect(app, manner);
    const answers = await Promise.all(
      Array.from({ length: 20 }, () => refresh(app, manner, body.refresh_token)),
    );
    expect(answers.filter(accepted)).toHaveLength(1);
  });

  it('refuses a token that was made up, one that expired and one whose user took access away', async () => {
    const app = appOf(sandbox, manner.id);
    const { body } = await connect(app, manner);
    expect(accepted(await probe(app, manner, body, 'made-up'))).toBe(false);
    await control(sandbox, 'POST', `${manner.id}/expire`);
    expect(accepted(await probe(app, manner, body))).toBe(false);
    const other = (await connect(app, manner)).body;
    await control(sandbox, 'POST', `${manner.id}/revoke`);
    expect(accepted(await probe(app, manner, other))).toBe(false);
    expect(accepted(await refresh(app, manner, keyOf(manner, other)))).toBe(false);
  });

  it('ends tokens at its revocation endpoint, where it has one', async () => {
    const app = appOf(sandbox, manner.id);
    expect(app.endpoints.revokeUrl !== undefined).toBe(manner.revocable);
    if (app.endpoints.revokeUrl === undefined) return;
    const { body } = await connect(app, manner);
    const { revokeUrl } = app.endpoints;
    const own = { ...manner, probe: { ...manner.probe, url: () => revokeUrl } };
    const byBearer = ['dropbox', 'slack', 'meta-ads'].includes(manner.id);
    const revoked = byBearer
      ? await probe(
          app,
          { ...own, probe: { ...own.probe, method: manner.id === 'meta-ads' ? 'DELETE' : 'POST' } },
          body,
        )
      : await ask(revokeUrl, {
          method: 'POST',
          body: new URLSearchParams({
            token: body.refresh_token,
            client_id: app.clientId,
            client_secret: app.clientSecret,
          }),
        });
    expect(revoked.status).toBe(200);
    expect(accepted(await probe(app, manner, body))).toBe(false);
  });
});
