/**
 * Whether somebody is signed in. A session may end while a form is being filled in: whatever was asked then waits
 * until they have signed in again, over the page, and goes on. Nothing that was typed is lost.
 */
import { useSyncExternalStore } from 'react';

let known = false;
let waiting: { promise: Promise<void>; go: () => void } | null = null;
const listeners = new Set<() => void>();
const tell = () => {
  for (const listener of listeners) listener();
};

// Who signs in again in one tab has done so in all of them.
const others = new BroadcastChannel('hub-session');
others.onmessage = () => goOn();

export function noteSignedIn(): void {
  known = true;
}

/** @returns null: nobody was signed in here, so there is nothing to wait for */
export function untilSignedIn(): Promise<void> | null {
  if (!known) return null;
  if (waiting === null) {
    const { promise, resolve } = Promise.withResolvers<undefined>();
    waiting = { promise, go: () => resolve(undefined) };
    tell();
  }
  return waiting.promise;
}

export function signedInAgain(): void {
  others.postMessage('signed in');
  goOn();
}

function goOn(): void {
  waiting?.go();
  waiting = null;
  tell();
}

export const useSessionLost = () =>
  useSyncExternalStore(
    (listener) => {
      listeners.add(listener);
      return () => listeners.delete(listener);
    },
    () => waiting !== null,
  );
