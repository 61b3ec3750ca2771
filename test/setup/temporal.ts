/** Temporal as an operator sees it: sweeps begun by hand, what ran, and namespaces of one's own. */
import { randomUUID } from 'node:crypto';
import { Client, Connection } from '@temporalio/client';
import { inject } from 'vitest';
import type { SweepInput, SweepResult } from '../../workflows/sweeps.ts';
import { createDataConverter } from '../../hub/temporal/data-converter.ts';
import { sweepInput } from '../../hub/temporal/schedules.ts';
import type { Config } from '../../hub/config.ts';
import { parseKeyring } from '../../hub/vault/keyring.ts';
import { createVault } from '../../hub/vault/vault.ts';

export type Operator = {
  client: Client;
  /** @returns what the workflow's result says */
  sweep: (type: 'refreshSweep' | 'healthSweep', input?: Partial<SweepInput>) => Promise<SweepResult>;
  close: () => Promise<void>;
};

export async function openOperator(config: Config): Promise<Operator> {
  const connection = await Connection.connect({ address: config.temporal.address ?? '' });
  const client = new Client({
    connection,
    namespace: config.temporal.namespace,
    dataConverter: createDataConverter(createVault(parseKeyring(config.encryptionKeys ?? ''))),
  });
  return {
    client,
    sweep: (type, input = {}) =>
      client.workflow.execute(type, {
        taskQueue: config.temporal.taskQueue,
        workflowId: `${type}-${randomUUID()}`,
        args: [{ ...sweepInput(config), ...input }],
      }) as Promise<SweepResult>,
    close: () => connection.close(),
  };
}

/** Schedules have names of their own in a namespace; whoever tests them has one for themselves. */
export async function freshNamespace(): Promise<string> {
  const namespace = `test-${randomUUID()}`;
  const connection = await Connection.connect({ address: inject('temporalAddress') });
  await connection.workflowService.registerNamespace({
    namespace,
    workflowExecutionRetentionPeriod: { seconds: 86_400 as never },
  });
  await connection.close();
  return namespace;
}
