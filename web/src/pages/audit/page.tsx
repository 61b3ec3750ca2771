/** The audit log, for admins: who did what, what came of it, and whether that is what was written. */
import { keepPreviousData, useQuery } from '@tanstack/react-query';
import { useNavigate, useSearch } from '@tanstack/react-router';
import { Download } from 'lucide-react';
import { DropdownMenu } from 'radix-ui';
import { useEffect, useRef, useState, type ReactNode } from 'react';
import { call, problemIn, queryOf } from '../../api/client.ts';
import { auditHead, useMe } from '../../api/queries.ts';
import type { AuditEntry, AuditPage } from '../../api/types.ts';
import {
  Button,
  buttonLook,
  cx,
  Empty,
  Loading,
  Note,
  PageHead,
  Skeleton,
  Trouble,
} from '../../parts/basics.tsx';
import { MenuFrame } from '../../parts/menu-frame.tsx';
import { menuItem } from '../../parts/menu.ts';
import { Paging, TURNED } from '../../parts/paging.tsx';
import { useTitle } from '../../parts/title.ts';
import { t } from '../../texts.ts';
import { ChainState } from './chain.tsx';
import { Entries } from './entries.tsx';
import { EntryDialog } from './entry.tsx';
import { Filters } from './filters.tsx';
import { namesOf } from './words.ts';

const PAGE = 50;

export function Audit() {
  useTitle(t.audit.title);
  const { role } = useMe();
  if (role === 'admin') return <Log />;
  return (
    <>
      <PageHead title={t.audit.title} />
      <Note>{t.problems.FORBIDDEN?.(undefined)}</Note>
    </>
  );
}

function Log() {
  const { cursor, order, ...filter } = useSearch({ from: '/inside/audit' });
  const navigate = useNavigate({ from: '/audit' });
  const [open, setOpen] = useState<AuditEntry | null>(null);
  const isNewest = cursor === undefined && order !== 'asc';
  const { data, error, isPlaceholderData, refetch } = useQuery({
    queryKey: ['audit', filter, order, cursor],
    queryFn: ({ signal }) =>
      call<AuditPage>('GET', `/api/audit${queryOf({ ...filter, order, cursor, limit: PAGE })}`, { signal }),
    placeholderData: keepPreviousData,
  });
  useLatest(isNewest ? refetch : null);
  const isFiltered = Object.values(filter).some((one) => one !== undefined);
  const nameOf = namesOf({ names: data?.names ?? [] });
  const clear = <Button onClick={() => void navigate({ search: {} })}>{t.audit.clear}</Button>;
  const isRefused = problemIn(error).code === 'VALIDATION_FAILED';
  return (
    <>
      <PageHead title={t.audit.title} lead={t.audit.text}>
        <Export query={filter} />
      </PageHead>
      <ChainState />
      <Filters nameOf={nameOf} isFiltered={isFiltered} />
      {error && isRefused && <Unusable error={error}>{clear}</Unusable>}
      {error && !isRefused && (
        <div className="mb-3">
          <Trouble error={error} again={refetch} />
        </div>
      )}
      {!data && !error && <Waiting />}
      {data?.data.length === 0 && (
        <div className="rounded-lg border border-line bg-panel">
          {isFiltered || cursor !== undefined ? (
            <Empty title={t.audit.noneFound}>{clear}</Empty>
          ) : (
            <Empty title={t.audit.none} text={t.audit.noneText} />
          )}
        </div>
      )}
      {data !== undefined && data.data.length > 0 && !isRefused && (
        <div className={cx('transition-opacity', isPlaceholderData && 'opacity-60')}>
          <Entries entries={data.data} nameOf={nameOf} onOpen={setOpen} />
        </div>
      )}
      {data && (
        <Paging
          cursor={cursor}
          next={data.nextCursor}
          labels={order === 'asc' ? [t.pages.older, t.pages.newer] : [t.pages.newer, t.pages.older]}
          onTurn={(to) => void navigate({ search: (before) => ({ ...before, cursor: to }), state: TURNED })}
        />
      )}
      {open && <EntryDialog entry={open} nameOf={nameOf} onClose={() => setOpen(null)} />}
    </>
  );
}

/** Looks again where the log has grown: to look for what is not there may be to look at all of it. */
function useLatest(lookAgain: (() => unknown) | null): void {
  const { data: head } = useQuery(auditHead);
  const end = useRef(head?.sequence);
  useEffect(() => {
    const before = end.current;
    end.current = head?.sequence;
    if (before !== undefined && before !== head?.sequence) void lookAgain?.();
  });
}

/** What an address asks for may be anything: the API says what of it is wrong. */
function Unusable({ error, children }: { error: unknown; children: ReactNode }) {
  const { errors, message } = problemIn(error);
  const faults = errors.map(({ path, message: fault }) => `${path.split('/').at(-1) ?? ''} ${fault}`);
  return (
    <div role="alert" className="rounded-lg border border-line bg-panel">
      <Empty title={t.audit.unusable} text={faults.join('; ') || message}>
        {children}
      </Empty>
    </div>
  );
}

function Export({ query }: { query: Record<string, string | undefined> }) {
  return (
    <DropdownMenu.Root modal={false}>
      <DropdownMenu.Trigger className={buttonLook()}>
        <Download aria-hidden className="size-4" />
        {t.audit.export}
      </DropdownMenu.Trigger>
      <MenuFrame align="end" width="min-w-52">
        {(['csv', 'ndjson'] as const).map((format) => (
          <DropdownMenu.Item key={format} asChild className={menuItem}>
            <a href={`/api/audit/export${queryOf({ ...query, format })}`} download>
              {t.audit.exports[format]}
            </a>
          </DropdownMenu.Item>
        ))}
      </MenuFrame>
    </DropdownMenu.Root>
  );
}

function Waiting() {
  return (
    <>
      <Loading />
      <div className="grid gap-px overflow-hidden rounded-lg border border-line">
        {Array.from({ length: 8 }, (_, index) => (
          <Skeleton key={index} className="h-14 rounded-none" />
        ))}
      </div>
    </>
  );
}
