/** A word at the edge when something is done. What went wrong is said where it went wrong, not here. */
import { CheckCircle2 } from 'lucide-react';
import { useSyncExternalStore } from 'react';

type Toast = { id: number; text: string };
const SHOWN_MS = 4_000;

let toasts: Toast[] = [];
let last = 0;
const listeners = new Set<() => void>();
function change(next: Toast[]): void {
  toasts = next;
  for (const listener of listeners) listener();
}

export function toast(text: string): void {
  const id = ++last;
  change([...toasts, { id, text }]);
  setTimeout(() => change(toasts.filter((one) => one.id !== id)), SHOWN_MS);
}

export function Toasts() {
  const shown = useSyncExternalStore(
    (listener) => {
      listeners.add(listener);
      return () => listeners.delete(listener);
    },
    () => toasts,
  );
  return (
    <div
      role="status"
      className="pointer-events-none fixed inset-x-4 bottom-4 z-50 grid justify-items-end gap-2"
    >
      {shown.map(({ id, text }) => (
        <p
          key={id}
          className="flex items-center gap-2 rounded-lg border border-line bg-panel px-3 py-2 shadow-over"
        >
          <CheckCircle2 aria-hidden className="size-4 text-ok" />
          {text}
        </p>
      ))}
    </div>
  );
}
