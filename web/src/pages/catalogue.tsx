/** All that can be connected. */
import { useQuery } from '@tanstack/react-query';
import { Link, useNavigate, useSearch } from '@tanstack/react-router';
import { Search } from 'lucide-react';
import { useDeferredValue, useState } from 'react';
import { connections, integrations, useMe } from '../api/queries.ts';
import type { Integration } from '../api/types.ts';
import {
  Badge,
  Button,
  buttonLook,
  cx,
  Empty,
  Loading,
  Logo,
  Note,
  PageHead,
  Skeleton,
  Trouble,
} from '../parts/basics.tsx';
import { inputLook } from '../parts/field.tsx';
import { beginConnecting, type Connecting } from '../connect/window.ts';
import { lazily } from '../parts/lazily.tsx';
import { useTitle } from '../parts/title.ts';
import { t } from '../texts.ts';

const ConnectDialog = lazily(() => import('../connect/dialog.tsx').then((module) => module.ConnectDialog));

export function Catalogue() {
  useTitle(t.catalogue.title);
  const { q = '', category } = useSearch({ from: '/inside/' });
  const navigate = useNavigate({ from: '/' });
  const { data, error, refetch } = useQuery(integrations);
  const { role } = useMe();
  const [connecting, setConnecting] = useState<Connecting | null>(null);
  const wanted = useDeferredValue(q);
  const all = data?.data ?? [];
  const shown = all.filter(
    (one) => (category === undefined || one.category === category) && fits(one, wanted),
  );
  const isAllSandbox = all.length > 0 && all.every(({ sandbox }) => sandbox);
  const choose = (change: { q?: string | undefined; category?: string | undefined }) =>
    void navigate({ search: (before) => ({ ...before, ...change }), replace: true });
  return (
    <>
      <PageHead title={t.catalogue.title} lead={<FirstTime />}>
        {role === 'admin' && (
          <Link to="/add-integration" className={buttonLook()}>
            {t.own.add}
          </Link>
        )}
      </PageHead>
      <div className="mb-5 flex flex-wrap items-center gap-3">
        <div className="relative w-full sm:max-w-72">
          <Search aria-hidden className="pointer-events-none absolute top-2 left-2.5 size-4 text-dim" />
          <input
            type="search"
            aria-label={t.catalogue.search}
            placeholder={t.catalogue.searchHint}
            value={q}
            onChange={(event) => choose({ q: event.target.value || undefined })}
            className={cx(inputLook, 'pl-8')}
          />
        </div>
        <Categories all={all} chosen={category} onChoose={(value) => choose({ category: value })} />
      </div>
      {error && <Trouble error={error} again={refetch} />}
      {!data && !error && <Waiting />}
      {data && shown.length === 0 && (
        <Empty title={t.catalogue.none} text={t.catalogue.noneText}>
          <Button onClick={() => choose({ q: undefined, category: undefined })}>{t.catalogue.clear}</Button>
        </Empty>
      )}
      {isAllSandbox && (
        <Note tone="accent" className="mb-4">
          {t.catalogue.allSandbox}
        </Note>
      )}
      <ul className={GRID}>
        {shown.map((one) => (
          <Tile
            key={one.id}
            integration={one}
            quiet={isAllSandbox}
            onConnect={() => setConnecting(beginConnecting(one))}
          />
        ))}
      </ul>
      {connecting && <ConnectDialog {...connecting} onClose={() => setConnecting(null)} />}
    </>
  );
}

const GRID = 'grid gap-3 sm:grid-cols-2 xl:grid-cols-3';

function fits({ name, description, category, capabilities }: Integration, wanted: string): boolean {
  const text = [name, description, category, ...capabilities].join(' ').toLowerCase();
  return wanted
    .toLowerCase()
    .split(/\s+/)
    .every((word) => text.includes(word));
}

/** Said to those who have nothing connected yet. */
function FirstTime() {
  const { data } = useQuery(connections({ limit: 1 }));
  return data?.data.length === 0 ? t.catalogue.firstTimeText : ' ';
}

type CategoriesProps = {
  all: Integration[];
  chosen: string | undefined;
  onChoose: (category: string | undefined) => void;
};

function Categories({ all, chosen, onChoose }: CategoriesProps) {
  const names = [...new Set(all.map(({ category }) => category))].sort();
  return (
    <div role="group" aria-label={t.catalogue.categories} className="flex min-h-7 flex-wrap gap-1">
      {names.length > 0 &&
        [undefined, ...names].map((name) => (
          <button
            key={name ?? ''}
            type="button"
            aria-pressed={chosen === name}
            onClick={() => onChoose(name)}
            className="h-7 rounded-full px-3 text-dim transition-colors hover:bg-raised hover:text-ink aria-pressed:bg-accent-soft aria-pressed:font-medium aria-pressed:text-accent"
          >
            {name ?? t.catalogue.all}
          </button>
        ))}
    </div>
  );
}

type TileProps = { integration: Integration; quiet: boolean; onConnect: () => void };

/** @param quiet what is true of all of them is not said of each */
function Tile({ integration, quiet, onConnect }: TileProps) {
  const { id, name, description, category } = integration;
  return (
    <li className="relative flex flex-col rounded-lg border border-line bg-panel p-4 shadow-panel transition-colors hover:border-line-strong">
      <div className="flex items-start gap-3">
        <Logo id={id} size={40} />
        <div className="min-w-0 flex-1">
          <h2 className="truncate font-semibold">
            <Link
              to="/integrations/$id"
              params={{ id }}
              className="after:absolute after:inset-0 after:rounded-lg"
            >
              {name}
            </Link>
          </h2>
          <p className="text-xs text-dim">{category}</p>
        </div>
        <Marks integration={quiet ? { ...integration, sandbox: false } : integration} />
      </div>
      <p className="mt-3 line-clamp-2 flex-1 text-dim">{description}</p>
      <div className="relative mt-4 flex items-center justify-between gap-3 self-stretch">
        <ConnectOrSetUp integration={integration} onConnect={onConnect} />
      </div>
    </li>
  );
}

export function Marks({
  integration: { status, sandbox, configured, authTypes },
}: {
  integration: Integration;
}) {
  return (
    <span className="flex flex-wrap justify-end gap-1">
      {status !== 'active' && (
        <Badge tone={status === 'beta' ? 'accent' : 'warn'}>{t.catalogue.statuses[status]}</Badge>
      )}
      {sandbox && <Badge>{t.catalogue.sandbox}</Badge>}
      {!configured && authTypes.includes('oauth2') && <Badge tone="warn">{t.catalogue.notSetUp}</Badge>}
    </span>
  );
}

/** Where there is no app, an admin makes one; with a key one connects all the same. */
function ConnectOrSetUp({ integration, onConnect }: { integration: Integration; onConnect: () => void }) {
  const { role } = useMe();
  const { id, name, configured, authTypes } = integration;
  const canConnect = role !== 'operator' && (configured || authTypes.some((type) => type !== 'oauth2'));
  return (
    <>
      <span className="text-xs text-dim">
        {authTypes.map((type) => t.integration.shortWayOf[type]).join(' · ')}
      </span>
      <span className="flex gap-2">
        {!configured && role === 'admin' && (
          <Link
            to="/integrations/$id"
            params={{ id }}
            className={buttonLook()}
            aria-label={`${t.catalogue.setUp}: ${name}`}
          >
            {t.catalogue.setUp}
          </Link>
        )}
        {canConnect && (
          <Button onClick={onConnect} aria-label={t.connect.title(name)}>
            {t.catalogue.connect}
          </Button>
        )}
      </span>
    </>
  );
}

function Waiting() {
  return (
    <>
      <Loading />
      <div className={GRID}>
        {Array.from({ length: 9 }, (_, index) => (
          <Skeleton key={index} className="h-[10.75rem] rounded-lg" />
        ))}
      </div>
    </>
  );
}
