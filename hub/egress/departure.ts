/**
 * Whether a request goes out. It may wait for a free connection, and undici takes notice of a signal only when that
 * wait is over: what is given up before is answered here at once, and is never sent.
 */
import { DecoratorHandler, type Dispatcher } from 'undici';

export type Departure = {
  /** Of the whole exchange. */
  signal: AbortSignal;
  /** Rejects where it was given up before it went out. */
  missed: Promise<never>;
  happened: () => boolean;
  timedOut: () => boolean;
  giveUp: () => void;
  /** undici calls right before it writes the first byte. */
  go: () => void;
  forget: () => void;
};

/** @param times milliseconds: until it goes out, and over everything */
export function expectDeparture(times: { sendWithinMs: number; timeoutMs: number }): Departure {
  // One controller and plain timers: signals put together cost a sweep a tenth of its speed.
  const controller = new AbortController();
  const missed = Promise.withResolvers<never>();
  missed.promise.catch(() => {});
  let happened = false;
  let timedOut = false;
  const giveUp = () => {
    controller.abort();
    if (!happened) missed.reject(controller.signal.reason);
  };
  const runOut = () => {
    timedOut = true;
    giveUp();
  };
  const whole = setTimeout(runOut, times.timeoutMs);
  const first = times.sendWithinMs < times.timeoutMs ? setTimeout(runOut, times.sendWithinMs) : undefined;
  return {
    signal: controller.signal,
    missed: missed.promise,
    happened: () => happened,
    timedOut: () => timedOut,
    giveUp,
    go() {
      happened = true;
      clearTimeout(first);
    },
    forget() {
      clearTimeout(whole);
      clearTimeout(first);
    },
  };
}

/** For a dispatcher whose requests have a departure among their options. */
export const seeDeparture: Dispatcher.DispatcherComposeInterceptor = (dispatch) => (options, handler) => {
  const { departure } = options as { departure?: Departure };
  if (!departure) return dispatch(options, handler);
  const onRequestStart: Dispatcher.DispatchHandler['onRequestStart'] = (controller, context) => {
    if (departure.signal.aborted) return controller.abort(departure.signal.reason as Error);
    departure.go();
    handler.onRequestStart?.(controller, context);
  };
  return dispatch(options, Object.assign(new DecoratorHandler(handler), { onRequestStart }));
};
