/**
 * How long the parts of one exchange take, as undici's diagnostics channels tell. Only exchanges that somebody
 * watches are timed.
 */
import { AsyncLocalStorage } from 'node:async_hooks';
import { subscribe } from 'node:diagnostics_channel';
import type { Socket } from 'node:net';
import { buildConnector } from 'undici';

/** Milliseconds; null: there was no such part (a kept connection was used, or it never came that far). */
export type Phases = {
  /** Waiting for a connection that was busy. */
  blocked: number | null;
  dns: number | null;
  connect: number | null;
  tls: number | null;
  send: number | null;
  /** Until the first byte of the answer. */
  wait: number | null;
  receive: number | null;
};

type Opened = { began: number; resolved?: number; connected?: number; secured?: number };
type Marks = { began: number; opened?: Opened; sending?: number; sent?: number; answered?: number };

export type Stopwatch = {
  /** @param ask begins the request before it returns */
  around: <T>(ask: () => T) => T;
  /** As of now. */
  phases: () => Phases;
};

const watched = new AsyncLocalStorage<Marks>();
const ofRequest = new WeakMap<object, Marks>();
/** Until their first request: that one waited for them. */
const fresh = new WeakMap<object, Opened>();
let listening = false;

export function createStopwatch(): Stopwatch {
  listen();
  const marks: Marks = { began: performance.now() };
  return { around: (ask) => watched.run(marks, ask), phases: () => phasesOf(marks, performance.now()) };
}

/** undici's own connector, whose sockets remember how they came about. */
export function createConnector(options: buildConnector.BuildOptions): buildConnector.connector {
  const connect = buildConnector(options) as (
    ...given: Parameters<buildConnector.connector>
  ) => Socket | undefined;
  return (wish, done) => {
    const opened: Opened = { began: performance.now() };
    const socket = connect(wish, done);
    if (!socket) return;
    fresh.set(socket, opened);
    socket.once('lookup', () => (opened.resolved = performance.now()));
    socket.once('connect', () => (opened.connected = performance.now()));
    socket.once('secureConnect', () => (opened.secured = performance.now()));
  };
}

function listen(): void {
  if (listening) return;
  listening = true;
  const on = (name: string, mark: (marks: Marks, message: { socket?: object }) => void) =>
    subscribe(`undici:${name}`, (message) => {
      const { request, ...rest } = message as { request: object; socket?: object };
      const marks = ofRequest.get(request);
      if (marks) mark(marks, rest);
    });
  subscribe('undici:request:create', (message) => {
    const marks = watched.getStore();
    if (marks) ofRequest.set((message as { request: object }).request, marks);
  });
  on('client:sendHeaders', (marks, { socket }) => {
    marks.sending = performance.now();
    const opened = socket && fresh.get(socket);
    if (!socket || !opened) return;
    fresh.delete(socket);
    marks.opened = opened;
  });
  on('request:bodySent', (marks) => (marks.sent = performance.now()));
  on('request:headers', (marks) => (marks.answered = performance.now()));
}

function phasesOf({ began, opened, sending, sent, answered }: Marks, now: number): Phases {
  const between = (from: number | undefined, to: number | undefined) =>
    from === undefined || to === undefined ? null : Math.max(0, Math.round((to - from) * 100) / 100);
  return {
    blocked: between(began, opened?.began ?? sending ?? now),
    dns: between(opened?.began, opened?.resolved),
    connect: between(opened?.resolved ?? opened?.began, opened?.connected),
    tls: between(opened?.connected, opened?.secured),
    send: between(sending, sent ?? answered),
    wait: between(sent ?? sending, answered ?? now),
    receive: between(answered, now),
  };
}
