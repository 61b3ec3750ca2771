/**
 * The Temporal UI's codec endpoint: shows operators the payloads that the hub seals in histories. What is in
 * them is facts and envelopes; secrets stay sealed inside.
 */
import { Type } from 'typebox';
import { findApiKey } from '../../database/api-keys.ts';
import { HubError } from '../../errors.ts';
import { admit, bearerOf } from '../auth.ts';
import type { ApiContext, Routes } from '../context.ts';

const Payloads = Type.Object({
  payloads: Type.Array(
    Type.Object({
      metadata: Type.Optional(Type.Record(Type.String(), Type.String())),
      data: Type.Optional(Type.String()),
    }),
  ),
});

export const addTemporalCodecRoute: Routes = (app, context) => {
  const { hub, decodePayloads } = context;

  app.options('/temporal/codec/decode', { schema: { hide: true } }, (request, reply) => {
    const origin = uiOriginOf(context);
    if (origin === null || request.headers.origin !== origin) throw new HubError('FORBIDDEN');
    return reply
      .status(204)
      .headers({
        ...allowing(origin),
        'access-control-allow-methods': 'POST',
        'access-control-allow-headers': 'authorization, content-type, x-namespace',
      })
      .send();
  });

  app.post(
    '/temporal/codec/decode',
    {
      config: { audit: { because: 'it only shows what a workflow was given' } },
      bodyLimit: 8 * 1024 * 1024,
      schema: { hide: true, body: Payloads },
    },
    async (request, reply) => {
      const origin = uiOriginOf(context);
      const fromUi = origin !== null && request.headers.origin === origin;
      // A UI on this very machine is the operator's own; from anywhere else an operator's key is needed.
      if (!(
        fromUi &&
        isLoopback(origin) &&
        isLoopback(`http://${request.ip.includes(':') ? `[${request.ip}]` : request.ip}`)
      ))
        admit(await findApiKey(hub.db, bearerOf(request)), 'workflows:read');
      return reply
        .headers(fromUi ? allowing(origin) : {})
        .send({ payloads: await decodePayloads(request.body.payloads) });
    },
  );
};

const uiOriginOf = ({ config }: ApiContext) =>
  config.temporal.uiUrl === null ? null : new URL(config.temporal.uiUrl).origin;
const isLoopback = (origin: string) =>
  /^(localhost|127\.\d+\.\d+\.\d+|\[::1\]|\[::ffff:7f[\da-f:]+\])$/.test(new URL(origin).hostname);
const allowing = (origin: string) => ({
  'access-control-allow-origin': origin,
  'access-control-allow-credentials': 'true',
  vary: 'origin',
});
