/** Every history of a run, however its workers died, replays with the code that is there. */
import { Client, Connection } from '@temporalio/client';
import { Worker } from '@temporalio/worker';
import type { Config } from '../../hub/config.ts';
import { createLogger } from '../../hub/log.ts';
import { workflowBundle } from '../../hub/temporal/bundle.ts';
import { createDataConverter } from '../../hub/temporal/data-converter.ts';
import { parseKeyring } from '../../hub/vault/keyring.ts';
import { createVault } from '../../hub/vault/vault.ts';
import type { Finding } from './checker.ts';

export async function replayHistories({ temporal, encryptionKeys }: Config): Promise<Finding[]> {
  const dataConverter = createDataConverter(createVault(parseKeyring(encryptionKeys ?? '')));
  const connection = await Connection.connect({ address: temporal.address ?? '' });
  const client = new Client({ connection, namespace: temporal.namespace });
  const bundle = await workflowBundle(createLogger('silent'));
  const findings: Finding[] = [];
  try {
    const histories = client.workflow.list().intoHistories({ concurrency: 5 });
    for await (const { workflowId, error } of Worker.runReplayHistories(
      { workflowBundle: bundle, dataConverter },
      histories,
    ))
      if (error) findings.push({ kind: 'history does not replay', what: `${workflowId}: ${error.message}` });
  } finally {
    await connection.close();
  }
  return findings;
}
