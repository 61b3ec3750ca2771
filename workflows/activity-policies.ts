/** How activities are repeated. What a provider answers is a result; only our own faults are thrown and repeated. */
import { proxyActivities } from '@temporalio/workflow';
import type { Activities } from '../activities/index.ts';

/**
 * Work on our own database: repeated until it is done. 0.2 s doubling to 30 s:
 * 0.2, 0.4, 0.8, 1.6, 3.2, 6.4, 12.8, 25.6, 30, 30 … s.
 */
export const untilDone = proxyActivities<Activities>({
  startToCloseTimeout: '30s',
  retry: { initialInterval: '200ms', backoffCoefficient: 2, maximumInterval: '30s' },
});

/**
 * Calls to a provider: at most one answer's time, the wait for a lease included. A worker that dies is
 * noticed when its heartbeat stays out, and its successor finds in the database how far it came.
 */
export const atProvider = proxyActivities<Activities>({
  startToCloseTimeout: '5m',
  heartbeatTimeout: '10s',
  retry: { initialInterval: '200ms', backoffCoefficient: 2, maximumInterval: '30s', maximumAttempts: 20 },
});

/** Calls to somebody's webhook. What the endpoint does is a result; what is thrown is our own fault and passes. */
export const toEndpoint = proxyActivities<Activities>({
  startToCloseTimeout: '5m',
  heartbeatTimeout: '10s',
  retry: { initialInterval: '200ms', backoffCoefficient: 2, maximumInterval: '30s' },
});

/**
 * A page of a sweep: as long as its slowest rows may take. A dead worker is noticed when its heartbeat stays out,
 * and whoever takes the page up finds there what was done. 1 s doubling to 30 s: 1, 2, 4, 8, 16, 30 … s.
 */
export const onPage = proxyActivities<Pick<Activities, 'refreshPage' | 'checkPage'>>({
  startToCloseTimeout: '30m',
  heartbeatTimeout: '10s',
  retry: { initialInterval: '1s', backoffCoefficient: 2, maximumInterval: '30s', maximumAttempts: 8 },
});

/**
 * A stretch of rows whose keys are changed: as above, and for as long as it takes, since a rotation that is given up
 * half-way leaves two keys that are both needed.
 */
export const onStretch = proxyActivities<Pick<Activities, 'rewrapStretch' | 'verifyStretch'>>({
  startToCloseTimeout: '30m',
  heartbeatTimeout: '10s',
  retry: { initialInterval: '1s', backoffCoefficient: 2, maximumInterval: '30s' },
});
