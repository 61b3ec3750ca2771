/** The file operations that are code. */
import type { IDataObject, IExecuteFunctions } from 'n8n-workflow';
import { eachItem, requestJson } from '../transport';
import { binaryContent, bytesContent } from './content';
import { download } from './download';
import { GOOGLE } from './export-formats';
import { fieldsOf, idIn, optionsOf } from './fields';
import { ANYWHERE, drive, FILES } from './service';
import { share } from './share';
import { upload } from './upload';

export const fileOperations = {
	upload: eachItem(async function (itemIndex) {
		const field = this.getNodeParameter('inputDataFieldName', itemIndex, 'data') as string;
		const content = await binaryContent(this, itemIndex, field);
		const options = optionsOf(this, itemIndex);
		const name = String(this.getNodeParameter('name', itemIndex, '') ?? '').trim();
		const metadata = {
			name: name || content.fileName || 'Untitled',
			parents: [idIn(this, 'folderId', 'Parent Folder', itemIndex)],
			...metadataOf(options),
			...(options.convertTo ? { mimeType: `${GOOGLE}${String(options.convertTo)}` } : {}),
		};
		const chunkSize = chunkSizeOf(options);
		return { json: await upload(this, itemIndex, { metadata, qs: queryOf(options), content, chunkSize }) };
	}),

	createFromText: eachItem(async function (itemIndex) {
		const options = optionsOf(this, itemIndex);
		const text = String(this.getNodeParameter('content', itemIndex, '') ?? '');
		const metadata = {
			name: String(this.getNodeParameter('name', itemIndex, '') ?? '').trim() || 'Untitled',
			parents: [idIn(this, 'folderId', 'Parent Folder', itemIndex)],
			...metadataOf(options),
			...(options.convertToGoogleDocument ? { mimeType: `${GOOGLE}document` } : {}),
		};
		const content = bytesContent(Buffer.from(text, 'utf8'), String(options.contentType || 'text/plain'));
		const chunkSize = chunkSizeOf(options);
		return { json: await upload(this, itemIndex, { metadata, qs: queryOf(options), content, chunkSize }) };
	}),

	download: eachItem(async function (itemIndex) {
		return await download(this, itemIndex);
	}),

	copy: eachItem(async function (itemIndex) {
		const id = idIn(this, 'fileId', 'File', itemIndex);
		const options = optionsOf(this, itemIndex);
		const name = String(this.getNodeParameter('name', itemIndex, '') ?? '').trim();
		const sameFolder = this.getNodeParameter('sameFolder', itemIndex, true) as boolean;
		const body = {
			...(name ? { name } : {}),
			...(sameFolder ? {} : { parents: [idIn(this, 'folderId', 'Parent Folder', itemIndex)] }),
			...metadataOf(options),
		};
		const call = { method: 'POST' as const, url: `${fileUrl(id)}/copy`, body };
		return { json: await callDrive(this, itemIndex, call, queryOf(options)) };
	}),

	move: eachItem(async function (itemIndex) {
		const id = idIn(this, 'fileId', 'File', itemIndex);
		const folder = idIn(this, 'folderId', 'Parent Folder', itemIndex);
		const { parents = [] } = await callDrive<{ parents?: string[] }>(
			this,
			itemIndex,
			{ method: 'GET', url: fileUrl(id) },
			{ fields: 'parents' },
		);
		const qs = {
			...queryOf(optionsOf(this, itemIndex)),
			addParents: folder,
			...(parents.length > 0 ? { removeParents: parents.join(',') } : {}),
		};
		return { json: await callDrive(this, itemIndex, { method: 'PATCH', url: fileUrl(id) }, qs) };
	}),

	share: eachItem(async function (itemIndex) {
		return await share(this, itemIndex, idIn(this, 'fileId', 'File', itemIndex));
	}),

	update: eachItem(async function (itemIndex) {
		const id = idIn(this, 'fileId', 'File', itemIndex);
		const options = optionsOf(this, itemIndex);
		const name = String(this.getNodeParameter('newUpdatedFileName', itemIndex, '') ?? '').trim();
		const metadata = { ...(name ? { name } : {}), ...metadataOf(options) };
		const qs = queryOf(options);
		if (!this.getNodeParameter('changeFileContent', itemIndex, false))
			return {
				json: await callDrive(this, itemIndex, { method: 'PATCH', url: fileUrl(id), body: metadata }, qs),
			};
		const field = this.getNodeParameter('inputDataFieldName', itemIndex, 'data') as string;
		const content = await binaryContent(this, itemIndex, field);
		const chunkSize = chunkSizeOf(options);
		return { json: await upload(this, itemIndex, { fileId: id, metadata, qs, content, chunkSize }) };
	}),

	deleteFile: eachItem(async function (itemIndex) {
		return await remove(this, itemIndex, idIn(this, 'fileId', 'File', itemIndex));
	}),
};

/** To the trash, or for good. */
export async function remove(context: IExecuteFunctions, itemIndex: number, id: string) {
	if (optionsOf(context, itemIndex).deletePermanently)
		await callDrive(context, itemIndex, { method: 'DELETE', url: fileUrl(id) }, {});
	else
		await callDrive(
			context,
			itemIndex,
			{ method: 'PATCH', url: fileUrl(id), body: { trashed: true } },
			{ fields: 'id' },
		);
	return { json: { id, success: true } };
}

type Made = { method: 'GET' | 'POST' | 'PATCH' | 'DELETE'; url: string; body?: IDataObject };

async function callDrive<T = IDataObject>(
	context: IExecuteFunctions,
	itemIndex: number,
	call: Made,
	qs: IDataObject,
): Promise<T> {
	return await requestJson<T>(context, drive, itemIndex, { ...call, qs: { ...ANYWHERE, ...qs }, json: true });
}

const fileUrl = (id: string) => `${FILES}/${encodeURIComponent(id)}`;

/** Options that are the file's own fields. */
function metadataOf(options: IDataObject): IDataObject {
	const plain = ['copyRequiresWriterPermission', 'description', 'starred', 'trashed', 'writersCanShare'];
	const pairs = [
		['properties', options.propertiesUi, 'propertyValues'],
		['appProperties', options.appPropertiesUi, 'appPropertyValues'],
	] as const;
	return {
		...Object.fromEntries(
			plain.flatMap((name) => (options[name] === undefined ? [] : [[name, options[name]]])),
		),
		...Object.fromEntries(
			pairs.flatMap(([name, given, values]) => {
				const list = ((given ?? {}) as { [values: string]: { key: string; value: string }[] })[values] ?? [];
				return list.length === 0
					? []
					: [[name, Object.fromEntries(list.map(({ key, value }) => [key, value]))]];
			}),
		),
	};
}

/** Options of the call. */
function queryOf(options: IDataObject): IDataObject {
	const plain = ['keepRevisionForever', 'ocrLanguage', 'useContentAsIndexableText'];
	return {
		fields: fieldsOf(options),
		...Object.fromEntries(plain.flatMap((name) => (options[name] ? [[name, options[name]]] : []))),
	};
}

const MIB = 1024 * 1024;

const chunkSizeOf = ({ chunkSize }: IDataObject) =>
	Math.max(1, Math.min(256, Math.floor(Number(chunkSize) || 16))) * MIB;
