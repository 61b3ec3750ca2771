/**
 * The two sweeps. Each pages through what was due when it began and gives every page to one activity, several at
 * a time. What becomes due meanwhile is the next sweep's, so a run ends.
 */
import { continueAsNew, ParentClosePolicy, setCurrentDetails, startChild } from '@temporalio/workflow';
import type { Activities } from '../activities/index.ts';
import { onPage, untilDone } from './activity-policies.ts';
import { endOrphan } from './disconnect-connection.ts';
import { setOutcome } from './outcome.ts';
import { reconnectConnection, type Backoff } from './reconnect-connection.ts';
import { connectionAttributes } from './search-attributes.ts';

type Page = NonNullable<Awaited<ReturnType<Activities['findDuePage']>>>;
type Range = Parameters<Activities['refreshPage']>[0];
type PageResult = Awaited<ReturnType<Activities['refreshPage']>>;

/** Plain data: it comes with the schedule, and `soFar` with continue-as-new. */
export type SweepInput = {
  pageSize: number;
  /** Pages under way at a time, by however many workers. */
  pagesAtOnce: number;
  /** Of one integration, in one page. */
  perIntegration: number;
  /** After so many pages with work in them a run leaves the rest to the next one. */
  pagesPerRun: number;
  /** After so many pages the history is long enough. */
  pagesPerHistory: number;
  reconnect: Backoff;
  soFar?: SoFar;
};

type SoFar = { dueBefore: string; after: Range['after']; busyPages: number; totals: SweepResult };

export type SweepResult = {
  pages: number;
  /** Given up after several attempts; their rows are due again at the next sweep. */
  failedPages: number;
  /** How many connections came to what. */
  counts: Record<string, number>;
  /** For how many a reconnection was begun. */
  reconnecting: number;
};

/** Refreshes what comes to its end. */
export const refreshSweep = (input: SweepInput) => sweep('refresh', onPage.refreshPage, input);
/** Tries what was not heard of for a while. */
export const healthSweep = (input: SweepInput) => sweep('health', onPage.checkPage, input);

async function sweep(
  due: 'refresh' | 'health',
  work: (range: Range, perIntegration: number) => Promise<PageResult>,
  input: SweepInput,
): Promise<SweepResult> {
  const state: SoFar = input.soFar ?? {
    dueBefore: new Date().toISOString(),
    after: null,
    busyPages: 0,
    totals: { pages: 0, failedPages: 0, counts: {}, reconnecting: 0 },
  };
  const { totals } = state;
  const firstPage = totals.pages;
  let ended = false;

  const next = async (): Promise<Page | null> => {
    if (ended || state.busyPages >= input.pagesPerRun) return null;
    if (totals.pages - firstPage >= input.pagesPerHistory) return null;
    const page = await untilDone.findDuePage(due, state.dueBefore, state.after, input.pageSize);
    ended = page === null;
    return page;
  };

  const underWay = new Set<Promise<void>>();
  for (let page = await next(); page; page = await next()) {
    const range = { after: state.after, to: page.to };
    state.after = page.to;
    totals.pages++;
    const done: Promise<void> = carryOut(work, range, input, state).finally(() => underWay.delete(done));
    underWay.add(done);
    setCurrentDetails(describe(state));
    if (underWay.size >= input.pagesAtOnce) await Promise.race(underWay);
  }
  await Promise.all(underWay);
  setCurrentDetails(describe(state));
  if (!ended && state.busyPages < input.pagesPerRun)
    await continueAsNew<typeof refreshSweep>({ ...input, soFar: state });
  setOutcome(totals.pages === 0 ? 'nothing_due' : totals.failedPages > 0 ? 'partly' : 'done');
  return totals;
}

/** One page until it is finished. Its failure is its own: its rows stay due. */
async function carryOut(
  work: (range: Range, perIntegration: number) => Promise<PageResult>,
  range: Range,
  input: SweepInput,
  state: SoFar,
): Promise<void> {
  const { totals } = state;
  let isBusy = false;
  try {
    for (let finished = false; !finished;) {
      const result = await work(range, input.perIntegration);
      finished = result.finished;
      for (const [outcome, count] of Object.entries(result.counts)) {
        totals.counts[outcome] = (totals.counts[outcome] ?? 0) + count;
        isBusy ||= outcome !== 'waiting';
      }
      await attendTo(result, input.reconnect, totals);
    }
  } catch {
    totals.failedPages++;
    isBusy = true;
  }
  // A page of connections that all wait for their provider cost nothing, and must not keep others from their turn.
  if (isBusy) state.busyPages++;
}

/** What a page leaves to be done with single connections. */
async function attendTo(result: PageResult, backoff: Backoff, totals: SweepResult): Promise<void> {
  await Promise.all([
    ...result.unstored.map(({ connectionId, version, credentials }) =>
      untilDone.storeRefreshed(connectionId, version, credentials),
    ),
    ...result.orphans.map((orphan) =>
      unlessRunning(() => endOrphan(orphan.connectionId, orphan.revocationId, connectionAttributes(orphan))),
    ),
    ...result.attention.map(async (one) => {
      if (await begin(one, backoff)) totals.reconnecting++;
    }),
  ]);
}

const begin = (one: PageResult['attention'][number], backoff: Backoff): Promise<boolean> =>
  unlessRunning(() => {
    const { connectionId, version, verdict, message } = one;
    return startChild(reconnectConnection, {
      workflowId: `connection/${connectionId}/reconnect`,
      args: [{ connectionId, version, verdict, message, backoff }],
      typedSearchAttributes: connectionAttributes(one),
      parentClosePolicy: ParentClosePolicy.ABANDON,
    });
  });

/** @returns false: one runs already, begun by an earlier sweep or an earlier try at this page */
async function unlessRunning(start: () => Promise<unknown>): Promise<boolean> {
  try {
    await start();
    return true;
  } catch (error) {
    // Its class is not exported to workflows.
    if (error instanceof Error && error.name === 'WorkflowExecutionAlreadyStartedError') return false;
    throw error;
  }
}

const describe = ({ dueBefore, totals }: SoFar): string => {
  const counts = Object.entries(totals.counts).map(([outcome, count]) => `- ${outcome}: ${count}`);
  return [`Due before ${dueBefore}: ${totals.pages} pages, ${totals.failedPages} failed.`, ...counts].join(
    '\n',
  );
};
