/** Attachments and documents, in and out. */
import type { INodeExecutionData } from 'n8n-workflow';
import { expect } from 'vitest';
import { binary } from '../../setup/n8n.ts';
import type { Asked, OperationCase } from '../operations.ts';
import {
  answers,
  answersQuery,
  asks,
  asksQuery,
  DATA,
  ID,
  id,
  made,
  noContent,
  OTHER_ID,
  refuses,
  run,
} from './shapes.ts';

const ATTACHMENT = '00PD0000000HvMAMA0';
const DOCUMENT = '069D00000000so2IAA';
const VERSION = '068D00000000pgOIAQ';
const data = (content: string | Buffer, name = 'a.txt', type = 'text/plain'): INodeExecutionData[] => [
  { json: {}, binary: { data: binary(content, name, type) } },
];
const one = (items: INodeExecutionData[]) => {
  const { data: content = '', fileName, mimeType } = items[0]?.binary?.['data'] ?? {};
  return { text: Buffer.from(content, 'base64').toString(), fileName, mimeType };
};

const record = { Id: ATTACHMENT, Name: 'plan.pdf', ContentType: 'application/pdf', BodyLength: 5 };
const attachments: OperationCase[] = [
  {
    name: 'attachment: create',
    parameters: run('attachment', 'create', {
      ParentId: ID,
      Name: 'a.txt',
      binaryPropertyName: 'data',
      additionalFields: { Description: 'A file', IsPrivate: false, OwnerId: id('005D0000001cSZs') },
    }),
    items: data('hello'),
    answers: [made('/sobjects/Attachment', ATTACHMENT)],
    asks: [
      asks('POST', '/sobjects/Attachment', {
        json: {
          ParentId: ID,
          Name: 'a.txt',
          Body: Buffer.from('hello').toString('base64'),
          ContentType: 'text/plain',
          Description: 'A file',
          IsPrivate: false,
          OwnerId: '005D0000001cSZs',
        },
      }),
    ],
    gives: [{ id: ATTACHMENT, success: true, errors: [] }],
  },
  {
    name: 'attachment: create without a file says which field is missing',
    parameters: run('attachment', 'create', { ParentId: ID, Name: 'a', binaryPropertyName: 'data' }),
    asks: [],
    fails: { message: /binary file 'data'/ },
  },
  {
    name: 'attachment: update its name and content',
    parameters: run('attachment', 'update', {
      recordId: id(ATTACHMENT),
      updateFields: { Name: 'b.txt', binaryPropertyName: 'data' },
    }),
    items: data('new'),
    answers: [noContent('PATCH', `/sobjects/Attachment/${ATTACHMENT}`)],
    asks: [
      asks('PATCH', `/sobjects/Attachment/${ATTACHMENT}`, {
        json: { Name: 'b.txt', Body: Buffer.from('new').toString('base64'), ContentType: 'text/plain' },
      }),
    ],
    gives: [{ id: ATTACHMENT, success: true, errors: [] }],
  },
  {
    name: 'attachment: get',
    parameters: run('attachment', 'get', { recordId: id(ATTACHMENT) }),
    answers: [answers('GET', `/sobjects/Attachment/${ATTACHMENT}`, record)],
    asks: [asks('GET', `/sobjects/Attachment/${ATTACHMENT}`)],
    gives: [record],
  },
  {
    name: 'attachment: get many',
    parameters: run('attachment', 'getAll', {
      returnAll: true,
      options: { conditionsUi: { conditionValues: [{ field: 'ParentId', operation: 'equal', value: ID }] } },
    }),
    answers: [answersQuery([record])],
    asks: [asksQuery(`SELECT Id, Name, LastModifiedDate FROM Attachment WHERE ParentId = '${ID}'`)],
    gives: [record],
  },
  {
    name: 'attachment: get summary',
    parameters: run('attachment', 'getSummary'),
    answers: [answers('GET', '/sobjects/Attachment', { recentItems: [] })],
    asks: [asks('GET', '/sobjects/Attachment')],
    gives: [{ recentItems: [] }],
  },
  {
    name: 'attachment: delete',
    parameters: run('attachment', 'delete', { recordId: id(ATTACHMENT) }),
    answers: [noContent('DELETE', `/sobjects/Attachment/${ATTACHMENT}`)],
    asks: [asks('DELETE', `/sobjects/Attachment/${ATTACHMENT}`)],
    gives: [{ id: ATTACHMENT, success: true, errors: [] }],
  },
  {
    name: 'attachment: download',
    parameters: run('attachment', 'download', { recordId: id(ATTACHMENT), binaryPropertyName: 'data' }),
    answers: [
      answers('GET', `/sobjects/Attachment/${ATTACHMENT}`, record),
      answers('GET', `/sobjects/Attachment/${ATTACHMENT}/Body`, '%PDF-'),
    ],
    asks: [
      asks('GET', `/sobjects/Attachment/${ATTACHMENT}`, {
        query: { fields: 'Id,Name,ContentType,BodyLength,ParentId,Description' },
      }),
      asks('GET', `/sobjects/Attachment/${ATTACHMENT}/Body`),
    ],
    gives: [record],
    items_: (items) =>
      expect(one(items)).toEqual({ text: '%PDF-', fileName: 'plan.pdf', mimeType: 'application/pdf' }),
  },
  {
    name: 'attachment: download of one whose content is refused tells why',
    parameters: run('attachment', 'download', { recordId: id(ATTACHMENT), binaryPropertyName: 'data' }),
    answers: [
      answers('GET', `/sobjects/Attachment/${ATTACHMENT}`, record),
      refuses('GET', `/sobjects/Attachment/${ATTACHMENT}/Body`, 403, 'INSUFFICIENT_ACCESS', 'no access'),
    ],
    asks: [
      asks('GET', `/sobjects/Attachment/${ATTACHMENT}`, {
        query: { fields: 'Id,Name,ContentType,BodyLength,ParentId,Description' },
      }),
      asks('GET', `/sobjects/Attachment/${ATTACHMENT}/Body`),
    ],
    fails: { message: 'no access', description: /^INSUFFICIENT_ACCESS: The connected user/ },
  },
];

const uploads = (
  version: object,
  content: string,
  fileName: string,
  type: string,
  boundary = 'integration-hub-0',
): Asked => ({
  method: 'POST',
  path: `${DATA}/sobjects/ContentVersion`,
  headers: { 'content-type': `multipart/form-data; boundary=${boundary}` },
  body: {
    text:
      `--${boundary}\r\nContent-Disposition: form-data; name="entity_content"\r\n` +
      `Content-Type: application/json; charset=UTF-8\r\n\r\n${JSON.stringify(version)}\r\n` +
      `--${boundary}\r\nContent-Disposition: form-data; name="VersionData"; filename="${fileName}"\r\n` +
      `Content-Type: ${type}\r\n\r\n${content}\r\n--${boundary}--\r\n`,
  },
});
const latest = (where: string) =>
  asksQuery(
    `SELECT Id, Title, PathOnClient, FileExtension, FileType, ContentSize, ContentDocumentId, VersionNumber FROM ContentVersion WHERE ${where} LIMIT 1`,
  );
const version = { Id: VERSION, Title: 'Plan', PathOnClient: 'Plan.csv', ContentDocumentId: DOCUMENT };

const documents: OperationCase[] = [
  {
    name: 'document: upload, linked to a record',
    parameters: run('document', 'upload', {
      title: 'Größe',
      binaryPropertyName: 'data',
      additionalFields: {
        description: 'All',
        linkToObjectId: ID,
        ownerId: id('005D0000001cSZs'),
      },
    }),
    // What spells the boundary moves the boundary.
    items: data('integration-hub-0', 'list.csv', 'text/csv'),
    answers: [made('/sobjects/ContentVersion', VERSION)],
    asks: [
      uploads(
        {
          Title: 'Größe',
          PathOnClient: 'Größe.csv',
          ContentLocation: 'S',
          Description: 'All',
          OwnerId: '005D0000001cSZs',
          FirstPublishLocationId: ID,
        },
        'integration-hub-0',
        'Größe.csv',
        'text/csv',
        'integration-hub-1',
      ),
    ],
    gives: [{ id: VERSION, success: true, errors: [] }],
  },
  {
    name: 'document: upload a new version under another ending; its name ends no header',
    parameters: run('document', 'upload', {
      title: 'a"\r\nb',
      binaryPropertyName: 'data',
      additionalFields: { documentId: DOCUMENT, reasonForChange: 'Typo', fileExtension: '.md' },
    }),
    items: data('x'),
    answers: [made('/sobjects/ContentVersion', VERSION)],
    asks: [
      uploads(
        {
          Title: 'a"\r\nb',
          PathOnClient: 'a"\r\nb.md',
          ContentLocation: 'S',
          ContentDocumentId: DOCUMENT,
          ReasonForChange: 'Typo',
        },
        'x',
        'a%22%0D%0Ab.md',
        'text/plain',
      ),
    ],
    gives: [{ id: VERSION, success: true, errors: [] }],
  },
  {
    name: 'document: download the latest version',
    parameters: run('document', 'download', { recordId: id(DOCUMENT), binaryPropertyName: 'data' }),
    answers: [
      answersQuery([version]),
      answers('GET', `/sobjects/ContentVersion/${VERSION}/VersionData`, 'a,b'),
    ],
    asks: [
      latest(`ContentDocumentId = '${DOCUMENT}' AND IsLatest = true`),
      asks('GET', `/sobjects/ContentVersion/${VERSION}/VersionData`),
    ],
    gives: [version],
    items_: (items) =>
      expect(one(items)).toEqual({ text: 'a,b', fileName: 'Plan.csv', mimeType: 'text/csv' }),
  },
  {
    name: 'document: download one version that is not there',
    parameters: run('document', 'download', { recordId: id(VERSION), binaryPropertyName: 'data' }),
    answers: [answersQuery([])],
    asks: [latest(`Id = '${VERSION}'`)],
    fails: { message: 'There is no such document', description: /may not see it/ },
  },
  {
    name: 'document: get many of a record',
    parameters: run('document', 'getAll', { linkedRecordId: ID, returnAll: false, limit: 2 }),
    answers: [answersQuery([{ ContentDocumentId: DOCUMENT }])],
    asks: [
      asksQuery(
        `SELECT ContentDocumentId, ShareType, ContentDocument.Title, ContentDocument.FileExtension, ContentDocument.FileType, ContentDocument.ContentSize, ContentDocument.LatestPublishedVersionId FROM ContentDocumentLink WHERE LinkedEntityId = '${ID}' LIMIT 2`,
      ),
    ],
    gives: [{ ContentDocumentId: DOCUMENT }],
  },
  {
    name: 'document: delete',
    parameters: run('document', 'delete', { recordId: id(DOCUMENT) }),
    answers: [noContent('DELETE', `/sobjects/ContentDocument/${DOCUMENT}`)],
    asks: [asks('DELETE', `/sobjects/ContentDocument/${DOCUMENT}`)],
    gives: [{ id: DOCUMENT, success: true, errors: [] }],
  },
  {
    name: 'document: upload to a record that is none',
    parameters: run('document', 'upload', {
      title: 'x',
      binaryPropertyName: 'data',
      additionalFields: { linkToObjectId: `${OTHER_ID}!` },
    }),
    items: data('x'),
    asks: [],
    fails: { message: `“${OTHER_ID}!” is no ID of Salesforce’s` },
  },
];

export const files: OperationCase[] = [...attachments, ...documents];
