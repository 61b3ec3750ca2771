/** What Google Drive answers, and how it is asked. */
import type { INodeParameters } from 'n8n-workflow';
import { binary } from '../../setup/n8n.ts';
import type { Asked } from '../operations.ts';

export const FILES = '/drive/v3/files';
export const DRIVES = '/drive/v3/drives';
export const UPLOAD = `/upload${FILES}`;
export const DOC = 'application/vnd.google-apps.document';
export const USUAL =
  'id,name,mimeType,description,size,parents,driveId,webViewLink,webContentLink,createdTime,modifiedTime,md5Checksum,starred,trashed,shared';
export const ANYWHERE = { supportsAllDrives: 'true' };
export const FILE = { id: 'f1', name: 'a.txt', mimeType: 'text/plain' };

export const id = (value: string) => ({ __rl: true, mode: 'id', value });
export const url = (value: string) => ({ __rl: true, mode: 'url', value });
export const data = (content: string | Buffer, name = 'a.txt', type = 'text/plain') => [
  { json: {}, binary: { data: binary(content, name, type) } },
];

export const related = (
  metadata: unknown,
  type: string,
  content: string,
  boundary = 'integration-hub-0',
) => ({
  text:
    `--${boundary}\r\nContent-Type: application/json; charset=UTF-8\r\n\r\n${JSON.stringify(metadata)}\r\n` +
    `--${boundary}\r\nContent-Type: ${type}\r\n\r\n${content}\r\n--${boundary}--\r\n`,
});
export const multipart = (more: Partial<Asked> & Pick<Asked, 'body'>, query: object = {}): Asked => ({
  method: 'POST',
  path: UPLOAD,
  query: { ...ANYWHERE, fields: USUAL, uploadType: 'multipart', ...query },
  headers: { 'content-type': 'multipart/related; boundary=integration-hub-0' },
  ...more,
});

const META = { ...ANYWHERE, fields: `${USUAL},shortcutDetails` };
export const meta = (body: unknown, fileId = 'f1') => ({ method: 'GET', path: `${FILES}/${fileId}`, body });
export const asksMeta = (fileId = 'f1'): Asked => ({
  method: 'GET',
  path: `${FILES}/${fileId}`,
  query: META,
});
export const downloadOf = (
  options: INodeParameters = {},
  fileId: INodeParameters = id('f1'),
): INodeParameters => ({
  resource: 'file',
  operation: 'download',
  fileId,
  options,
});
export const DRIVE = { id: 'sd1', name: 'Sales' };
