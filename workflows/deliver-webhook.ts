import { continueAsNew, sleep, workflowInfo } from '@temporalio/workflow';
import { toEndpoint, untilDone } from './activity-policies.ts';
import { setOutcome } from './outcome.ts';

export type DeliverWebhookInput = {
  webhookId: string;
  deliveryId: string;
  generation: number;
  /** Milliseconds to wait after the first failure, the second, … After the last of them comes the last attempt. */
  backoffMs: number[];
  /** How many attempts have failed in runs before this one. */
  failures?: number;
};

// Up to a fifth on top, so that what failed together does not come back together.
const jittered = (ms: number) => Math.round(ms * (1 + Math.random() / 5));

// 1 s doubling to 60 s, half of it by chance: the endpoint's slots are taken by others.
const turnMs = (turn: number) => Math.round(Math.min(1000 * 2 ** turn, 60_000) * (0.5 + Math.random() / 2));

/** Brings one event to one endpoint, for days if need be. */
export async function deliverWebhook(input: DeliverWebhookInput): Promise<{ outcome: string }> {
  const { deliveryId, generation, backoffMs } = input;
  let failures = input.failures ?? 0;
  for (let turn = 0; ;) {
    if (workflowInfo().continueAsNewSuggested)
      await continueAsNew<typeof deliverWebhook>({ ...input, failures });
    const pause = backoffMs[failures];
    const wish = { deliveryId, generation, waitMs: pause === undefined ? null : jittered(pause) };
    const attempted = await toEndpoint.attemptDelivery(wish);
    const result =
      attempted.outcome === 'unrecorded'
        ? await untilDone.recordDelivery(wish, attempted.attempted)
        : attempted;
    if (result.outcome === 'busy') {
      await sleep(turnMs(turn++));
    } else if (result.outcome === 'try_again') {
      failures++;
      turn = 0;
      await sleep(result.waitMs);
    } else {
      setOutcome(result.outcome);
      return { outcome: result.outcome };
    }
  }
}
