/** https://www.dropbox.com/developers/documentation/http/documentation#files */
import { NodeOperationError, type IDataObject, type IExecuteFunctions } from 'n8n-workflow';
import { eachItem, jsonItems, limitOf } from '../transport';
import { binaryContent, bytesContent } from '../transport/content';
import { rpc } from './call';
import { download, nameIn } from './download';
import { normalPath, optionsOf, pathIn, picked, timestampOf } from './fields';
import { relocation, removal } from './relocation';
import { upload } from './upload';

export const fileOperations = {
	copy: relocation('files/copy_v2', 'File'),
	move: relocation('files/move_v2', 'File'),
	delete: removal('File'),

	download: eachItem(async function (itemIndex) {
		const path = pathIn(this, itemIndex, 'path', 'File');
		const { export: isExport, exportFormat, fileName } = optionsOf(this, itemIndex);
		const named = (own: string) => String(fileName || own);
		if (!isExport)
			return await download(this, itemIndex, 'files/download', { path }, (file) => named(nameIn(file)));
		const arg = { path, ...(exportFormat ? { export_format: exportFormat } : {}) };
		return await download(this, itemIndex, 'files/export', arg, (answer) =>
			named(nameIn(answer.export_metadata)),
		);
	}),

	get: eachItem(async function (itemIndex) {
		const path = pathIn(this, itemIndex, 'path', 'File');
		const json = await rpc(this, itemIndex, 'files/get_metadata', { path, ...optionsOf(this, itemIndex) });
		return { json };
	}),

	getRevisions: eachItem(async function (itemIndex) {
		const path = pathIn(this, itemIndex, 'path', 'File');
		return jsonItems(await revisions(this, itemIndex, path, limitOf(this, itemIndex)));
	}),

	getTemporaryLink: eachItem(async function (itemIndex) {
		const path = pathIn(this, itemIndex, 'path', 'File');
		return { json: await rpc(this, itemIndex, 'files/get_temporary_link', { path }) };
	}),

	getThumbnail: eachItem(async function (itemIndex) {
		const path = pathIn(this, itemIndex, 'path', 'File');
		const { format = 'jpeg', size = 'w256h256' } = optionsOf(this, itemIndex);
		const arg = { resource: { '.tag': 'path', path }, format, size, mode: 'bestfit' };
		const ending = format === 'jpeg' ? 'jpg' : String(format);
		return await download(
			this,
			itemIndex,
			'files/get_thumbnail_v2',
			arg,
			({ file_metadata: file }) => `${nameIn(file).replace(/\.[^.]*$/, '')}.${ending}`,
		);
	}),

	restore: eachItem(async function (itemIndex) {
		const path = pathIn(this, itemIndex, 'path', 'File');
		const rev = this.getNodeParameter('rev', itemIndex) as string;
		return { json: await rpc(this, itemIndex, 'files/restore', { path, rev }) };
	}),

	upload: eachItem(async function (itemIndex) {
		const content = this.getNodeParameter('binaryData', itemIndex, false)
			? await binaryContent(
					this,
					itemIndex,
					this.getNodeParameter('binaryPropertyName', itemIndex, 'data') as string,
				)
			: bytesContent(Buffer.from(String(this.getNodeParameter('fileContent', itemIndex, '') ?? '')), '');
		const given = optionsOf(this, itemIndex);
		const commit = {
			path: targetOf(this, itemIndex, content.fileName),
			mode: modeOf(this, itemIndex, given),
			...picked(given, 'autorename', 'mute', 'strict_conflict'),
			...(given.clientModified
				? { client_modified: timestampOf(this, itemIndex, given.clientModified) }
				: {}),
		};
		return { json: await upload(this, itemIndex, commit, content, chunkSizeOf(given)) };
	}),
};

// As Dropbox gives at most at once.
const MOST_REVISIONS = 100;

/** Newest first. The next page is asked for by the last one's oldest revision. */
async function revisions(
	context: IExecuteFunctions,
	itemIndex: number,
	path: string,
	limit: number,
): Promise<IDataObject[]> {
	const found: IDataObject[] = [];
	for (let more = true; more && found.length < limit;) {
		const before = found.at(-1)?.rev;
		const { entries, has_more: goesOn } = await rpc<{ entries: IDataObject[]; has_more?: boolean }>(
			context,
			itemIndex,
			'files/list_revisions',
			{
				path,
				limit: Math.min(MOST_REVISIONS, limit - found.length),
				...(before === undefined ? {} : { before_rev: before }),
			},
		);
		found.push(...entries);
		more = goesOn === true && entries.length > 0;
	}
	return found.slice(0, limit);
}

/** A path that ends with a slash is a folder's: the file keeps its name. */
function targetOf(context: IExecuteFunctions, itemIndex: number, fileName: string | undefined): string {
	const given = String(context.getNodeParameter('path', itemIndex, '') ?? '').trim();
	if (given === '' || !given.endsWith('/')) return pathIn(context, itemIndex, 'path', 'File Path');
	if (fileName) return `${normalPath(given)}/${fileName}`;
	throw new NodeOperationError(context.getNode(), 'The file has no name', {
		itemIndex,
		description: 'Write its name after the folder: /Folder/File.txt.',
	});
}

function modeOf(context: IExecuteFunctions, itemIndex: number, { mode = 'overwrite', rev }: IDataObject) {
	if (mode !== 'update') return mode;
	if (rev) return { '.tag': 'update', update: rev };
	throw new NodeOperationError(context.getNode(), '“Revision” is empty', {
		itemIndex,
		description: '“Overwrite One Revision” needs the revision that may be overwritten.',
	});
}

const MIB = 1024 * 1024;

/** Dropbox wants multiples of 4 MiB, and takes 150 at most. */
const chunkSizeOf = ({ chunkSize }: IDataObject) =>
	Math.max(1, Math.min(37, Math.floor((Number(chunkSize) || 16) / 4))) * 4 * MIB;
