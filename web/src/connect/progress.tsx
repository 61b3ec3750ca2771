/** How far it is, and how it ended. */
import { Link } from '@tanstack/react-router';
import { Check, LoaderCircle, XCircle } from 'lucide-react';
import type { ReactNode } from 'react';
import type { Connection, TestResult } from '../api/types.ts';
import { Button, buttonLook, cx, Note } from '../parts/basics.tsx';
import { t } from '../texts.ts';

const STEPS = ['opening', 'waiting', 'testing'] as const;

export function Progress({ at, name }: { at: (typeof STEPS)[number]; name: string }) {
  const now = STEPS.indexOf(at);
  return (
    <ol aria-label={t.connect.stepsLabel} aria-live="polite" className="grid gap-2.5 py-1">
      {STEPS.map((step, index) => {
        const text = step === 'testing' ? t.connect.steps.testing : t.connect.steps[step](name);
        return (
          <li
            key={step}
            aria-current={index === now ? 'step' : undefined}
            className={cx('flex items-center gap-2.5', index === now ? 'font-medium' : 'text-dim')}
          >
            <span
              aria-hidden
              className="grid size-5 place-items-center rounded-full border border-line-strong"
            >
              {index < now && <Check className="size-3 text-ok" />}
              {index === now && (
                <LoaderCircle className="size-3.5 animate-spin text-accent motion-reduce:animate-none" />
              )}
            </span>
            {text}
          </li>
        );
      })}
    </ol>
  );
}

type DoneProps = {
  connection: Connection;
  test: TestResult;
  name: string;
  onGo?: () => void;
  children?: ReactNode;
};

export function Done({ connection, test, name, onGo, children }: DoneProps) {
  const account = test.account ?? connection.account;
  const missing = connection.credentials?.missingScopes ?? [];
  return (
    <div role="status" className="grid gap-3">
      <div className="flex items-center gap-3">
        <span aria-hidden className="grid size-9 shrink-0 place-items-center rounded-full bg-ok-soft text-ok">
          <Check className="size-5" />
        </span>
        <div className="min-w-0">
          <p className="font-semibold">{t.connect.done(name)}</p>
          <p className="break-words text-dim">{account ? t.connect.as(account.name) : connection.name}</p>
        </div>
      </div>
      {test.ok ? (
        <Note tone="ok">{t.connect.tested(Math.round(test.latencyMs))}</Note>
      ) : (
        <Note tone="warn">
          {t.connect.testFailed}: {test.message}
        </Note>
      )}
      {missing.length > 0 && (
        <Note tone="warn">
          <p>{t.connect.narrower(missing.length)}</p>
          <p className="mt-1 font-mono text-xs break-all">{missing.join(', ')}</p>
        </Note>
      )}
      {children}
      <div className="flex justify-end gap-2">
        <Link
          to="/connections/$id"
          params={{ id: connection.id }}
          search={{}}
          {...(onGo ? { onClick: onGo } : {})}
          className={buttonLook('main')}
        >
          {t.connect.open}
        </Link>
      </div>
    </div>
  );
}

type FailedProps = {
  connection: Connection;
  name: string;
  again: (() => void) | undefined;
  children?: ReactNode;
};

export function Failed({ connection, name, again, children }: FailedProps) {
  const { code = '', message } = connection.statusReason ?? {};
  const isWorking = connection.status === 'connected';
  return (
    <div role="alert" className="grid gap-3">
      <div className="flex gap-3">
        <XCircle aria-hidden className="mt-0.5 size-5 shrink-0 text-bad" />
        <div className="min-w-0">
          <p className="font-semibold">{isWorking ? t.connect.notAgain : t.connect.failed(name)}</p>
          <p className="break-words">{isWorking ? t.connect.asBefore : (message ?? t.reasons[code])}</p>
        </div>
      </div>
      <div className="flex justify-end gap-2">
        {children}
        {again && (
          <Button look="main" onClick={again}>
            {t.tryAgain}
          </Button>
        )}
      </div>
    </div>
  );
}
