/** A file on its way in: from the item’s binary field, in memory or as a stream. */
import type { IExecuteFunctions } from 'n8n-workflow';

export type Content = {
	fileName: string | undefined;
	mimeType: string;
	/** Bytes. */
	size: number;
	all: () => Promise<Buffer>;
	/** In pieces of any size. */
	stream: () => Promise<AsyncIterable<Buffer>>;
};

export async function binaryContent(
	context: IExecuteFunctions,
	itemIndex: number,
	field: string,
): Promise<Content> {
	const { id, fileName, mimeType } = context.helpers.assertBinaryData(itemIndex, field);
	const type = oneLine(mimeType) || 'application/octet-stream';
	const all = async () => await context.helpers.getBinaryDataBuffer(itemIndex, field);
	// Kept in memory by n8n itself, where it has no id.
	if (!id) return { ...bytesContent(await all(), type), fileName };
	const { fileSize } = await context.helpers.getBinaryMetadata(id);
	const stream = async () => await context.helpers.getBinaryStream(id, 1024 * 1024);
	return { fileName, mimeType: type, size: fileSize, all, stream };
}

export const bytesContent = (bytes: Buffer, mimeType: string): Content => ({
	fileName: undefined,
	mimeType,
	size: bytes.length,
	all: async () => bytes,
	stream: async () => one(bytes),
});

/** The content in chunks of this size; only the last may be smaller. Holds one chunk at a time. */
export async function* chunksOf(content: Content, size: number): AsyncGenerator<Buffer> {
	let pieces: Buffer[] = [];
	let length = 0;
	for await (const piece of await content.stream()) {
		for (let at = 0; at < piece.length;) {
			const taken = piece.subarray(at, at + size - length);
			pieces.push(taken);
			length += taken.length;
			at += taken.length;
			if (length < size) continue;
			yield Buffer.concat(pieces);
			pieces = [];
			length = 0;
		}
	}
	if (length > 0) yield Buffer.concat(pieces);
}

async function* one(bytes: Buffer): AsyncGenerator<Buffer> {
	yield bytes;
}

/** It goes into a header. */
const oneLine = (type: string | undefined) =>
	String(type ?? '')
		.replace(/[^\x20-\x7e]/g, '')
		.trim();
