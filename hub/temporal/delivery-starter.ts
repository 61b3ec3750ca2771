/** Starts the workflows that carry deliveries. Two starts of one delivery are one workflow. */
import { Client, Connection, type WorkflowClientInterceptor } from '@temporalio/client';
import type { DeliverWebhookInput } from '../../workflows/deliver-webhook.ts';
import type { Config } from '../config.ts';
import type { ClaimedDelivery } from '../database/deliveries.ts';
import type { Vault } from '../vault/vault.ts';
import { connectionOptions } from './connection-options.ts';
import { createDataConverter } from './data-converter.ts';
import { CONNECTION_ID, INTEGRATION_ID, USER_ID } from './search-attributes.ts';

const START_MS = 8_000;

export function openDeliveryStarter(config: Config, vault: Vault, interceptors: WorkflowClientInterceptor[]) {
  const connection = Connection.lazy(connectionOptions(config));
  const client = new Client({
    connection,
    namespace: config.temporal.namespace,
    dataConverter: createDataConverter(vault),
    interceptors: { workflow: interceptors },
  });
  return {
    start: async (delivery: ClaimedDelivery): Promise<void> => {
      const { id: deliveryId, webhookId, generation, connectionId, integrationId, userId } = delivery;
      const input: DeliverWebhookInput = {
        webhookId,
        deliveryId,
        generation,
        backoffMs: config.webhookBackoff,
      };
      await connection.withDeadline(Date.now() + START_MS, () =>
        client.workflow.start('deliverWebhook', {
          taskQueue: config.temporal.taskQueue,
          workflowId: deliveryWorkflowId(delivery),
          workflowIdConflictPolicy: 'USE_EXISTING',
          args: [input],
          typedSearchAttributes: [
            { key: CONNECTION_ID, value: connectionId },
            ...(integrationId === null ? [] : [{ key: INTEGRATION_ID, value: integrationId }]),
            ...(userId === null ? [] : [{ key: USER_ID, value: userId }]),
          ],
        }),
      );
    },
    close: () => connection.close(),
  };
}

/** A replay has one of its own: the run before it may still be asleep, or just ending. */
const deliveryWorkflowId = ({ webhookId, id, generation }: ClaimedDelivery) =>
  `webhook/${webhookId}/delivery/${id}${generation === 0 ? '' : `/replay/${generation}`}`;
