/** A token that the sandbox has answered is good after anything. */
import { spawn, type ChildProcess } from 'node:child_process';
import { once } from 'node:events';
import { mkdtemp, readFile, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { afterEach, beforeEach, expect, it, vi } from 'vitest';
import { startSandbox } from '../../hub/sandbox/sandbox.ts';
import { mannerOf } from './manners.ts';
import { appOf, connect, control, probe, refresh, type Json } from './walk.ts';

const MODULE = new URL('../../hub/sandbox/sandbox.ts', import.meta.url).href;
const manner = mannerOf('discord');

let folder: string;
let children: ChildProcess[] = [];
beforeEach(async () => void (folder = await mkdtemp(path.join(tmpdir(), 'sandbox-'))));
afterEach(async () => {
  for (const child of children) child.kill('SIGKILL');
  children = [];
  await rm(folder, { recursive: true, force: true });
});

/** A sandbox in a process of its own, which can be killed. */
async function spawnSandbox(stateFile: string) {
  const script = `
    const { startSandbox } = await import(${JSON.stringify(MODULE)});
    const { url } = await startSandbox({ port: 0, consent: 'allow', stateFile: ${JSON.stringify(stateFile)} });
    console.log(url);`;
  const child = spawn(process.execPath, ['--input-type=module', '-e', script], {
    stdio: ['ignore', 'pipe', 'inherit'],
  });
  children.push(child);
  const [line] = (await once(child.stdout, 'data')) as [Buffer];
  const url = line.toString().trim();
  const apps = (await (await fetch(`${url}/_sandbox/apps`)).json()) as Json;
  return { child, app: apps.find((app: Json) => app.integrationId === 'discord') };
}

it('keeps the last answered token, and the knowledge of the spent one, when it is killed', async () => {
  const stateFile = path.join(folder, 'state');
  const { child, app } = await spawnSandbox(stateFile);
  const first = (await connect(app, manner)).body;
  let last = first;
  for (let i = 0; i < 5; i++) last = (await refresh(app, manner, last.refresh_token)).body;
  child.kill('SIGKILL');
  await once(child, 'exit');

  const after = await startSandbox({ port: 0, consent: 'allow', stateFile });
  try {
    const same = appOf(after, 'discord');
    expect(same.clientSecret).toBe(app.clientSecret);
    expect((await probe(same, manner, last)).status).toBe(200);
    expect((await refresh(same, manner, last.refresh_token)).status).toBe(200);
    expect((await refresh(same, manner, first.refresh_token)).body.error).toBe('invalid_grant');
    expect((await control(after, 'GET', 'discord/ledger')).body.counts.reused).toBe(1);
  } finally {
    await after.close();
  }
});

it('writes no token and no code in the clear', async () => {
  const stateFile = path.join(folder, 'state');
  const sandbox = await startSandbox({ port: 0, consent: 'allow', stateFile });
  const app = appOf(sandbox, 'discord');
  const { body } = await connect(app, manner);
  await refresh(app, manner, body.refresh_token);
  const ledger = JSON.stringify((await control(sandbox, 'GET', 'discord/ledger')).body);
  const read = async (file: string) => (await readFile(file).catch(() => Buffer.alloc(0))).toString('latin1');
  const kept = (await read(stateFile)) + (await read(`${stateFile}-wal`));
  await sandbox.close();
  // The file holds what is looked for at all: the grant's scopes are there to be found.
  expect(kept).toContain('identify');
  for (const secret of [body.access_token, body.refresh_token]) {
    expect(kept).not.toContain(secret);
    expect(ledger).not.toContain(secret);
  }
});

it('has other secrets and keys in another place', async () => {
  const one = await startSandbox({ port: 0, consent: 'allow' });
  const two = await startSandbox({ port: 0, consent: 'allow' });
  try {
    expect(appOf(one, 'slack').clientSecret).not.toBe(appOf(two, 'slack').clientSecret);
    expect(one.staticKeys()['slack']).not.toBe(two.staticKeys()['slack']);
  } finally {
    await Promise.all([one.close(), two.close()]);
  }
});

it('holds nothing for an asker who has gone, having done what was asked', async () => {
  const sandbox = await startSandbox({ port: 0, consent: 'allow' });
  try {
    const app = appOf(sandbox, 'discord');
    const { body } = await connect(app, manner);
    await control(sandbox, 'PUT', 'discord/behaviour', { holdAnswers: 1 });
    const gone = new AbortController();
    const params = { grant_type: 'refresh_token', refresh_token: body.refresh_token };
    const client = { client_id: app.clientId, client_secret: app.clientSecret };
    const asked = fetch(app.endpoints.tokenUrl, {
      method: 'POST',
      body: new URLSearchParams({ ...params, ...client }),
      signal: gone.signal,
    });
    const held = async () => (await control(sandbox, 'GET', 'discord/behaviour')).body.held as number;
    await vi.waitFor(async () => expect(await held()).toBe(1));
    gone.abort();
    await expect(asked).rejects.toThrow();
    await vi.waitFor(async () => expect(await held()).toBe(0));
    expect(
      (await control(sandbox, 'POST', 'discord/introspect', { token: body.refresh_token })).body,
    ).toMatchObject({ spent: true, active: false });
  } finally {
    await sandbox.close();
  }
});

it('holds a request before it is looked at, so that nothing is spent', async () => {
  const sandbox = await startSandbox({ port: 0, consent: 'allow' });
  try {
    const app = appOf(sandbox, 'discord');
    const { body } = await connect(app, manner);
    await control(sandbox, 'PUT', 'discord/behaviour', { holdRequests: true });
    const asked = refresh(app, manner, body.refresh_token);
    await vi.waitFor(async () =>
      expect((await control(sandbox, 'GET', 'discord/behaviour')).body.held).toBe(1),
    );
    const { body: told } = await control(sandbox, 'POST', 'discord/introspect', {
      token: body.refresh_token,
    });
    expect(told.active).toBe(true);
    await control(sandbox, 'POST', 'discord/release');
    expect((await asked).status).toBe(200);
  } finally {
    await sandbox.close();
  }
});
