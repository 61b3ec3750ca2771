/** https://learn.microsoft.com/graph/outlook-large-attachments */
import { type IDataObject, type IExecuteFunctions } from 'n8n-workflow';
import { binaryContent, type Content } from '../transport/content';
import { refuse } from './fields';
import { graph } from './graph';
import { without } from './receive';
import { uploadAttachment } from './upload';

export type Attachment = { name: string; contentId: string; content: Content };

const MIB = 1024 * 1024;
// "If the file size is under 3 MB, do a single POST"
const SMALL_BYTES = 3 * MIB;
const MOST_BYTES = 150 * MIB;

/** A request takes 4 MB, base64 makes three bytes four, and the text of the message is to go with them. */
export const TOGETHER_BYTES = 2 * MIB;

export async function attachmentsIn(
	context: IExecuteFunctions,
	itemIndex: number,
	files: { field: string; contentId: string }[],
): Promise<Attachment[]> {
	const found: Attachment[] = [];
	for (const { field, contentId } of files) {
		const content = await binaryContent(context, itemIndex, field);
		found.push({ name: content.fileName ?? field, contentId, content });
	}
	return found;
}

export const bytesOf = (attachments: readonly Attachment[]): number =>
	attachments.reduce((sum, { content }) => sum + content.size, 0);

/** A file as a part of the message's own JSON. */
export async function asJson({ name, contentId, content }: Attachment): Promise<IDataObject> {
	return {
		'@odata.type': '#microsoft.graph.fileAttachment',
		name,
		contentType: content.mimeType,
		contentBytes: (await content.all()).toString('base64'),
		...(contentId === '' ? {} : { contentId, isInline: true }),
	};
}

/**
 * @param item the path of a message or an event: `/me/messages/AAMk…`
 * @returns what Graph tells of the attachment, without its bytes
 */
export async function attach(
	context: IExecuteFunctions,
	itemIndex: number,
	item: string,
	attachment: Attachment,
): Promise<IDataObject> {
	const { name, content } = attachment;
	if (content.size > MOST_BYTES)
		throw refuse(
			context,
			itemIndex,
			`“${name}” has ${Math.ceil(content.size / MIB)} MB, Outlook takes 150 MB`,
			'Put it into a drive and send a link.',
		);
	if (content.size >= SMALL_BYTES) return await uploadAttachment(context, itemIndex, item, attachment);
	const made = await graph(context, itemIndex, 'POST', `${item}/attachments`, await asJson(attachment));
	// Graph sends the whole file back.
	return without(made, 'contentBytes');
}
