/** Bodies that are looked at without being lost, and kept only while they are small. */
import { addAbortSignal, pipeline, Readable, Transform, type TransformCallback } from 'node:stream';

/** `whole`: all of it is in memory and it can be sent again. */
export type CallBody =
  | { whole: true; bytes: Buffer | null }
  | { whole: false; stream: Readable; length: number | null; counter: ByteCounter };

// What is kept to be sent once more after a refresh; times the calls under way, this is the memory they take.
const MOST_KEPT_BYTES = 1024 * 1024;

/**
 * The body of a request that came in. It is read through a stream of its own: a provider that answers early ends
 * that one, and the caller's connection lives on to carry the answer.
 *
 * @param length as `Content-Length` says; null: it does not
 */
export async function callBody(
  source: Readable,
  length: number | null,
  signal: AbortSignal,
): Promise<CallBody> {
  if (length === 0) return { whole: true, bytes: null };
  const counter = new ByteCounter();
  const shield = addAbortSignal(signal, source.pipe(counter));
  // Whoever awaits it is told; with nobody left to await, an abort is no error.
  shield.on('error', () => {});
  if (length !== null && length > MOST_KEPT_BYTES) return { whole: false, stream: shield, length, counter };
  const { bytes, ended, again } = await peek(shield, MOST_KEPT_BYTES);
  return ended
    ? { whole: true, bytes: bytes.length > 0 ? bytes : null }
    : { whole: false, stream: again(), length, counter };
}

/** Bytes pass as they are, and are counted; the first `most` of them are kept beside. */
export class ByteCounter extends Transform {
  count = 0;
  #kept: Buffer[] = [];
  #most: number;

  constructor(most = 0) {
    super();
    this.#most = most;
  }

  /** So far. */
  get passed(): { start: Buffer; bytes: number } {
    return { start: Buffer.concat(this.#kept), bytes: this.count };
  }

  override _transform(chunk: Buffer, _encoding: BufferEncoding, done: TransformCallback): void {
    const room = this.#most - this.count;
    if (room > 0) this.#kept.push(Buffer.from(chunk.subarray(0, room)));
    this.count += chunk.length;
    done(null, chunk);
  }
}

/**
 * The same body.
 *
 * @param counter that it is to pass
 * @param ended is told when there is no more of it, or nobody wants more, and why it broke off; null: it did not
 */
export function counted(
  body: Readable,
  counter: ByteCounter,
  ended: (brokeOff: Error | null) => void,
): Readable {
  // Its failure is told to whoever reads it.
  counter.on('error', () => {});
  return pipeline(body, counter, () => ended(body.errored));
}

export type Peeked = {
  bytes: Buffer;
  /** `bytes` is all of it. */
  ended: boolean;
  /** The body from its beginning. Taken once, and by whoever wants it. */
  again: () => Readable;
};

/** Reads up to about `most` bytes (whole chunks). @throws what the stream fails with */
export async function peek(body: Readable, most: number): Promise<Peeked> {
  const chunks = body.iterator() as AsyncIterator<Buffer, undefined>;
  const read: Buffer[] = [];
  let length = 0;
  let ended = false;
  while (!ended && length < most) {
    const next = await chunks.next();
    if (next.done) ended = true;
    else {
      read.push(next.value);
      length += next.value.length;
    }
  }
  const bytes = Buffer.concat(read);
  async function* replayed() {
    yield bytes;
    for (let next = await chunks.next(); !next.done; next = await chunks.next()) yield next.value;
  }
  const again = () => {
    const stream = Readable.from(ended ? [bytes].filter(({ length: some }) => some > 0) : replayed());
    // A generator that nobody began to read is told nothing of its end.
    return stream.once('close', () => body.destroy());
  };
  return { bytes, ended, again };
}
