/**
 * One walk through a provider's consent, as the browser sees it.
 *
 * Idle → Opening (the hub makes the link) → Waiting (a window of the provider's) → Testing → Done or Failed.
 * The window is opened by the press itself, or browsers block it; where one is blocked all the same, this window
 * goes instead and comes back to /connected. Once it has left for the provider, neither window reaches the other
 * (Cross-Origin-Opener-Policy: a provider's page could otherwise send this one somewhere else). So whether it still
 * stands is not known: the connection itself says how it went.
 */
import { useEffect, useRef, useState } from 'react';
import { call, Problem } from '../api/client.ts';
import type { Connection, Started, TestResult } from '../api/types.ts';
import { openConsentWindow } from './window.ts';

export type Flow =
  | { at: 'idle'; problem: Error | null }
  | { at: 'opening' }
  | { at: 'waiting'; connection: Connection; url: string }
  | { at: 'leaving' }
  | { at: 'testing'; connection: Connection }
  | { at: 'done'; connection: Connection; test: TestResult }
  | { at: 'failed'; connection: Connection };

export const CHANNEL = 'hub-connected';
const LOOK_MS = 1_500;

/** @param start asks the hub for the link, with where it all is to end */
export function useConsent(start: (returnUrl: string) => Promise<Started>) {
  const [flow, setFlow] = useState<Flow>({ at: 'idle', problem: null });
  // Two presses are one: state is set too late for the second.
  const isBusy = useRef(false);
  const consent = useRef<Window | null>(null);
  useReturnByBack(() => {
    isBusy.current = false;
    setFlow({ at: 'idle', problem: null });
  });

  const waitingFor = flow.at === 'waiting' ? flow.connection.id : null;
  const before = useRef<Connection | null>(null);
  useEffect(() => {
    if (waitingFor === null) return;
    const channel = new BroadcastChannel(CHANNEL);
    const look = async (isOver = false) => {
      const connection = await call<Connection>('GET', `/api/connections/${waitingFor}`).catch(() => null);
      if (connection && (isOver || hasEnded(connection, before.current))) void finish(connection);
    };
    const finish = async (connection: Connection) => {
      setFlow((now) => (now.at === 'waiting' ? { at: 'testing', connection } : now));
      // Not allowed again, a connection goes on as it was: that is no success either.
      setFlow(
        isNewer(connection, before.current) ? await outcomeOf(connection) : { at: 'failed', connection },
      );
      isBusy.current = false;
    };
    channel.onmessage = ({ data }) => {
      if (data === waitingFor) void look(true);
    };
    const timer = setInterval(() => void look(), LOOK_MS);
    return () => {
      clearInterval(timer);
      channel.close();
    };
  }, [waitingFor]);

  /** @param opened by the press itself, where that was before */
  const go = (opened: Window | null = openConsentWindow()) => {
    if (isBusy.current) return;
    isBusy.current = true;
    consent.current = opened;
    const isBlocked = consent.current === null;
    setFlow({ at: isBlocked ? 'leaving' : 'opening' });
    start(`${location.origin}/connected${isBlocked ? '' : '?window=1'}`).then(
      ({ connection, authorization }) => {
        before.current = connection;
        const url = authorization?.url ?? '';
        if (consent.current === null) return location.assign(url);
        consent.current.location.replace(url);
        setFlow({ at: 'waiting', connection, url });
      },
      (problem: unknown) => {
        consent.current?.close();
        isBusy.current = false;
        setFlow({ at: 'idle', problem: problem instanceof Error ? problem : new Problem(0, 'INTERNAL', '') });
      },
    );
  };
  const openAgain = () => {
    if (flow.at !== 'waiting') return;
    consent.current = openConsentWindow();
    if (consent.current) consent.current.location.replace(flow.url);
    else location.assign(flow.url);
  };
  const reset = () => {
    consent.current?.close();
    isBusy.current = false;
    setFlow({ at: 'idle', problem: null });
  };
  return { flow, go, openAgain, reset };
}

/** Whether the walk has ended: newer credentials are there, or a reason why there are none. */
function hasEnded(now: Connection, before: Connection | null): boolean {
  const { code = '', since } = now.statusReason ?? {};
  return isNewer(now, before) || (code.startsWith('AUTHORIZATION_') && since !== before?.statusReason?.since);
}

const isNewer = (now: Connection, before: Connection | null) =>
  (now.credentials?.version ?? 0) > (before?.credentials?.version ?? 0);

/** Tried out once, where there is something to try. */
export async function outcomeOf(connection: Connection): Promise<Flow> {
  if (connection.status !== 'connected') return { at: 'failed', connection };
  const test = await call<TestResult>('POST', `/api/connections/${connection.id}/test`).catch(
    (error: unknown): TestResult => ({
      ok: false,
      outcome: 'unknown',
      message: error instanceof Error ? error.message : '',
      latencyMs: 0,
      checkedAt: new Date().toISOString(),
      account: connection.account,
    }),
  );
  return { at: 'done', connection, test };
}

/** Somebody went to the provider in this window and came back by the back button: the page is as they left it. */
function useReturnByBack(begin: () => void): void {
  const latest = useRef(begin);
  useEffect(() => {
    latest.current = begin;
  });
  useEffect(() => {
    const onShow = ({ persisted }: PageTransitionEvent) => {
      if (persisted) latest.current();
    };
    window.addEventListener('pageshow', onShow);
    return () => window.removeEventListener('pageshow', onShow);
  }, []);
}
