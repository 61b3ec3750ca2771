/** Where the audit log's chain ends, and whether it was found to be what was written. */
import { useQuery } from '@tanstack/react-query';
import { ShieldCheck } from 'lucide-react';
import { useState } from 'react';
import { auditHead } from '../../api/queries.ts';
import type { AuditHead } from '../../api/types.ts';
import { Badge, Button } from '../../parts/basics.tsx';
import { Ago } from '../../parts/time.tsx';
import { t } from '../../texts.ts';
import { VerifyDialog, type Result } from './verify.tsx';

const texts = t.audit.chain;

export function ChainState() {
  const { data: head } = useQuery(auditHead);
  const [isOpen, setOpen] = useState(false);
  const [result, setResult] = useState<Result | null>(null);
  return (
    <div className="mb-4 flex min-h-11 flex-wrap items-center gap-x-3 gap-y-1 rounded-lg border border-line bg-panel px-4 py-1.5 shadow-panel">
      <ShieldCheck aria-hidden className="size-4 shrink-0 text-dim" />
      <p className="min-w-0 flex-1 basis-48">{head ? <Standing head={head} /> : t.loading}</p>
      {result && (
        <span className="flex items-center gap-2 text-xs text-dim">
          <Badge tone={result.problem === null ? 'ok' : 'bad'}>
            {result.problem === null ? texts.verified : texts.isBroken}
          </Badge>
          <Ago time={result.at} />
        </span>
      )}
      <Button disabled={!head} onClick={() => setOpen(true)}>
        {texts.verify}
      </Button>
      {isOpen && head && <VerifyDialog head={head} onResult={setResult} onClose={() => setOpen(false)} />}
    </div>
  );
}

function Standing({ head: { sequence, waiting, underWay } }: { head: AuditHead }) {
  const more = [
    ...(waiting > 0 ? [texts.waiting(waiting)] : []),
    ...(underWay > 0 ? [texts.underWay(underWay)] : []),
  ];
  return (
    <>
      {sequence === 0 ? texts.empty : texts.upTo(sequence.toLocaleString('en'))}
      {more.length > 0 && <span className="text-dim"> · {more.join(' · ')}</span>}
    </>
  );
}
