/** A button that asks before it does. */
import { useState, type ReactNode } from 'react';
import { useChange } from '../api/queries.ts';
import { Button } from './basics.tsx';
import { Confirm } from './dialog.tsx';

type Props = {
  label: string;
  /** For those who hear it: which one of many. */
  about: string;
  title: string;
  children: ReactNode;
  action: () => Promise<unknown>;
  onDone: () => unknown;
};

export function AskButton({ label, about, title, children, action, onDone }: Props) {
  const [isAsking, setAsking] = useState(false);
  const change = useChange(action, async () => {
    setAsking(false);
    await onDone();
  });
  return (
    <>
      <Button look="quiet" aria-label={`${label}: ${about}`} onClick={() => setAsking(true)}>
        {label}
      </Button>
      {isAsking && (
        <Confirm
          title={title}
          action={label}
          busy={change.isPending}
          error={change.error}
          onConfirm={() => change.mutate(undefined)}
          onClose={() => {
            change.reset();
            setAsking(false);
          }}
        >
          {children}
        </Confirm>
      )}
    </>
  );
}
