/** All connections one may see, page by page: there may be a hundred thousand. */
import { keepPreviousData, useQuery } from '@tanstack/react-query';
import { Link, useNavigate, useSearch } from '@tanstack/react-router';
import { Search } from 'lucide-react';
import { useEffect, useState } from 'react';
import { connections, integrations, useMe, users } from '../api/queries.ts';
import type { Connection } from '../api/types.ts';
import {
  Button,
  buttonLook,
  cx,
  Empty,
  Loading,
  Logo,
  PageHead,
  Skeleton,
  Trouble,
} from '../parts/basics.tsx';
import { inputLook, Select } from '../parts/field.tsx';
import { Paging, TURNED } from '../parts/paging.tsx';
import { StatusBadge } from '../parts/status.tsx';
import { Ago } from '../parts/time.tsx';
import { useTitle } from '../parts/title.ts';
import { t } from '../texts.ts';

const PAGE = 50;

export function Connections() {
  useTitle(t.connections.title);
  const search = useSearch({ from: '/inside/connections' });
  const navigate = useNavigate({ from: '/connections' });
  const filter = { ...search, limit: PAGE };
  const { data, error, isPlaceholderData, refetch } = useQuery({
    ...connections(filter),
    placeholderData: keepPreviousData,
  });
  const isFiltered = [search.q, search.integrationId, search.status, search.userId].some(
    (one) => one !== undefined,
  );
  const turnTo = (cursor: string | undefined) =>
    void navigate({ search: (before) => ({ ...before, cursor }), state: TURNED });
  return (
    <>
      <PageHead title={t.connections.title}>
        <Link to="/" className={buttonLook('main')}>
          {t.connections.browse}
        </Link>
      </PageHead>
      <Filters />
      {error && <Trouble error={error} again={refetch} />}
      {!data && !error && <Waiting />}
      {data?.data.length === 0 && (
        <div className="rounded-lg border border-line bg-panel">
          {isFiltered || search.cursor !== undefined ? (
            <Empty title={t.connections.noneFound}>
              <Button onClick={() => void navigate({ search: {} })}>{t.connections.clear}</Button>
            </Empty>
          ) : (
            <Empty title={t.connections.none} text={t.connections.noneText}>
              <Link to="/" className={buttonLook('main')}>
                {t.connections.browse}
              </Link>
            </Empty>
          )}
        </div>
      )}
      {data !== undefined && data.data.length > 0 && (
        <div className={cx('transition-opacity', isPlaceholderData && 'opacity-60')}>
          <Table connections={data.data} />
        </div>
      )}
      {data && (
        <Paging
          cursor={search.cursor}
          next={data.nextCursor}
          labels={[t.pages.newer, t.pages.older]}
          onTurn={turnTo}
        />
      )}
    </>
  );
}

const SEARCH_AFTER_MS = 250;

function Filters() {
  const search = useSearch({ from: '/inside/connections' });
  const navigate = useNavigate({ from: '/connections' });
  const { role, id } = useMe();
  const { data: catalogue } = useQuery(integrations);
  const { data: people } = useQuery({ ...users, enabled: role === 'admin' });
  const [q, setQ] = useState(search.q ?? '');
  const set = (change: Partial<typeof search>) =>
    void navigate({ search: (before) => ({ ...before, cursor: undefined, ...change }), replace: true });
  useEffect(() => {
    if (q === (search.q ?? '')) return;
    const timer = setTimeout(() => set({ q: q || undefined }), SEARCH_AFTER_MS);
    return () => clearTimeout(timer);
  });
  return (
    <div className="mb-4 grid grid-cols-2 gap-2 sm:flex sm:flex-wrap">
      <div className="relative col-span-2 w-full sm:max-w-64">
        <Search aria-hidden className="pointer-events-none absolute top-2 left-2.5 size-4 text-dim" />
        <input
          type="search"
          aria-label={t.connections.search}
          placeholder={t.connections.search}
          value={q}
          maxLength={200}
          onChange={(event) => setQ(event.target.value)}
          className={cx(inputLook, 'pl-8')}
        />
      </div>
      <Select
        aria-label={t.connections.status}
        className="sm:w-40"
        value={search.status ?? ''}
        onText={(value) => set({ status: value || undefined })}
        options={[
          { value: '', label: t.connections.anyStatus },
          { value: 'connected', label: t.status.connected },
          { value: 'error', label: t.status.error },
          { value: 'disconnected', label: t.status.disconnected },
        ]}
      />
      <Select
        aria-label={t.connections.integration}
        className="sm:w-44"
        value={search.integrationId ?? ''}
        onText={(value) => set({ integrationId: value || undefined })}
        options={[
          { value: '', label: t.connections.anyIntegration },
          ...(catalogue?.data ?? []).map((one) => ({ value: one.id, label: one.name })),
        ]}
      />
      {role !== 'builder' && (
        <Select
          aria-label={t.connections.user}
          className="col-span-2 sm:w-40"
          value={search.userId ?? ''}
          onText={(value) => set({ userId: value || undefined })}
          options={[
            { value: '', label: t.connections.anyUser },
            { value: id, label: t.connections.you },
            ...(people?.data ?? [])
              .filter((one) => one.id !== id)
              .map((one) => ({ value: one.id, label: one.name })),
            ...unlisted(search.userId, [id, ...(people?.data ?? []).map((one) => one.id)]),
          ]}
        />
      )}
    </div>
  );
}

/** A user of an API key has no account, and may be filtered by all the same. */
const unlisted = (userId: string | undefined, known: string[]) =>
  userId === undefined || known.includes(userId) ? [] : [{ value: userId, label: userId }];

function Table({ connections: rows }: { connections: Connection[] }) {
  const { data: catalogue } = useQuery(integrations);
  const { role } = useMe();
  const nameOf = (id: string) => catalogue?.data.find((one) => one.id === id)?.name ?? id;
  const { columns } = t.connections;
  return (
    <div className="overflow-hidden rounded-lg border border-line bg-panel shadow-panel">
      <table className="w-full table-fixed text-left">
        <caption className="sr-only">{t.connections.title}</caption>
        <thead className="hidden border-b border-line text-xs text-dim sm:table-header-group">
          <tr>
            <th scope="col" className="py-2 pl-4 font-medium">
              {columns.name}
            </th>
            <th scope="col" className="hidden px-3 py-2 font-medium md:table-cell">
              {columns.account}
            </th>
            <th scope="col" className="w-40 px-3 py-2 font-medium">
              {columns.status}
            </th>
            <th scope="col" className="hidden w-32 px-3 py-2 font-medium lg:table-cell">
              {columns.checked}
            </th>
            <th scope="col" className="hidden w-32 px-3 py-2 font-medium lg:table-cell">
              {columns.used}
            </th>
          </tr>
        </thead>
        <tbody>
          {rows.map((row) => (
            <tr key={row.id} className="relative border-b border-line last:border-0 hover:bg-raised/60">
              <td className="py-2 pl-4">
                <div className="flex min-w-0 items-center gap-3">
                  <Logo id={row.integrationId} size={24} />
                  <div className="min-w-0">
                    <Link
                      to="/connections/$id"
                      params={{ id: row.id }}
                      search={{}}
                      className="block truncate font-medium after:absolute after:inset-0"
                    >
                      {row.name}
                    </Link>
                    <p className="truncate text-xs text-dim">
                      {nameOf(row.integrationId)}
                      {row.account && <span className="md:hidden"> · {row.account.name}</span>}
                      {role !== 'builder' && <span className="hidden sm:inline"> · {row.userId}</span>}
                    </p>
                  </div>
                </div>
              </td>
              <td className="hidden truncate px-3 py-2 text-dim md:table-cell">{row.account?.name ?? '—'}</td>
              <td className="w-36 px-3 py-2 text-right sm:text-left">
                <StatusBadge connection={row} />
              </td>
              <td className="hidden px-3 py-2 text-dim lg:table-cell">
                <Ago time={row.lastHealthCheck?.at} />
              </td>
              <td className="hidden px-3 py-2 text-dim lg:table-cell">
                <Ago time={row.lastUsed} none={t.connections.never} />
              </td>
            </tr>
          ))}
        </tbody>
      </table>
    </div>
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
