/**
 * Whether a request goes out. It may wait for a free connection, and undici takes notice of a signal only when that
 * wait is over: what is given up before is answered here at once, and is never sent.
 */
import { DecoratorHandler, type Dispatcher } from 'undici';

export type Departure = {
  /** Of the whole exchange. */
  signal: AbortSignal;
  /** For the dispatcher: it calls back right before the first byte is written. */
  seen: Dispatcher.DispatcherComposeInterceptor;
  /** Rejects where it was given up before it went out. */
  missed: Promise<never>;
  happened: () => boolean;
  /** Ran out of one of the two times. */
  timedOut: () => boolean;
  forget: () => void;
};

/** @param times milliseconds: until it goes out, and over everything @param stopped ends it before its time */
export function watchDeparture(
  times: { sendWithinMs: number; timeoutMs: number },
  stopped: AbortSignal | undefined,
): Departure {
  const late = new AbortController();
  const timer = setTimeout(() => late.abort(), times.sendWithinMs);
  const timeout = AbortSignal.timeout(times.timeoutMs);
  const signal = AbortSignal.any([timeout, late.signal, ...(stopped ? [stopped] : [])]);
  const missed = Promise.withResolvers<never>();
  missed.promise.catch(() => {});
  let happened = false;
  const giveUp = () => {
    if (!happened) missed.reject(signal.reason);
  };
  if (signal.aborted) giveUp();
  else signal.addEventListener('abort', giveUp, { once: true });

  const seen: Dispatcher.DispatcherComposeInterceptor = (dispatch) => (options, handler) => {
    const onRequestStart: Dispatcher.DispatchHandler['onRequestStart'] = (controller, context) => {
      if (signal.aborted) return controller.abort(signal.reason as Error);
      happened = true;
      clearTimeout(timer);
      handler.onRequestStart?.(controller, context);
    };
    return dispatch(options, Object.assign(new DecoratorHandler(handler), { onRequestStart }));
  };
  return {
    signal,
    seen,
    missed: missed.promise,
    happened: () => happened,
    timedOut: () => timeout.aborted || late.signal.aborted,
    forget: () => clearTimeout(timer),
  };
}
