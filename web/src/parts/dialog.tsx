/** A dialog over the page: the browser's own, which keeps the keyboard in it and the page behind it still. */
import { X } from 'lucide-react';
import { useId, useLayoutEffect, useRef, type ReactNode } from 'react';
import { t } from '../texts.ts';
import { Button, cx, IconButton, Trouble } from './basics.tsx';

type Props = {
  title: ReactNode;
  children: ReactNode;
  /** Absent: it stays until it is done with. */
  onClose?: (() => void) | undefined;
  wide?: boolean;
};

const FIRST = 'div :is(input:not([type=hidden]), select, textarea, button)';

/** Open for as long as it is there. A press beside it closes nothing: something may have been typed. */
export function Dialog({ title, children, onClose, wide = false }: Props) {
  const dialog = useRef<HTMLDialogElement>(null);
  const titleId = useId();
  // Layout: closed while it is still there, or the browser gives the keyboard back to nobody.
  useLayoutEffect(() => {
    const element = dialog.current;
    element?.showModal();
    // Not the button that closes it, which comes first.
    (
      element?.querySelector<HTMLElement>('[data-first]') ?? element?.querySelector<HTMLElement>(FIRST)
    )?.focus();
    return () => element?.close();
  }, []);
  return (
    <dialog
      ref={dialog}
      aria-labelledby={titleId}
      onCancel={(event) => {
        // A file picker's cancel bubbles up here too.
        if (event.target !== dialog.current) return;
        event.preventDefault();
        onClose?.();
      }}
      // Chrome closes it on the second Escape without asking anybody.
      onKeyDown={(event) => {
        if (event.key !== 'Escape') return;
        event.preventDefault();
        event.stopPropagation();
        onClose?.();
      }}
      className={cx(
        'max-h-[calc(100dvh-2rem)] w-[calc(100vw-2rem)] overflow-y-auto rounded-xl border border-line bg-panel shadow-over',
        wide ? 'max-w-2xl' : 'max-w-md',
      )}
    >
      <header className="flex items-start justify-between gap-3 px-5 pt-4">
        <h2 id={titleId} className="min-w-0 pt-0.5 text-base leading-6 font-semibold break-words">
          {title}
        </h2>
        {onClose && (
          <IconButton label={t.close} onClick={onClose} className="-mt-0.5 -mr-2">
            <X aria-hidden className="size-4" />
          </IconButton>
        )}
      </header>
      <div className="px-5 pt-2 pb-5">{children}</div>
    </dialog>
  );
}

type ConfirmProps = {
  title: string;
  children: ReactNode;
  action: string;
  busy: boolean;
  error: unknown;
  onConfirm: () => void;
  onClose: () => void;
};

/** Asks before something cannot be undone. */
export function Confirm({ title, children, action, busy, error, onConfirm, onClose }: ConfirmProps) {
  return (
    <Dialog title={title} onClose={onClose}>
      <div className="text-dim">{children}</div>
      <div className="mt-3">
        <Trouble error={error} />
      </div>
      <div className="mt-4 flex justify-end gap-2">
        <Button onClick={onClose}>{t.cancel}</Button>
        <Button look="danger" busy={busy} onClick={onConfirm}>
          {action}
        </Button>
      </div>
    </Dialog>
  );
}
