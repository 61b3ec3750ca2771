import {
  allHandlersFinished,
  condition,
  defineUpdate,
  ParentClosePolicy,
  setHandler,
  sleep,
  startChild,
  workflowInfo,
} from '@temporalio/workflow';
import type { SearchAttributePair } from '@temporalio/common';
import { atProvider, untilDone } from './activity-policies.ts';
import { setOutcome } from './outcome.ts';

export type DisconnectConnectionInput = {
  connectionId: string;
  /** Only this revocation is to be carried out: the connection was disconnected before. */
  revocationId?: string;
};

/**
 * Drops the credentials and answers once they can no longer be used here. It may be asked again while an
 * earlier revocation goes on: the connection may have been authorised anew in between.
 */
export const dropCredentials = defineUpdate<void>('dropCredentials');

// 5 s doubling to 15 min: 5, 10, 20, 40, 80, 160, 320, 640, 900, 900 … s, for as long as the revocation is wanted.
const pauseMs = (attempt: number, wait = 0) =>
  Math.max(Math.min(5000 * 2 ** Math.min(attempt, 20), 900_000), wait);

/** Makes the credentials unusable here, then ends them at the provider for as long as that takes. */
export async function disconnectConnection(
  input: DisconnectConnectionInput,
): Promise<{ outcomes: string[] }> {
  if (input.revocationId !== undefined) return revokeOrphan(input.revocationId);
  const { connectionId } = input;
  let asked = false;
  let underWay = 0;
  const outcomes: string[] = [];
  const drop = async () => {
    asked = true;
    underWay++;
    const revocationId = await untilDone.dropCredentials(connectionId);
    void revoke(revocationId).then((outcome) => {
      outcomes.push(outcome);
      underWay--;
    });
  };
  setHandler(dropCredentials, drop);
  if (!(await condition(() => asked, '10s'))) await drop();
  await condition(() => underWay === 0);
  setOutcome(outcomes.at(-1) ?? 'nothing_to_revoke');
  await condition(allHandlersFinished);
  return { outcomes };
}

async function revokeOrphan(revocationId: string): Promise<{ outcomes: string[] }> {
  const outcome = await revoke(revocationId);
  setOutcome(outcome);
  return { outcomes: [outcome] };
}

/** Tokens that came too late for their connection are ended at the provider by a workflow that outlives its starter. */
export async function endOrphan(
  connectionId: string,
  revocationId: string | undefined,
  typedSearchAttributes: SearchAttributePair[] = workflowInfo().typedSearchAttributes.getAll(),
): Promise<void> {
  if (revocationId === undefined) return;
  await startChild(disconnectConnection, {
    workflowId: `connection/${connectionId}/disconnect/${revocationId}`,
    args: [{ connectionId, revocationId }],
    typedSearchAttributes,
    parentClosePolicy: ParentClosePolicy.ABANDON,
  });
}

async function revoke(revocationId: string | null): Promise<string> {
  if (revocationId === null) return 'nothing_to_revoke';
  for (let attempt = 0; ; attempt++) {
    const result = await atProvider.revokeAtProvider(revocationId);
    if (result.outcome !== 'try_again') return result.outcome;
    await sleep(pauseMs(attempt, result.retryAfterMs));
  }
}
