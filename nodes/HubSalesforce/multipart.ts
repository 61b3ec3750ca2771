/** `multipart/form-data` with a JSON part and a file (RFC 7578). */
import type { IDataObject } from 'n8n-workflow';

export function multipart(
	fields: { name: string; json: IDataObject },
	file: { name: string; fileName: string; mimeType: string; bytes: Buffer },
): { contentType: string; body: Buffer } {
	const json = JSON.stringify(fields.json);
	const boundary = boundaryFor(json, file.bytes);
	const head =
		`--${boundary}\r\nContent-Disposition: form-data; name="${fields.name}"\r\n` +
		`Content-Type: application/json; charset=UTF-8\r\n\r\n${json}\r\n` +
		`--${boundary}\r\nContent-Disposition: form-data; name="${file.name}"; filename="${quotable(file.fileName)}"\r\n` +
		`Content-Type: ${oneLine(file.mimeType) || 'application/octet-stream'}\r\n\r\n`;
	return {
		contentType: `multipart/form-data; boundary=${boundary}`,
		body: Buffer.concat([Buffer.from(head), file.bytes, Buffer.from(`\r\n--${boundary}--\r\n`)]),
	};
}

/** One that occurs in neither part. */
function boundaryFor(json: string, bytes: Buffer): string {
	for (let count = 0; ; count++) {
		const boundary = `integration-hub-${count}`;
		if (!json.includes(boundary) && !bytes.includes(boundary)) return boundary;
	}
}

/** As browsers escape a file's name (https://html.spec.whatwg.org/#multipart-form-data). */
const quotable = (name: string) => name.replace(/"/g, '%22').replace(/\r/g, '%0D').replace(/\n/g, '%0A');

const oneLine = (type: string | undefined) => (type ?? '').replace(/[^\x20-\x7e]/g, '').trim();
