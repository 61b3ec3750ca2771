/** What operators search workflows by. Keywords, never a secret: search attributes are stored in the clear. */
import { Connection } from '@temporalio/client';
import { defineSearchAttributeKey, SearchAttributeType } from '@temporalio/common';
import type { Config } from '../config.ts';
import { connectionOptions } from './connection-options.ts';

export const SEARCH_ATTRIBUTES = ['HubConnectionId', 'HubIntegrationId', 'HubUserId', 'HubOutcome'] as const;

const key = (name: (typeof SEARCH_ATTRIBUTES)[number]) =>
  defineSearchAttributeKey(name, SearchAttributeType.KEYWORD);
export const CONNECTION_ID = key('HubConnectionId');
export const INTEGRATION_ID = key('HubIntegrationId');
export const USER_ID = key('HubUserId');

// temporal.api.enums.v1.IndexedValueType
const KEYWORD = 2;

/** Adds what an external Temporal lacks; those that are there stay. @throws where the server refuses */
export async function registerSearchAttributes(config: Config): Promise<void> {
  const missing = await missingSearchAttributes(config);
  if (missing.length === 0) return;
  const searchAttributes = Object.fromEntries(missing.map((name) => [name, KEYWORD]));
  await withOperator(config, (operator) =>
    operator.addSearchAttributes({ namespace: config.temporal.namespace, searchAttributes }),
  );
}

export async function missingSearchAttributes(config: Config): Promise<string[]> {
  const { namespace } = config.temporal;
  const { customAttributes } = await withOperator(config, (operator) =>
    operator.listSearchAttributes({ namespace }),
  );
  return SEARCH_ATTRIBUTES.filter((name) => !(name in (customAttributes ?? {})));
}

async function withOperator<T>(
  config: Config,
  work: (operator: Connection['operatorService']) => Promise<T>,
): Promise<T> {
  const connection = await Connection.connect(connectionOptions(config));
  return work(connection.operatorService).finally(() => connection.close());
}
