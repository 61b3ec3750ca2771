/** Ports that somebody else takes between the look at them and the start of a server. */
import { mkdtempSync, rmSync } from 'node:fs';
import { createServer, type Server } from 'node:net';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { afterEach, beforeEach, expect, it } from 'vitest';
import { freePort, isFree } from '../../hub/embedded/ports.ts';
import { startPostgres } from '../../hub/embedded/postgres.ts';
import { findTemporalCli } from '../../hub/embedded/temporal-cli.ts';
import { startTemporal, type TemporalOptions } from '../../hub/embedded/temporal-server.ts';

let folder: string;
let quicker: Server;
let lost: number;
let asked: number;

beforeEach(async () => {
  folder = mkdtempSync(path.join(tmpdir(), 'integration-hub-ports-'));
  lost = await freePort();
  asked = 0;
  quicker = createServer((socket) => socket.end());
  await new Promise<void>((resolve) => quicker.listen(lost, '127.0.0.1', resolve));
});
afterEach(async () => {
  await new Promise((resolve) => quicker.close(resolve));
  rmSync(folder, { recursive: true, force: true });
});

/** Was free when it was looked at. */
const outrunOnce = async () => (asked++ === 0 ? lost : freePort());
const alwaysOutrun = async () => {
  asked++;
  return lost;
};

const temporal = async (ports: Pick<TemporalOptions, 'port'> & Partial<TemporalOptions>) =>
  startTemporal({
    cli: await findTemporalCli({
      cliPath: process.env['TEMPORAL_CLI_PATH'] ?? null,
      searchPath: process.env['PATH'] ?? '',
      say: () => undefined,
    }),
    folder,
    historyFile: null,
    uiPort: null,
    searchAttributes: [],
    ...ports,
  });

it('Temporal starts on another port where the chosen one was taken in between', async () => {
  const server = await temporal({ port: outrunOnce });
  expect(asked).toBe(2);
  expect(server.address).not.toBe(`127.0.0.1:${lost}`);
  await server.stop();
});

it('Temporal gives up after five ports, with one line that says why', async () => {
  await expect(temporal({ port: alwaysOutrun })).rejects.toThrow(
    /^Temporal did not start \(.*address already in use\)\.$/,
  );
  expect(asked).toBe(5);
});

it('a fixed port is not given up for another: whoever answers there is not taken for Temporal', async () => {
  await expect(temporal({ port: lost })).rejects.toThrow(
    `HUB_TEMPORAL_PORT: port ${lost} is taken by another program`,
  );
  await expect(temporal({ port: freePort, uiPort: lost })).rejects.toThrow(
    `HUB_TEMPORAL_UI_PORT: port ${lost} is taken by another program`,
  );
});

it('PostgreSQL starts on another port where the chosen one was taken in between', async () => {
  const server = await startPostgres(path.join(folder, 'postgres'), () => undefined, [], outrunOnce);
  expect(asked).toBe(2);
  expect(server.port).not.toBe(lost);
  await server.stop();
});

it('PostgreSQL gives up after five ports, with one line that says why', async () => {
  await expect(
    startPostgres(path.join(folder, 'postgres'), () => undefined, [], alwaysOutrun),
  ).rejects.toThrow(/^The embedded PostgreSQL did not start \(.*\); look into .*$/);
  expect(asked).toBe(5);
});

it('a chosen port is chosen once, and is none that the system hands out by itself', async () => {
  const ports = await Promise.all(Array.from({ length: 200 }, () => freePort()));
  expect(new Set(ports).size).toBe(200);
  expect(Math.max(...ports)).toBeLessThan(32_768);
  expect(await isFree('127.0.0.1', ports[0] ?? 0)).toBe(true);
});
