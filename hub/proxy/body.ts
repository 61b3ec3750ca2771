/** Bodies that are looked at without being lost, and kept only while they are small. */
import {
  addAbortSignal,
  pipeline,
  Readable,
  Transform,
  type TransformCallback,
  type Writable,
} from 'node:stream';

/** `whole`: all of it is in memory and it can be sent again. */
export type CallBody =
  | { whole: true; bytes: Buffer | null }
  | { whole: false; stream: Readable; length: number | null; count: ByteCount };

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
  if (length !== null && length > MOST_KEPT_BYTES)
    return { whole: false, stream: shield, length, count: counter.counted };
  const { bytes, ended, again } = await peek(shield, MOST_KEPT_BYTES);
  return ended
    ? { whole: true, bytes: bytes.length > 0 ? bytes : null }
    : { whole: false, stream: again(), length, count: counter.counted };
}

/** Counts the bytes that pass; the first `most` of them are kept. */
export class ByteCount {
  count = 0;
  #kept: Buffer[] = [];
  #most: number;

  constructor(most = 0) {
    this.#most = most;
  }

  add(chunk: Buffer): void {
    const room = this.#most - this.count;
    if (room > 0) this.#kept.push(Buffer.from(chunk.subarray(0, room)));
    this.count += chunk.length;
  }

  /** So far. */
  get passed(): { start: Buffer; bytes: number } {
    return { start: Buffer.concat(this.#kept), bytes: this.count };
  }
}

/** The same as a stream: bytes pass through it as they are. */
export class ByteCounter extends Transform {
  readonly counted: ByteCount;

  constructor(counted = new ByteCount()) {
    super();
    this.counted = counted;
  }

  override _transform(chunk: Buffer, _encoding: BufferEncoding, done: TransformCallback): void {
    this.counted.add(chunk);
    done(null, chunk);
  }
}

/** A body to be read once, and what is to be told of its passing. */
export type Passing = {
  body: Readable;
  count: ByteCount;
  /** Told when there is no more of it, or nobody wants more, and why it broke off; null: it did not. */
  ended: (brokeOff: Error | null) => void;
};

/** For whoever reads it as a stream. */
export function counted({ body, count, ended }: Passing): Readable {
  const counter = new ByteCounter(count);
  // Its failure is told to whoever reads it.
  counter.on('error', () => {});
  return pipeline(body, counter, () => ended(body.errored));
}

/**
 * For the caller's answer: as `pipeline` does, without streams in between, which cost a small answer more than all
 * else that is done with it. Its head goes with the first bytes, or by itself where they are not there yet.
 */
export function passOn(
  { body, count, ended }: Passing,
  target: Writable & { flushHeaders: () => void },
): void {
  // Told to whoever looks at what was closed.
  target.on('error', () => {});
  if (target.destroyed) body.destroy();
  if (body.closed) return void (target.destroy(), ended(body.errored));
  let waiting = true;
  body.on('data', (chunk: Buffer) => {
    waiting = false;
    count.add(chunk);
    if (!target.write(chunk)) body.pause();
  });
  target.on('drain', () => body.resume());
  body.once('end', () => {
    waiting = false;
    target.end();
  });
  // A provider that breaks off in the middle breaks off the caller's answer too: half of it must not look whole.
  body.once('close', () => {
    if (!body.readableEnded) target.destroy();
    ended(body.errored);
  });
  target.once('close', () => body.destroy());
  setImmediate(() => {
    if (waiting) target.flushHeaders();
  });
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
