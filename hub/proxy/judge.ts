/** What a provider's answer means for the connection. Only small errors are read; everything else streams past. */
import type { Readable } from 'node:stream';
import { brotliDecompressSync, inflateSync, unzipSync } from 'node:zlib';
import { classifyByStatus } from '../../integrations/definition/answers.ts';
import type { Integration, Verdict } from '../../integrations/definition/integration.ts';
import type { StreamAnswer } from '../egress/stream.ts';
import { peek } from './body.ts';
import { flattened } from './headers.ts';

// The errors of the eleven are a few hundred bytes; what is longer is not looked at.
const MOST_PEEKED_BYTES = 64 * 1024;
const MOST_DECODED_BYTES = 1024 * 1024;

/** `peeked`: the beginning of the body, where it was looked at. */
export type Judged = { verdict: Verdict; body: Readable; peeked: Buffer | null };

/** @throws what the answer's body fails with while its beginning is read */
export async function judge(integration: Integration, answer: StreamAnswer): Promise<Judged> {
  const { status, body } = answer;
  if (status < 400 && !mayRefuseWithin(integration, answer))
    return { verdict: { kind: 'ok' }, body, peeked: null };
  const headers = flattened(answer.headers);
  const classify = integration.classify ?? classifyByStatus;
  if (Number(headers['content-length'] ?? 0) > MOST_PEEKED_BYTES)
    return { verdict: classify({ status, headers, body: '' }), body, peeked: null };
  const { bytes, ended, again } = await peek(body, MOST_PEEKED_BYTES);
  const text = ended ? decoded(bytes, headers['content-encoding']) : '';
  const verdict = classify({ status, headers, body: parsed(text) });
  return { verdict, body: again(), peeked: bytes };
}

const mayRefuseWithin = ({ refusesWithin200 = false }: Integration, { status, headers }: StreamAnswer) =>
  refusesWithin200 && status < 300 && isJson(headers['content-type']?.toString());

export const isJson = (type: string | undefined) => /^application\/([\w.+-]+\+)?json\b/i.test(type ?? '');

/** @returns empty text for what cannot be read: then the status speaks alone */
export function decoded(bytes: Buffer, encoding: string | undefined): string {
  const options = { maxOutputLength: MOST_DECODED_BYTES };
  try {
    switch ((encoding ?? 'identity').trim().toLowerCase()) {
      case 'identity':
      case '':
        return bytes.toString('utf8');
      case 'gzip':
      case 'x-gzip':
        return unzipSync(bytes, options).toString('utf8');
      case 'deflate':
        return inflateSync(bytes, options).toString('utf8');
      case 'br':
        return brotliDecompressSync(bytes, options).toString('utf8');
      default:
        return '';
    }
  } catch {
    return '';
  }
}

export function parsed(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    return text;
  }
}
