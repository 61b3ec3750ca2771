/** A rotation of keys, as operators are told of it. Counts, ids of keys and rows, names of processes; no key. */
import type { RotationProgress, RotationResult } from '../../workflows/rotate-encryption-key.ts';

export type OldHistories = {
  /** Workflows that are still open and began before nothing but the first key sealed: they need the others to go on. */
  open: number;
  /** When that was. */
  since: string;
  /** Milliseconds for which the server keeps histories that have ended; null: it does not say. */
  keptMs: number | null;
};

export type Rotation = {
  workflowId: string;
  runId: string;
  startedAt: Date;
  endedAt: Date | null;
  /** `failed`: it was terminated, or failed as a workflow; begin it again. */
  status: 'running' | 'ended' | 'failed';
  /** While it runs. Null: no worker answered for it. */
  progress: RotationProgress | null;
  result: RotationResult | null;
};
