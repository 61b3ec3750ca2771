import { describe, expect, it } from 'vitest';
import { CALLBACK, createWalk } from '../broker/walk.ts';
import type { TestHub } from '../setup/hub.ts';
import { runNode, type StoredCredentials } from '../setup/n8n.ts';
import { downloads } from './dropbox/downloads.ts';
import { accountAndFiles } from './dropbox/files.ts';
import { foldersAndSearches } from './dropbox/folders.ts';
import { links } from './dropbox/links.ts';
import { path, answers, asks, file, FILE } from './dropbox/shapes.ts';
import { uploads } from './dropbox/uploads.ts';
import { describeOperations, WAYS, type OperationCase } from './operations.ts';

const custom: OperationCase = {
  name: 'custom API call, without an argument',
  parameters: {
    resource: 'customApiCall',
    operation: 'call',
    method: 'POST',
    path: '/2/file_requests/count',
    body: '',
  },
  answers: [answers('file_requests/count', { file_request_count: 2 })],
  asks: [asks('file_requests/count')],
  gives: [{ file_request_count: 2 }],
};

const match = { metadata: { '.tag': 'metadata', metadata: FILE }, match_type: { '.tag': 'filename' } };

describeOperations(
  { node: 'hubDropbox', integrationId: 'dropbox' },
  [...accountAndFiles, ...downloads, ...uploads, ...foldersAndSearches, ...links, custom],
  ({ run, script, asked, search, sandbox, hub, connectionId, credentials }) => {
    it.each(WAYS)('calls without an argument have neither body nor content type (%s)', async (way) => {
      await script([]);
      await run(way, { parameters: { resource: 'account', operation: 'get' } });
      const { requests } = await sandbox().control('GET', '/dropbox/script');
      expect(requests[0].headers).not.toHaveProperty('content-type');
      expect(requests[0].body).toBeNull();
    });

    it.each(WAYS)(
      'an empty file and the end of a session still say that they are bytes (%s)',
      async (way) => {
        await script([answers('files/upload', FILE)]);
        await run(way, { parameters: file('upload', { path: '/empty.txt', fileContent: '' }) });
        expect((await asked())[0]?.headers?.['content-type']).toBe('application/octet-stream');
      },
    );

    describe.each(WAYS)('lists to pick from (%s)', (way) => {
      it('everything there is, page by page, and what a word finds', async () => {
        await script([
          answers('files/list_folder', {
            entries: [FILE, { '.tag': 'folder', path_display: '/Docs', id: 'id:f' }],
            cursor: 'c1',
            has_more: true,
          }),
          answers('files/search_v2', { matches: [match], has_more: false }),
        ]);
        expect(await search(way, 'searchFolders')).toEqual([{ name: '/Docs', value: '/Docs' }]);
        expect(await search(way, 'searchFiles', {}, 'a')).toEqual([
          { name: '/Docs/a.txt', value: '/Docs/a.txt' },
        ]);
        expect((await asked()).map(({ body }) => body)).toEqual([
          { json: { path: '', recursive: true, limit: 500 } },
          { json: { query: 'a', options: { filename_only: true, max_results: 100 } } },
        ]);
      });

      it('files and folders alike, from the team space where the node is set to it', async () => {
        await script([
          answers('users/get_current_account', { root_info: { root_namespace_id: '7' } }),
          answers('files/list_folder', { entries: [FILE], cursor: 'c', has_more: false }),
        ]);
        expect(await search(way, 'searchFilesAndFolders', { root: 'team' })).toEqual([
          { name: '/Docs/a.txt', value: '/Docs/a.txt' },
        ]);
        expect((await asked())[1]?.headers).toMatchObject({
          'dropbox-api-path-root': '{".tag":"root","root":"7"}',
        });
      });
    });

    it.each(WAYS)('a permission that the connection lacks is named (%s)', async (way) => {
      const refused = answers(
        'files/restore',
        {
          error_summary: 'missing_scope/..',
          error: { '.tag': 'missing_scope', required_scope: 'files.content.write' },
        },
        { status: 401 },
      );
      await script([refused, refused]);
      const { error } = await runNode({
        node: 'hubDropbox',
        credentials: way === 'apiKey' ? credentials(way) : await renewable(hub(), connectionId()),
        parameters: {
          authentication: way,
          connection: path(connectionId(), 'id'),
          ...file('restore', { path: path('/a'), rev: 'r1' }),
        },
      });
      expect(error).toMatchObject({
        message: 'Dropbox refused the call: missing_scope',
        description: expect.stringContaining('files.content.write') as unknown,
      });
    });
  },
);

/** As n8n has them after its user has pressed Connect: with a handle by which they are renewed. */
async function renewable(hub: TestHub, connectionId: string): Promise<StoredCredentials> {
  const made = (await hub.admin.call('POST', '/api/clients', { name: 'n8n', redirectUris: [CALLBACK] })).body;
  const client = { id: made.id, secret: made.clientSecret };
  const { body } = await createWalk(hub).connect(connectionId, { integration: 'dropbox', client });
  return {
    hubDropboxOAuth2Api: {
      hubUrl: hub.url,
      clientId: client.id,
      clientSecret: client.secret,
      oauthTokenData: body,
    },
  };
}
