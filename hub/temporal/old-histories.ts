/** What Temporal holds that other keys sealed: the payloads in histories are sealed as everything else. */
import type { Client } from '@temporalio/client';
import type { Database } from '../database/database.ts';
import { findSealingSince } from '../database/key-holders.ts';
import type { OldHistories } from '../rotation/rotation.ts';

/** @param client of the namespace that is meant */
export async function findOldHistories(
  client: Client,
  db: Database,
  taskQueue: string,
  keyId: string,
): Promise<OldHistories> {
  const since = (await findSealingSince(db, keyId)).toISOString();
  // A rotation under way began under the new key.
  const { count } = await client.workflow.count(
    `TaskQueue = '${taskQueue}' AND ExecutionStatus = 'Running' AND StartTime < '${since}'`,
  );
  const { namespace } = client.options;
  const { config } = await client.workflowService.describeNamespace({ namespace });
  const seconds = config?.workflowExecutionRetentionTtl?.seconds;
  return { open: count, since, keptMs: seconds ? Number(seconds) * 1000 : null };
}
