/** What every file of routes is given. */
import type { TypeBoxTypeProvider } from '@fastify/type-provider-typebox';
import type { FastifyInstance } from 'fastify';
import type { Accounts } from '../accounts/accounts.ts';
import type { Config } from '../config.ts';
import type { Hub } from '../hub.ts';
import type { UsageRecorder } from '../usage/recorder.ts';
import type { Metrics } from './metrics.ts';
import type { Lifecycle } from './lifecycle.ts';

/** What routes work with. */
export type ApiContext = {
  hub: Hub;
  lifecycle: Lifecycle;
  accounts: Accounts;
  usage: UsageRecorder;
  metrics: Metrics;
  decodePayloads: PayloadDecoder;
  config: Pick<
    Config,
    | 'publicUrl'
    | 'trustedProxies'
    | 'mostStreams'
    | 'returnOrigins'
    | 'n8nUrls'
    | 'allowPrivateNetwork'
    | 'durations'
    | 'temporal'
  >;
};

/** As the Temporal UI sends and expects payloads: metadata and data in base64. */
export type JsonPayload = { metadata?: Record<string, string>; data?: string };
export type PayloadDecoder = (payloads: JsonPayload[]) => Promise<JsonPayload[]>;

export type Routes = (app: ReturnType<typeof typed>, context: ApiContext) => void;

/** A server whose handlers know the types of their schemas. */
export const typed = (app: FastifyInstance) => app.withTypeProvider<TypeBoxTypeProvider>();
