/** The small parts every page is made of. */
import { AlertTriangle, Check, Copy, LoaderCircle } from 'lucide-react';
import { useState, type ButtonHTMLAttributes, type ReactNode } from 'react';
import { problemIn } from '../api/client.ts';
import { t } from '../texts.ts';

export const cx = (...names: (string | false | null | undefined)[]) => names.filter(Boolean).join(' ');

const LOOKS = {
  main: 'border-transparent bg-fill text-white hover:bg-fill-hover',
  plain: 'border-line-strong bg-panel hover:bg-raised',
  quiet: 'border-transparent text-dim hover:bg-raised hover:text-ink',
  danger: 'border-transparent bg-bad-soft text-bad hover:brightness-95 dark:hover:brightness-125',
} as const;

export const buttonLook = (look: keyof typeof LOOKS = 'plain', more = '') =>
  cx(
    'inline-flex h-8 shrink-0 items-center justify-center gap-1.5 rounded-md border px-3 font-medium whitespace-nowrap transition-colors',
    'disabled:cursor-default disabled:opacity-60 aria-disabled:opacity-60',
    LOOKS[look],
    more,
  );

type ButtonProps = ButtonHTMLAttributes<HTMLButtonElement> & {
  look?: keyof typeof LOOKS;
  busy?: boolean;
  /** In a dialog: where the keyboard is as it opens. */
  'data-first'?: string | undefined;
};

/** Busy, it takes no second press, and stays where the keyboard is. */
export function Button({ look = 'plain', busy = false, className, children, onClick, ...rest }: ButtonProps) {
  return (
    <button
      type="button"
      {...rest}
      aria-disabled={busy || undefined}
      onClick={(event) => {
        if (busy) event.preventDefault();
        else onClick?.(event);
      }}
      className={buttonLook(look, className)}
    >
      {busy && <LoaderCircle aria-hidden className="size-3.5 animate-spin motion-reduce:animate-none" />}
      {children}
    </button>
  );
}

export function IconButton({
  label,
  className,
  ...rest
}: ButtonHTMLAttributes<HTMLButtonElement> & { label: string }) {
  return (
    <button
      type="button"
      aria-label={label}
      title={label}
      {...rest}
      className={cx(
        'inline-flex size-8 shrink-0 items-center justify-center rounded-md text-dim transition-colors hover:bg-raised hover:text-ink disabled:opacity-50',
        className,
      )}
    />
  );
}

const TONES = {
  ok: 'bg-ok-soft text-ok',
  warn: 'bg-warn-soft text-warn',
  bad: 'bg-bad-soft text-bad',
  accent: 'bg-accent-soft text-accent',
  plain: 'bg-raised text-dim',
} as const;
export type Tone = keyof typeof TONES;

export function Badge({
  tone = 'plain',
  dot = false,
  children,
}: {
  tone?: Tone;
  dot?: boolean;
  children: ReactNode;
}) {
  return (
    <span
      className={cx(
        'inline-flex items-center gap-1.5 rounded-full px-2 py-px text-xs font-medium whitespace-nowrap',
        TONES[tone],
      )}
    >
      {dot && <span aria-hidden className="size-1.5 rounded-full bg-current" />}
      {children}
    </span>
  );
}

export function Panel({
  title,
  action,
  children,
  className,
  flush = false,
}: {
  title?: ReactNode;
  action?: ReactNode;
  children: ReactNode;
  className?: string;
  flush?: boolean;
}) {
  return (
    <section className={cx('rounded-lg border border-line bg-panel shadow-panel', className)}>
      {title !== undefined && (
        <header className="flex min-h-11 items-center justify-between gap-3 border-b border-line px-4 py-1.5">
          <h2 className="font-semibold">{title}</h2>
          {action}
        </header>
      )}
      <div className={flush ? '' : 'p-4'}>{children}</div>
    </section>
  );
}

export function PageHead({
  title,
  lead,
  children,
}: {
  title: ReactNode;
  lead?: ReactNode;
  children?: ReactNode;
}) {
  return (
    <div className="mb-5 flex flex-wrap items-start justify-between gap-x-4 gap-y-3">
      <div className="min-w-0">
        <h1 className="text-xl leading-7 font-semibold tracking-tight">{title}</h1>
        {lead !== undefined && <p className="mt-0.5 max-w-[60ch] text-dim">{lead}</p>}
      </div>
      {children}
    </div>
  );
}

export function Empty({ title, text, children }: { title: string; text?: string; children?: ReactNode }) {
  return (
    <div className="flex flex-col items-center px-6 py-14 text-center">
      <p className="font-semibold">{title}</p>
      {text !== undefined && <p className="mt-1 max-w-[44ch] text-dim">{text}</p>}
      {children !== undefined && <div className="mt-4 flex flex-wrap justify-center gap-2">{children}</div>}
    </div>
  );
}

export function Note({
  tone = 'warn',
  children,
  className,
}: {
  tone?: Tone;
  children: ReactNode;
  className?: string;
}) {
  return (
    <div
      className={cx(
        'flex gap-2.5 rounded-md px-3 py-2.5 break-words',
        TONES[tone],
        tone === 'plain' && 'text-ink',
        className,
      )}
    >
      {(tone === 'bad' || tone === 'warn') && (
        <AlertTriangle aria-hidden className="mt-0.5 size-4 shrink-0" />
      )}
      <div className="min-w-0 flex-1">{children}</div>
    </div>
  );
}

/** What went wrong, said where it went wrong. */
export function Trouble({ error, again }: { error: unknown; again?: (() => unknown) | undefined }) {
  if (!error) return null;
  return (
    <div role="alert">
      <Note tone="bad">
        <p>{problemIn(error).message}</p>
        {again && (
          <button
            type="button"
            className="mt-1 font-semibold underline underline-offset-2"
            onClick={() => void again()}
          >
            {t.tryAgain}
          </button>
        )}
      </Note>
    </div>
  );
}

export function CopyButton({ text, label = t.copy }: { text: string; label?: string }) {
  const [copied, setCopied] = useState(false);
  const copy = () => {
    void copyText(text).then(() => {
      setCopied(true);
      setTimeout(() => setCopied(false), 1_500);
    });
  };
  return (
    <Button onClick={copy} aria-label={copied ? t.copied : label}>
      {copied ? (
        <Check aria-hidden className="size-3.5 text-ok" />
      ) : (
        <Copy aria-hidden className="size-3.5" />
      )}
      {copied ? t.copied : t.copy}
    </Button>
  );
}

/** Without a secure context there is no clipboard: then as it was done before there was one. */
export async function copyText(text: string): Promise<void> {
  const clipboard = (navigator as { clipboard?: Clipboard }).clipboard;
  if (clipboard) return clipboard.writeText(text);
  const area = document.createElement('textarea');
  area.value = text;
  document.body.append(area);
  area.select();
  // eslint-disable-next-line @typescript-eslint/no-deprecated
  document.execCommand('copy');
  area.remove();
}

/** Something to copy, whole. */
export function Copyable({ text, label }: { text: string; label: string }) {
  return (
    <div className="flex items-center gap-2">
      <code
        aria-label={label}
        className="min-w-0 flex-1 rounded-md border border-line bg-raised px-2.5 py-1.5 font-mono text-xs break-all select-all"
      >
        {text}
      </code>
      <CopyButton text={text} />
    </div>
  );
}

export const Skeleton = ({ className }: { className: string }) => (
  <div aria-hidden className={cx('skeleton', className)} />
);

/** Told to those who do not see it. */
export const Loading = () => (
  <p role="status" className="sr-only">
    {t.loading}
  </p>
);

/** As large on the page as in words: one that is late moves nothing. */
export function Logo({ id, size = 32 }: { id: string; size?: 20 | 24 | 32 | 40 | 56 }) {
  const src = `/api/integrations/${encodeURIComponent(id)}/logo.svg`;
  return <img src={src} alt="" width={size} height={size} className="shrink-0 rounded-[22%] bg-raised" />;
}
