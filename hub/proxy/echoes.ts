/** Answers of providers that write the credentials of a call into them, as Meta does into links to further pages. */
import { pipeline, Transform, type Readable } from 'node:stream';
import type { SentHeaders } from './headers.ts';

const INSTEAD = Buffer.from('redacted');

/** The answer has to be readable to be cleansed, so nothing packed is asked for. */
export const askedPlainly = (headers: SentHeaders): SentHeaders => ({
  ...headers,
  'accept-encoding': 'identity',
});

/** What is cut out changes the length. */
export const withoutLength = ({ 'content-length': _length, ...headers }: SentHeaders): SentHeaders => headers;

/**
 * The same body with `redacted` where a secret was, also one that comes in pieces.
 * @param secrets as `secretsAmong` gives them: in every form that they are written in
 */
export function cleansed(body: Readable, secrets: readonly string[]): Readable {
  const needles = secrets
    .map((text) => Buffer.from(text))
    // The whole of a value before a part of it.
    .sort((a, b) => b.length - a.length);
  const longest = needles[0]?.length ?? 1;
  let held: Buffer = Buffer.alloc(0);
  const cleanser = new Transform({
    transform(chunk: Buffer, _encoding, done) {
      const clean = without(needles, Buffer.concat([held, chunk]));
      // The beginning of a secret may stand at the end.
      const sure = Math.max(0, clean.length - longest + 1);
      held = clean.subarray(sure);
      done(null, clean.subarray(0, sure));
    },
    flush(done) {
      done(null, held);
    },
  });
  // Its failure is told to whoever reads it.
  cleanser.on('error', () => {});
  return pipeline(body, cleanser, () => {});
}

function without(needles: readonly Buffer[], bytes: Buffer): Buffer {
  let rest = bytes;
  for (const needle of needles) {
    const parts: Buffer[] = [];
    let from = 0;
    for (let at = rest.indexOf(needle); at >= 0; at = rest.indexOf(needle, from)) {
      parts.push(rest.subarray(from, at), INSTEAD);
      from = at + needle.length;
    }
    if (from > 0) rest = Buffer.concat([...parts, rest.subarray(from)]);
  }
  return rest;
}
