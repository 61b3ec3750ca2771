/** The walk along the whole audit log: whether every entry is as it was written. */
import { useEffect, useRef, useState, type SubmitEvent } from 'react';
import { call, queryOf } from '../../api/client.ts';
import { useChange } from '../../api/queries.ts';
import type { AuditHead, AuditVerified } from '../../api/types.ts';
import { Button, Copyable, Note, Trouble } from '../../parts/basics.tsx';
import { Dialog } from '../../parts/dialog.tsx';
import { TextField } from '../../parts/field.tsx';
import { t } from '../../texts.ts';

const texts = t.audit.chain;
const count = (number: number) => number.toLocaleString('en');

/** The last answer; `checked` altogether. */
export type Result = AuditVerified & { at: string };

const KEPT = /^\d{1,15}:[0-9a-f]{64}$/;
const written = ({ sequence, hash }: { sequence: number; hash: string }) => `${sequence}:${hash}`;

export function VerifyDialog({
  head,
  onResult,
  onClose,
}: {
  head: AuditHead;
  onResult: (result: Result) => void;
  onClose: () => void;
}) {
  const [kept, setKept] = useState('');
  const [tried, setTried] = useState(false);
  const [reached, setReached] = useState(0);
  const leaving = useRef(new AbortController());
  useEffect(() => {
    const controller = new AbortController();
    leaving.current = controller;
    return () => controller.abort();
  }, []);
  const walk = useChange(
    () => verifyAll(kept.trim(), leaving.current.signal, setReached),
    (result) => onResult(result),
  );
  const isKeptWrong = kept.trim() !== '' && !KEPT.test(kept.trim());
  const submit = (event: SubmitEvent) => {
    event.preventDefault();
    setTried(true);
    if (!isKeptWrong) walk.mutate(undefined);
  };
  return (
    <Dialog title={texts.title} onClose={onClose} wide>
      <form onSubmit={submit} noValidate className="grid gap-4">
        <p className="text-dim">{texts.whyText}</p>
        <TextField
          label={texts.kept}
          optional
          className="font-mono text-xs"
          value={kept}
          onText={setKept}
          hint={texts.keptHint}
          fault={tried && isKeptWrong ? texts.keptFault : undefined}
        />
        <div aria-live="polite" className="grid gap-2 empty:hidden">
          {walk.isPending && <Progress reached={reached} all={head.sequence} />}
          {walk.data && !walk.isPending && <Found result={walk.data} />}
        </div>
        <Trouble error={walk.error} />
        <div>
          <p className="mb-1 font-medium">{texts.current}</p>
          <Copyable text={written(head)} label={texts.current} />
          <p className="mt-1 text-xs text-dim">
            {texts.currentText} {texts.command}: <code className="font-mono">hub audit verify</code>
          </p>
        </div>
        <div className="flex justify-end gap-2">
          <Button onClick={onClose}>{walk.isPending ? texts.stop : t.close}</Button>
          <Button type="submit" look="main" busy={walk.isPending}>
            {walk.isPending ? texts.running : walk.data ? texts.again : texts.submit}
          </Button>
        </div>
      </form>
    </Dialog>
  );
}

/** Some thousands of entries an answer, until all were looked at or one is wrong. */
async function verifyAll(
  kept: string,
  signal: AbortSignal,
  onReached: (sequence: number) => void,
): Promise<Result> {
  let after: string | undefined;
  let checked = 0;
  for (;;) {
    const query = queryOf({ head: kept, after });
    const found = await call<AuditVerified>('GET', `/api/audit/verify${query}`, { signal });
    checked += found.checked;
    onReached(found.head.sequence);
    if (found.complete || found.problem !== null) return { ...found, checked, at: new Date().toISOString() };
    after = written(found.head);
  }
}

const Progress = ({ reached, all }: { reached: number; all: number }) => (
  <div>
    <progress
      aria-label={texts.running}
      max={Math.max(all, 1)}
      value={reached}
      className="w-full accent-fill"
    />
    <p className="text-xs text-dim">{texts.progress(count(reached), count(Math.max(all, reached)))}</p>
  </div>
);

function Found({ result: { problem, checked, head } }: { result: Result }) {
  if (problem === null)
    return <Note tone="ok">{checked === 0 ? texts.nothing : texts.sound(count(checked))}</Note>;
  return (
    <Note tone="bad">
      <p className="font-semibold">{texts.broken}</p>
      <p className="first-letter:uppercase">{problem}.</p>
      {head.sequence > 0 && <p>{texts.soundUpTo(count(head.sequence))}</p>}
    </Note>
  );
}
