/** A refresh that sleeps first: not what was recorded. */
import { sleep } from '@temporalio/workflow';

export async function refreshCredentials(): Promise<void> {
  await sleep('1s');
}
