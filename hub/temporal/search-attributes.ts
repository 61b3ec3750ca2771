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
  const connection = await Connection.connect(connectionOptions(config));
  try {
    const { namespace } = config.temporal;
    const { customAttributes } = await connection.operatorService.listSearchAttributes({ namespace });
    const missing = SEARCH_ATTRIBUTES.filter((name) => !(name in (customAttributes ?? {})));
    if (missing.length === 0) return;
    const searchAttributes = Object.fromEntries(missing.map((name) => [name, KEYWORD]));
    await connection.operatorService.addSearchAttributes({ namespace, searchAttributes });
  } finally {
    await connection.close();
  }
}
