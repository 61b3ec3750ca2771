/**
 * The second wall around Temporal's history: every payload is sealed with the hub's keys, although nothing
 * in it is secret by design. The Temporal UI shows it in the clear through `/temporal/codec`.
 */
import path from 'node:path';
import type { DataConverter, Payload, PayloadCodec } from '@temporalio/common';
import proto from '@temporalio/proto';
import type { JsonPayload } from '../api/context.ts';
import type { Vault } from '../vault/vault.ts';

const ENCODING = Buffer.from('binary/integration-hub');
const PLACE = 'temporal/payload';
const { Payload: PayloadMessage } = proto.temporal.api.common.v1;

export function createDataConverter(vault: Vault): DataConverter {
  return {
    payloadCodecs: [createPayloadCodec(vault)],
    failureConverterPath: path.join(import.meta.dirname, 'failure-converter.ts'),
  };
}

export function createPayloadCodec(vault: Vault): PayloadCodec {
  return {
    encode: (payloads) => Promise.resolve(payloads.map((payload) => encode(vault, payload))),
    decode: (payloads) => Promise.resolve(payloads.map((payload) => decode(vault, payload))),
  };
}

function encode(vault: Vault, payload: Payload): Payload {
  const plain = Buffer.from(PayloadMessage.encode(payload).finish()).toString('base64');
  return { metadata: { encoding: ENCODING }, data: Buffer.from(vault.seal(PLACE, plain)) };
}

/** A payload that was not sealed here (from before, from the CLI) is passed on as it is. */
function decode(vault: Vault, payload: Payload): Payload {
  const encoding = payload.metadata?.['encoding'];
  if (!encoding || !payload.data || !ENCODING.equals(encoding)) return payload;
  const plain = vault.open<string>(PLACE, Buffer.from(payload.data).toString());
  return PayloadMessage.decode(Buffer.from(plain, 'base64'));
}

/** The same decoding for the Temporal UI's codec endpoint, whose payloads are JSON with base64 inside. */
export function createPayloadDecoder(vault: Vault) {
  return (payloads: JsonPayload[]): Promise<JsonPayload[]> =>
    Promise.resolve(
      payloads.map(({ metadata = {}, data = '' }) => {
        const bytes = Object.entries(metadata).map(
          ([name, value]) => [name, Buffer.from(value, 'base64')] as const,
        );
        const plain = decode(vault, {
          metadata: Object.fromEntries(bytes),
          data: Buffer.from(data, 'base64'),
        });
        return {
          metadata: Object.fromEntries(
            Object.entries(plain.metadata ?? {}).map(([name, value]) => [
              name,
              Buffer.from(value).toString('base64'),
            ]),
          ),
          data: Buffer.from(plain.data ?? []).toString('base64'),
        };
      }),
    );
}
