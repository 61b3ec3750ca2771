/** Rotations of keys: one at a time in a hub, for its id is one. */
import { WorkflowNotFoundError, type Client } from '@temporalio/client';
import type { RotateEncryptionKeyInput, RotationResult } from '../../workflows/rotate-encryption-key.ts';
import type { Rotation } from '../rotation/rotation.ts';

// A query waits for a worker; where there is none, that is told.
const QUERY_MS = 2_000;

/** 2,000 rows an activity take a second or two; 400 of them, 800,000 rows, are 2,800 events of a history. */
export const rotationInput = (keyId: string): RotateEncryptionKeyInput => ({
  keyId,
  rowsPerStretch: 2_000,
  pageSize: 200,
  stretchesPerHistory: 400,
  // A process that was killed is known as gone after 20 s; one that is being restarted needs less.
  patience: { looks: 12, everyMs: 5_000 },
});

/** Several hubs may share a namespace; a task queue is one hub's. */
const idOf = (taskQueue: string) => `encryption/${taskQueue}/rotate`;

/** A second caller joins the one under way, whatever key that is to. */
export async function startRotation(client: Client, taskQueue: string, keyId: string): Promise<void> {
  await client.workflow.start('rotateEncryptionKey', {
    taskQueue,
    workflowId: idOf(taskQueue),
    workflowIdConflictPolicy: 'USE_EXISTING',
    args: [rotationInput(keyId)],
  });
}

/** The last one; null: the server knows of none. */
export async function findRotation(client: Client, taskQueue: string): Promise<Rotation | null> {
  const handle = client.workflow.getHandle(idOf(taskQueue));
  const described = await handle.describe().catch((error: unknown) => {
    if (error instanceof WorkflowNotFoundError) return null;
    throw error;
  });
  if (described === null) return null;
  const { workflowId, runId, startTime, closeTime, status } = described;
  const found = { workflowId, runId, startedAt: startTime, endedAt: closeTime ?? null };
  switch (status.name) {
    case 'RUNNING':
      return { ...found, status: 'running', progress: await progressOf(client, handle), result: null };
    case 'COMPLETED':
      return {
        ...found,
        status: 'ended',
        progress: null,
        result: (await handle.result()) as RotationResult,
      };
    default:
      return { ...found, status: 'failed', progress: null, result: null };
  }
}

async function progressOf(
  client: Client,
  handle: ReturnType<Client['workflow']['getHandle']>,
): Promise<Rotation['progress']> {
  try {
    return await client.withDeadline(Date.now() + QUERY_MS, () => handle.query('rotationProgress'));
  } catch {
    return null;
  }
}
