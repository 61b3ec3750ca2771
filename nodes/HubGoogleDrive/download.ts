/** https://developers.google.com/workspace/drive/api/guides/manage-downloads */
import {
	NodeOperationError,
	type IDataObject,
	type IExecuteFunctions,
	type INodeExecutionData,
} from 'n8n-workflow';
import { request, requestJson } from '../transport';
import { exportOf, GOOGLE } from './export-formats';
import { idIn, optionsOf } from './fields';
import { ANYWHERE, drive, FILES, USUAL_FIELDS } from './service';

type File = {
	id: string;
	name: string;
	mimeType: string;
	shortcutDetails?: { targetId: string };
};

export async function download(context: IExecuteFunctions, itemIndex: number): Promise<INodeExecutionData> {
	const file = await fileOf(context, itemIndex, idIn(context, 'fileId', 'File', itemIndex));
	const options = optionsOf(context, itemIndex);
	const { url, qs, mimeType, extension } = sourceOf(context, itemIndex, file, options);
	// As a stream: n8n puts it on disk as it comes, however large it is.
	const { body } = await request(context, drive, itemIndex, { method: 'GET', url, qs, encoding: 'stream' });
	const name = String(options.fileName || file.name);
	const fileName =
		extension === '' || name.toLowerCase().endsWith(`.${extension}`) ? name : `${name}.${extension}`;
	const field = String(options.binaryPropertyName || 'data');
	const binary = await context.helpers.prepareBinaryData(body as Buffer, pathless(fileName), mimeType);
	return { json: file as unknown as IDataObject, binary: { [field]: binary } };
}

/** The file itself, where a shortcut leads to it. */
async function fileOf(context: IExecuteFunctions, itemIndex: number, id: string): Promise<File> {
	const file = await requestJson<File>(context, drive, itemIndex, {
		method: 'GET',
		url: `${FILES}/${encodeURIComponent(id)}`,
		qs: { ...ANYWHERE, fields: `${USUAL_FIELDS},shortcutDetails` },
	});
	const target = file.shortcutDetails?.targetId;
	return target === undefined ? file : await fileOf(context, itemIndex, target);
}

function sourceOf(
	context: IExecuteFunctions,
	itemIndex: number,
	{ id, name, mimeType }: File,
	{ googleFileConversion, acknowledgeAbuse }: IDataObject,
) {
	const url = `${FILES}/${encodeURIComponent(id)}`;
	if (!mimeType.startsWith(GOOGLE))
		return {
			url,
			qs: { ...ANYWHERE, alt: 'media', ...(acknowledgeAbuse ? { acknowledgeAbuse } : {}) },
			mimeType,
			extension: '',
		};
	const { conversion = {} } = (googleFileConversion ?? {}) as { conversion?: { [option: string]: string } };
	const wanted = exportOf(mimeType, conversion);
	if (wanted === null)
		throw new NodeOperationError(context.getNode(), `“${name}” cannot be downloaded`, {
			itemIndex,
			description: `It is a ${mimeType.slice(GOOGLE.length)}, which Google Drive can neither hand out nor export.`,
		});
	return { url: `${url}/export`, qs: { mimeType: wanted.mimeType }, ...wanted };
}

/** n8n would take what is before a slash for a folder. */
const pathless = (name: string) => name.replace(/[/\\]/g, '_');
