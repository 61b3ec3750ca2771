import { heartbeat } from '@temporalio/activity';

/**
 * Tells Temporal every two seconds that the work goes on, so that a dead worker is told from a slow provider.
 * @param details how far it came, for whoever takes it up
 */
export async function beating<T>(
  work: () => Promise<T>,
  details: () => unknown = () => undefined,
): Promise<T> {
  const timer = setInterval(() => heartbeat(details()), 2_000);
  try {
    return await work();
  } finally {
    clearInterval(timer);
  }
}
