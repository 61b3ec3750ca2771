/**
 * Files: a document has versions, and is linked to records.
 * https://developer.salesforce.com/docs/atlas.en-us.object_reference.meta/object_reference/sforce_api_objects_contentversion.htm
 */
import {
	NodeOperationError,
	type IDataObject,
	type IExecuteFunctions,
	type INodeProperties,
} from 'n8n-workflow';
import { eachItem, jsonItems, limitOf, requestJson, returnAllOrLimit } from '../transport';
import { base, call, query } from './call';
import { locator } from './fields';
import { checkedId, idIn, textIn } from './ids';
import { multipart } from './multipart';
import { downloaded } from './record-work';
import { salesforce } from './service';

const on = (...operation: string[]) => ({ show: { resource: ['document'], operation } });

export const documentProperties: INodeProperties[] = [
	{
		displayName: 'Operation',
		name: 'operation',
		type: 'options',
		noDataExpression: true,
		displayOptions: { show: { resource: ['document'] } },
		options: [
			{ name: 'Delete', value: 'delete', action: 'Delete a document' },
			{ name: 'Download', value: 'download', action: 'Download a document' },
			{
				name: 'Get Many',
				value: 'getAll',
				action: 'Get many documents',
				description: 'Get the documents of a record',
			},
			{ name: 'Upload', value: 'upload', action: 'Upload a document' },
		],
		default: 'upload',
	},
	locator('Document', 'recordId', 'searchRecords', {
		required: true,
		description: 'For a download, the ID of one of its versions does as well',
		displayOptions: on('delete', 'download'),
	}),
	{
		displayName: 'Put Output File in Field',
		name: 'binaryPropertyName',
		type: 'string',
		default: 'data',
		required: true,
		hint: 'The name of the output binary field to put the file in',
		displayOptions: on('download'),
	},
	{
		displayName: 'Record ID',
		name: 'linkedRecordId',
		type: 'string',
		default: '',
		required: true,
		placeholder: 'e.g. 001D000000IqhSLIAZ',
		description: 'The record whose documents are wanted: an account, a case, a user, …',
		displayOptions: on('getAll'),
	},
	...returnAllOrLimit(on('getAll').show),
	{
		displayName: 'Title',
		name: 'title',
		type: 'string',
		default: '',
		required: true,
		displayOptions: on('upload'),
	},
	{
		displayName: 'Input Binary Field',
		name: 'binaryPropertyName',
		type: 'string',
		default: 'data',
		required: true,
		hint: 'The name of the input binary field containing the file to be uploaded',
		displayOptions: on('upload'),
	},
	{
		displayName: 'Additional Fields',
		name: 'additionalFields',
		type: 'collection',
		placeholder: 'Add Field',
		default: {},
		displayOptions: on('upload'),
		options: [
			{ displayName: 'Description', name: 'description', type: 'string', default: '' },
			{
				displayName: 'File Extension',
				name: 'fileExtension',
				type: 'string',
				default: '',
				placeholder: 'e.g. pdf',
				description: 'In place of the file’s own',
			},
			{
				displayName: 'Link To Object ID',
				name: 'linkToObjectId',
				type: 'string',
				default: '',
				description: 'The record that the document is attached to',
			},
			{
				displayName: 'New Version Of',
				name: 'documentId',
				type: 'string',
				default: '',
				placeholder: 'e.g. 069D00000000so2IAA',
				description: 'The ID of a document that this is a new version of',
			},
			locator('Owner', 'ownerId', 'searchUsers'),
			{
				displayName: 'Reason for Change',
				name: 'reasonForChange',
				type: 'string',
				default: '',
				description: 'Of a new version',
			},
		],
	},
];

type Version = IDataObject & { Id: string; PathOnClient?: string; Title?: string };
const VERSION_FIELDS =
	'Id, Title, PathOnClient, FileExtension, FileType, ContentSize, ContentDocumentId, VersionNumber';

export const documentOperations = {
	upload: eachItem(async function (itemIndex) {
		return { json: await upload(this, itemIndex) };
	}),

	download: eachItem(async function (itemIndex) {
		const version = await versionOf(this, itemIndex, idIn(this, itemIndex, 'recordId', 'Document'));
		const name = String(version.PathOnClient ?? version.Title ?? version.Id);
		return await downloaded(
			this,
			itemIndex,
			`/sobjects/ContentVersion/${version.Id}/VersionData`,
			version,
			name,
		);
	}),

	getAll: eachItem(async function (itemIndex) {
		const record = idIn(this, itemIndex, 'linkedRecordId', 'Record ID');
		const limit = limitOf(this, itemIndex);
		const fields = ['Title', 'FileExtension', 'FileType', 'ContentSize', 'LatestPublishedVersionId'];
		const soql =
			`SELECT ContentDocumentId, ShareType, ${fields.map((field) => `ContentDocument.${field}`).join(', ')}` +
			` FROM ContentDocumentLink WHERE LinkedEntityId = '${record}'` +
			(limit < Infinity ? ` LIMIT ${limit}` : '');
		return jsonItems(await query(this, itemIndex, soql, { limit }));
	}),

	delete: eachItem(async function (itemIndex) {
		const id = idIn(this, itemIndex, 'recordId', 'Document');
		await call(this, itemIndex, `/sobjects/ContentDocument/${id}`, { method: 'DELETE' });
		return { json: { id, success: true, errors: [] } };
	}),
};

// Above this a token that has ended is not left to be found out by the upload: n8n would not send it again.
const LARGE_BYTES = 1024 * 1024;

/** https://developer.salesforce.com/docs/atlas.en-us.api_rest.meta/api_rest/dome_sobject_insert_update_blob.htm */
async function upload(context: IExecuteFunctions, itemIndex: number): Promise<IDataObject> {
	const field = context.getNodeParameter('binaryPropertyName', itemIndex, 'data') as string;
	const title = textIn(context, itemIndex, 'title', 'Title');
	const given = context.getNodeParameter('additionalFields', itemIndex, {}) as IDataObject;
	const file = context.helpers.assertBinaryData(itemIndex, field);
	const ending = String(given.fileExtension || extensionOf(file)).replace(/^\./, '');
	const path = ending === '' ? title : `${title}.${ending}`;
	const id = (value: unknown, label: string) => checkedId(context, itemIndex, value, label);
	const version = {
		Title: title,
		PathOnClient: path,
		ContentLocation: 'S',
		...(given.description ? { Description: given.description } : {}),
		...(given.ownerId ? { OwnerId: id(given.ownerId, 'Owner') } : {}),
		...(given.linkToObjectId
			? { FirstPublishLocationId: id(given.linkToObjectId, 'Link To Object ID') }
			: {}),
		...(given.documentId ? { ContentDocumentId: id(given.documentId, 'New Version Of') } : {}),
		...(given.reasonForChange ? { ReasonForChange: given.reasonForChange } : {}),
	};
	const bytes = await context.helpers.getBinaryDataBuffer(itemIndex, field);
	if (bytes.length > LARGE_BYTES) await call(context, itemIndex, '/');
	const { contentType, body } = multipart(
		{ name: 'entity_content', json: version },
		{ name: 'VersionData', fileName: path, mimeType: file.mimeType, bytes },
	);
	return await requestJson(context, salesforce, itemIndex, {
		method: 'POST',
		url: `${base(context, itemIndex)}/sobjects/ContentVersion`,
		headers: { 'content-type': contentType },
		body,
	});
}

const extensionOf = ({ fileExtension, fileName }: { fileExtension?: string; fileName?: string }) =>
	fileExtension || /\.([^.]+)$/.exec(fileName ?? '')?.[1] || '';

/** A document's latest version (069…), or that one version (068…). */
async function versionOf(context: IExecuteFunctions, itemIndex: number, id: string): Promise<Version> {
	const where = id.startsWith('068') ? `Id = '${id}'` : `ContentDocumentId = '${id}' AND IsLatest = true`;
	const soql = `SELECT ${VERSION_FIELDS} FROM ContentVersion WHERE ${where} LIMIT 1`;
	const [version] = await query(context, itemIndex, soql, { limit: 1 });
	if (version) return version as Version;
	throw new NodeOperationError(context.getNode(), 'There is no such document', {
		itemIndex,
		description: `Check the ID ${id}: it may be deleted, or the connected user may not see it.`,
	});
}
