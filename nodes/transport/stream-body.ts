import type { IN8nHttpFullResponse } from 'n8n-workflow';

// An error says what it has to say in less.
const MOST_BYTES = 64 * 1024;

/** An answer asked for as a stream that is an error: its words, read, in the stream's place. */
export async function withErrorRead(answer: IN8nHttpFullResponse): Promise<IN8nHttpFullResponse> {
	if (answer.statusCode < 400 || !isStream(answer.body)) return answer;
	const pieces: Buffer[] = [];
	let length = 0;
	for await (const piece of answer.body) {
		pieces.push(piece);
		length += piece.length;
		if (length >= MOST_BYTES) break;
	}
	return { ...answer, body: Buffer.concat(pieces).subarray(0, MOST_BYTES) as never };
}

const isStream = (body: unknown): body is AsyncIterable<Buffer> =>
	typeof body === 'object' && body !== null && Symbol.asyncIterator in body;
