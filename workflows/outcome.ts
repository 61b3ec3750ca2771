/** How a workflow ended, in one word, for the list in the Temporal UI. */
import { upsertSearchAttributes } from '@temporalio/workflow';

export function setOutcome(outcome: string): void {
  upsertSearchAttributes([{ key: { name: 'HubOutcome', type: 'KEYWORD' }, value: outcome }]);
}
