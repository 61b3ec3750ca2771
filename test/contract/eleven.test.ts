/**
 * A script that knows the contract alone: two users with keys of their own connect each of the eleven, read a
 * token that the stand-in accepts, refresh, test, reconfigure and disconnect, and never see each other.
 */
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { createBrowser, createClient, type Client } from '../setup/client.ts';
import { startHub, type TestHub } from '../setup/hub.ts';
import { ELEVEN, setUpApps, startTestSandbox, type TestSandbox } from '../setup/sandbox.ts';

let hub: TestHub;
let sandbox: TestSandbox;
let users: [Client, Client];

beforeAll(async () => {
  hub = await startHub();
  sandbox = await startTestSandbox();
  await setUpApps(hub.admin, sandbox);
  const key = async (name: string) => {
    const { body } = await hub.admin.call('POST', '/api/keys', { name, role: 'builder', userId: name });
    return createClient(hub.url, body.key as string);
  };
  users = [await key('ada'), await key('grace')];
});
afterAll(async () => {
  await hub.close();
  await sandbox.close();
});

const accepts = async (integrationId: string, token: string): Promise<boolean> =>
  (await sandbox.control('POST', `/${integrationId}/introspect`, { token })).active as boolean;

describe.each(ELEVEN)('%s', (integrationId) => {
  it('is connected, used, refreshed, tested, reconfigured and disconnected by two users who cannot see each other', async () => {
    const ids: string[] = [];
    for (const [index, user] of users.entries()) {
      const made = await user.call('POST', '/api/connections', { integrationId });
      expect(made.status, made.text).toBe(201);
      expect(made.body.connection).toMatchObject({
        integrationId,
        status: 'disconnected',
        statusReason: { code: 'AWAITING_AUTHORIZATION' },
      });
      const page = await createBrowser().open(made.body.authorization.url);
      expect(page.status, page.text).toBe(200);
      const id = made.body.connection.id as string;
      ids.push(id);

      const connected = await user.call('GET', `/api/connections/${id}`);
      expect(connected.body, connected.text).toMatchObject({
        status: 'connected',
        statusReason: null,
        credentials: { type: 'oauth2', missingScopes: [], refreshable: true, version: 1 },
        lastHealthCheck: { ok: true, outcome: 'ok' },
      });
      expect(connected.body.account.id).toEqual(expect.any(String));
      const first = await user.call('GET', `/api/connections/${id}/token`);
      expect(await accepts(integrationId, first.body.accessToken)).toBe(true);

      const refreshed = await user.call('POST', `/api/connections/${id}/refresh`);
      expect(refreshed.body, refreshed.text).toMatchObject({
        refreshed: true,
        connection: { credentials: { version: 2 } },
      });
      const second = await user.call('GET', `/api/connections/${id}/token?minTtl=5s`);
      expect(second.body.accessToken).not.toBe(first.body.accessToken);
      expect(await accepts(integrationId, second.body.accessToken)).toBe(true);

      const tested = await user.call('POST', `/api/connections/${id}/test`);
      expect(tested.body, tested.text).toMatchObject({
        ok: true,
        outcome: 'ok',
        account: connected.body.account,
      });
      const renamed = await user.call('PATCH', `/api/connections/${id}`, {
        name: `mine ${index}`,
        config: connected.body.config,
      });
      expect(renamed.body).toMatchObject({ id, name: `mine ${index}`, status: 'connected' });
      expect(
        (await user.call('PATCH', `/api/connections/${id}`, { config: { 'no such property': 1 } })).body.code,
      ).toBe('CONFIG_INVALID');
    }

    const [mine = '', theirs = ''] = ids;
    for (const [method, path] of [
      ['GET', ''],
      ['GET', '/token'],
      ['GET', '/events'],
      ['POST', '/test'],
      ['POST', '/refresh'],
      ['DELETE', ''],
    ] as const)
      expect(await users[0].call(method, `/api/connections/${theirs}${path}`)).toMatchObject({
        status: 404,
        body: { code: 'CONNECTION_NOT_FOUND' },
      });
    const listed = await users[0].call('GET', `/api/connections?integrationId=${integrationId}`);
    expect(listed.body.data.map(({ id }: { id: string }) => id)).toEqual([mine]);

    const { body: last } = await users[0].call('GET', `/api/connections/${mine}/token`);
    const removed = await Promise.all([
      users[0].call('DELETE', `/api/connections/${mine}`),
      users[0].call('DELETE', `/api/connections/${mine}`),
    ]);
    expect(removed.map(({ status }) => status)).toEqual([204, 204]);
    expect((await users[0].call('GET', `/api/connections/${mine}/token`)).body.code).toBe(
      'CONNECTION_DISCONNECTED',
    );
    expect((await users[0].call('GET', `/api/connections/${mine}`)).body).toMatchObject({
      status: 'disconnected',
      statusReason: { code: 'DISCONNECTED_BY_USER' },
      credentials: null,
    });
    // Two of the eleven have no way to revoke one token.
    const revocable = integrationId !== 'gohighlevel' && integrationId !== 'outlook';
    await expect.poll(() => accepts(integrationId, last.accessToken)).toBe(!revocable);

    const { body: still } = await users[1].call('GET', `/api/connections/${theirs}/token`);
    // Meta's revocation takes the whole app from the account, and both users connected the same one.
    expect(await accepts(integrationId, still.accessToken)).toBe(integrationId !== 'meta-ads');
    const ledger = await sandbox.control('GET', `/${integrationId}/ledger`);
    expect(ledger.counts.reused).toBe(0);
  });
});
