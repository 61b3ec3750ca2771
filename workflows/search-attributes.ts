/** What operators search a connection's workflows by. */
import type { SearchAttributePair } from '@temporalio/common';

export type ConnectionSubject = { connectionId: string; integrationId: string; userId: string };

export const connectionAttributes = ({
  connectionId,
  integrationId,
  userId,
}: ConnectionSubject): SearchAttributePair[] => [
  { key: { name: 'HubConnectionId', type: 'KEYWORD' }, value: connectionId },
  { key: { name: 'HubIntegrationId', type: 'KEYWORD' }, value: integrationId },
  { key: { name: 'HubUserId', type: 'KEYWORD' }, value: userId },
];
