/** Around every page of those who are signed in: where one can go, what needs somebody, who one is. */
import { useQuery, useQueryClient } from '@tanstack/react-query';
import { Link, Outlet } from '@tanstack/react-router';
import {
  Cable,
  KeyRound,
  LayoutGrid,
  Link2,
  Menu as MenuIcon,
  ScrollText,
  Users,
  Webhook,
  X,
} from 'lucide-react';
import { useEffect, useRef, useState } from 'react';
import { listen } from '../api/live.ts';
import { me, useMe } from '../api/queries.ts';
import { useSessionLost } from '../api/session.ts';
import { Problem } from '../api/client.ts';
import { cx, IconButton, Loading, Skeleton, Trouble } from '../parts/basics.tsx';
import { Mark } from '../parts/card.tsx';
import { t } from '../texts.ts';
import { AccountMenu } from './account-menu.tsx';
import { Bell } from './bell.tsx';
import { noteEvent, positionSeen } from './notifications.ts';
import { SignInAgain, SignInPage } from './sign-in.tsx';

export function Shell() {
  const { data, error, isPending, refetch } = useQuery(me);
  const isLost = useSessionLost();
  if (isPending) return <Waiting />;
  if (error instanceof Problem && error.status === 401) return <SignInPage />;
  if (!data)
    return (
      <main className="mx-auto max-w-md pt-24">
        <h1 className="sr-only">{t.product}</h1>
        <Trouble error={error} again={refetch} />
      </main>
    );
  return (
    <>
      <Frame />
      {isLost && <SignInAgain />}
    </>
  );
}

function Waiting() {
  return (
    <div className="p-8">
      <Loading />
      <Skeleton className="h-7 w-48" />
    </div>
  );
}

const PLACES = [
  { to: '/', label: t.nav.integrations, icon: LayoutGrid, exact: true },
  { to: '/connections', label: t.nav.connections, icon: Cable },
  { to: '/links', label: t.nav.links, icon: Link2, roles: ['admin', 'builder'] },
  { to: '/webhooks', label: t.nav.webhooks, icon: Webhook },
  { to: '/people', label: t.nav.people, icon: Users, roles: ['admin'] },
  { to: '/keys', label: t.nav.keys, icon: KeyRound, roles: ['admin'] },
  { to: '/audit', label: t.nav.audit, icon: ScrollText, roles: ['admin'] },
] as const;

function Frame() {
  useLive();
  const [isOpen, setOpen] = useState(false);
  return (
    <div className="md:grid md:grid-cols-[13.5rem_minmax(0,1fr)]">
      <a
        href="#content"
        className="sr-only z-50 rounded-md bg-panel px-3 py-2 focus:not-sr-only focus:fixed focus:top-2 focus:left-2"
      >
        {t.nav.skip}
      </a>
      <header className="sticky top-0 z-30 flex h-13 items-center gap-2 border-b border-line bg-canvas px-3 md:h-dvh md:flex-col md:items-stretch md:gap-0 md:border-r md:border-b-0 md:px-2.5 md:py-3">
        <IconButton
          label={isOpen ? t.close : t.nav.menu}
          aria-expanded={isOpen}
          aria-controls="places"
          onClick={() => setOpen(!isOpen)}
          className="md:hidden"
        >
          {isOpen ? <X aria-hidden className="size-5" /> : <MenuIcon aria-hidden className="size-5" />}
        </IconButton>
        <Link to="/" className="flex items-center gap-2.5 rounded-md px-1.5 py-1 md:mb-3">
          <Mark />
          <span className="font-semibold tracking-tight">{t.product}</span>
        </Link>
        <Places isOpen={isOpen} onGo={() => setOpen(false)} />
        <div className="ml-auto flex items-center gap-1 md:mt-auto md:ml-0">
          <AccountMenu />
          <Bell />
        </div>
      </header>
      <main id="content" tabIndex={-1} className="min-w-0 px-4 py-6 outline-none md:px-8 md:py-7">
        <div className="mx-auto max-w-[68rem]">
          <Outlet />
        </div>
      </main>
    </div>
  );
}

function Places({ isOpen, onGo }: { isOpen: boolean; onGo: () => void }) {
  const { role } = useMe();
  return (
    <nav
      id="places"
      aria-label={t.nav.label}
      className={cx(
        'absolute inset-x-0 top-13 border-b border-line bg-canvas p-2.5 shadow-over md:static md:block md:border-0 md:p-0 md:shadow-none',
        !isOpen && 'hidden',
      )}
    >
      <ul className="grid gap-0.5">
        {PLACES.filter(
          (place) => !('roles' in place) || (place.roles as readonly string[]).includes(role),
        ).map(({ to, label, icon: Icon, ...place }) => (
          <li key={to}>
            <Link
              to={to}
              onClick={onGo}
              activeOptions={{ exact: 'exact' in place, includeSearch: false }}
              className="flex h-9 items-center gap-2.5 rounded-md px-2 font-medium text-dim transition-colors hover:bg-raised hover:text-ink data-[status=active]:bg-raised data-[status=active]:text-ink md:h-8"
            >
              <Icon aria-hidden className="size-4" />
              {label}
            </Link>
          </li>
        ))}
      </ul>
    </nav>
  );
}

// Many events at once are one look at the lists.
const GATHER_MS = 250;

/** What happens to connections changes what is on the page. */
function useLive(): void {
  const { id } = useMe();
  const client = useQueryClient();
  const timer = useRef<ReturnType<typeof setTimeout>>(undefined);
  useEffect(
    () =>
      listen(id, positionSeen(id), ({ event, position }) => {
        noteEvent(id, event, position);
        void client.invalidateQueries({ queryKey: ['connection', event.connectionId] });
        timer.current ??= setTimeout(() => {
          timer.current = undefined;
          void client.invalidateQueries({ queryKey: ['connections'] });
        }, GATHER_MS);
      }),
    [client, id],
  );
}
