/** From one page of a list to the next, where the API gives cursors. */
import { useLocation } from '@tanstack/react-router';
import { t } from '../texts.ts';
import { Button } from './basics.tsx';

declare module '@tanstack/react-router' {
  interface HistoryState {
    /** The page before this one is a step back in the browser's history. */
    isTurned?: boolean;
  }
}
export const TURNED = { isTurned: true };

type Props = {
  cursor: string | undefined;
  next: string | null;
  /** Towards the first page, and away from it. */
  labels: readonly [back: string, on: string];
  /** With the state `TURNED`. */
  onTurn: (cursor: string | undefined) => void;
};

/** Cursors lead one way. Who came by a link, and not page by page, goes back to the first. */
export function Paging({ cursor, next, labels: [back, on], onTurn }: Props) {
  const isTurned = useLocation({ select: ({ state }) => state.isTurned === true });
  if (cursor === undefined && next === null) return null;
  return (
    <nav aria-label={t.pages.label} className="mt-3 flex justify-end gap-2">
      <Button disabled={cursor === undefined} onClick={() => (isTurned ? history.back() : onTurn(undefined))}>
        {back}
      </Button>
      <Button disabled={next === null} onClick={() => onTurn(next ?? undefined)}>
        {on}
      </Button>
    </nav>
  );
}
