/** https://docs.discord.com/developers/reference#uploading-files */
import { NodeOperationError, type IDataObject, type IExecuteFunctions } from 'n8n-workflow';

export type SentFile = { name: string; mimeType: string; description: string; content: Buffer };

// "The maximum request size when sending a message is 25 MiB."
const MOST_BYTES = 25 * 1024 * 1024;

/** The files that "Files" names, in its order. */
export async function filesIn(context: IExecuteFunctions, itemIndex: number): Promise<SentFile[]> {
	const { values = [] } = context.getNodeParameter('files', itemIndex, {}) as {
		values?: { inputFieldName: string; description?: string }[];
	};
	const files: SentFile[] = [];
	for (const { inputFieldName: field, description = '' } of values) {
		const { fileName, mimeType } = context.helpers.assertBinaryData(itemIndex, field);
		const content = await context.helpers.getBinaryDataBuffer(itemIndex, field);
		files.push({ name: fileName ?? field, mimeType, description, content });
	}
	const bytes = files.reduce((sum, { content }) => sum + content.length, 0);
	if (bytes > MOST_BYTES)
		throw new NodeOperationError(
			context.getNode(),
			`The files have ${Math.ceil(bytes / 1024 / 1024)} MiB, a message takes 25 MiB`,
			{ itemIndex, description: 'Send them in several messages, or put them elsewhere and send a link.' },
		);
	return files;
}

/** The message and its files as one body, whole: it can be sent again after a wait or a renewed token. */
export function multipart(message: IDataObject, files: SentFile[]) {
	const boundary = boundaryFor(files);
	const parts = [
		`--${boundary}\r\nContent-Disposition: form-data; name="payload_json"\r\nContent-Type: application/json\r\n\r\n${JSON.stringify(message)}\r\n`,
		...files.flatMap(({ name, mimeType, content }, index) => [
			`--${boundary}\r\nContent-Disposition: form-data; name="files[${index}]"; filename="${quoted(name)}"\r\nContent-Type: ${mimeType}\r\n\r\n`,
			content,
			'\r\n',
		]),
		`--${boundary}--\r\n`,
	];
	return {
		headers: { 'content-type': `multipart/form-data; boundary=${boundary}` },
		body: Buffer.concat(parts.map((part) => (typeof part === 'string' ? Buffer.from(part) : part))),
	};
}

/** One that does not occur in the files; in the JSON a line break cannot stand before it. */
function boundaryFor(files: SentFile[]): string {
	for (let count = 0; ; count++) {
		const boundary = `integration-hub-${count}`;
		if (!files.some(({ content }) => content.includes(boundary))) return boundary;
	}
}

/** As browsers write it: what would end the value or the line is encoded. */
const quoted = (name: string) => name.replace(/"/g, '%22').replace(/\r/g, '%0D').replace(/\n/g, '%0A');
