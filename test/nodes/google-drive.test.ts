import { createRequire } from 'node:module';
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { describe, expect, it } from 'vitest';
import { FILES, DRIVES, UPLOAD, FILE, meta, downloadOf, DRIVE } from './google-drive/answers.ts';
import {
  uploads,
  MIB,
  TOTAL,
  CONTENT,
  SESSION_QUERY,
  session,
  incomplete,
  done,
  big,
  bigItems,
  google,
  chunks,
} from './google-drive/uploads.ts';
import { downloads } from './google-drive/downloads.ts';
import { permissions, files, folders } from './google-drive/files-and-folders.ts';
import { searches, drives, custom } from './google-drive/searches-and-drives.ts';
import { describeOperations, WAYS } from './operations.ts';

describeOperations(
  { node: 'hubGoogleDrive', integrationId: 'google-drive' },
  [...uploads, ...chunks, ...downloads, ...permissions, ...files, ...searches, ...folders, ...drives, custom],
  ({ run, script, asked, search, sandbox }) => {
    it.each(WAYS)('a session at the API’s own base is followed there (%s)', async (way) => {
      await script([
        session(`${sandbox().url}/google-drive${UPLOAD}/f1?${SESSION_QUERY}`),
        { method: 'PUT', path: `${UPLOAD}/f1`, body: FILE },
      ]);
      const { error, json } = await run(way, {
        parameters: { ...big, options: { chunkSize: 16 } },
        items: bigItems,
      });
      expect(error).toBeNull();
      expect(json).toEqual([FILE]);
      expect((await asked()).map(({ path: at }) => at)).toEqual([UPLOAD, `${UPLOAD}/f1`]);
    });

    it.each(WAYS)('lists to pick from (%s)', async (way) => {
      const files = { files: [{ id: 'f1', name: 'a.txt', webViewLink: 'https://drive.google.com/f1' }] };
      const rootAndDrives = [
        { method: 'GET', path: FILES, body: { files: [{ id: 'd1', name: 'Plans' }], nextPageToken: 'p2' } },
        { method: 'GET', path: DRIVES, body: { drives: [DRIVE] } },
      ];
      await script([{ method: 'GET', path: FILES, body: files }, ...rootAndDrives]);
      expect(await search(way, 'searchFiles', {}, "jo's")).toEqual([
        { name: 'a.txt', value: 'f1', url: 'https://drive.google.com/f1' },
      ]);
      expect(await search(way, 'searchFolders')).toEqual([
        { name: '/ (Root Folder of My Drive)', value: 'root' },
        { name: 'Sales (Shared Drive)', value: 'sd1' },
        { name: 'Plans', value: 'd1' },
      ]);
      expect((await asked()).map(({ query }) => query?.['q'])).toEqual([
        "mimeType != 'application/vnd.google-apps.folder' and trashed = false and name contains 'jo\\'s'",
        "mimeType = 'application/vnd.google-apps.folder' and trashed = false",
        undefined,
      ]);
      await script([
        { method: 'GET', path: DRIVES, body: { drives: [DRIVE] } },
        { method: 'GET', path: DRIVES, body: { drives: [DRIVE] } },
      ]);
      expect(await search(way, 'searchDrives', {}, 's')).toEqual([{ name: 'Sales', value: 'sd1' }]);
      expect(await search(way, 'searchSharedDrives')).toEqual([{ name: 'Sales', value: 'sd1' }]);
    });

    describe('with n8n keeping files on disk', () => {
      it.each(WAYS)('a download is streamed there, an upload from there (%s)', async (way) => {
        const disk = await keepFilesOnDisk();
        try {
          await script([
            meta({ ...FILE, name: 'big.bin', mimeType: 'application/octet-stream' }),
            { method: 'GET', path: `${FILES}/f1`, base64: CONTENT.toString('base64') },
            google,
            incomplete(4 * MIB),
            done,
          ]);
          const downloaded = await run(way, { parameters: downloadOf() });
          expect(downloaded.error).toBeNull();
          expect(downloaded.items[0]?.binary?.['data']).toMatchObject({
            id: expect.stringMatching(/^filesystem/) as unknown,
            fileName: 'big.bin',
            bytes: TOTAL,
          });
          const uploaded = await run(way, {
            parameters: { ...big, options: { chunkSize: 4 } },
            items: downloaded.items,
          });
          expect(uploaded.error).toBeNull();
          expect(uploaded.json).toEqual([FILE]);
          const bodies = (await asked()).slice(-2).map(({ body }) => (body as { base64: string }).base64);
          const arrived = Buffer.concat(bodies.map((one) => Buffer.from(one, 'base64')));
          expect(arrived.equals(CONTENT)).toBe(true);
        } finally {
          disk.end();
        }
      });
    });
  },
);

/** As n8n's server does at its start; the rest of this file's tests keep files in memory. */
async function keepFilesOnDisk(): Promise<{ end: () => void }> {
  const require = createRequire(import.meta.url);
  const core = require('n8n-core') as typeof import('n8n-core');
  const { Container } = require('@n8n/di') as {
    Container: { get: <T>(token: abstract new (...parts: never[]) => T) => T };
  };
  const folder = mkdtempSync(path.join(tmpdir(), 'hub-n8n-files-'));
  const config = Container.get(core.BinaryDataConfig);
  config.mode = 'filesystem';
  config.localStoragePath = folder;
  const service = Container.get(core.BinaryDataService);
  await service.init();
  return {
    end() {
      (service as unknown as { managers: object }).managers = {};
      rmSync(folder, { recursive: true, force: true });
    },
  };
}
