/** What needs somebody now, and what has happened since one last looked. */
import { useQuery } from '@tanstack/react-query';
import { Link } from '@tanstack/react-router';
import { Bell as BellIcon } from 'lucide-react';
import { Popover } from 'radix-ui';
import { useState, type ReactNode } from 'react';
import { connections, integrations, useMe } from '../api/queries.ts';
import type { HubEvent } from '../api/types.ts';
import { cx, Empty, Logo } from '../parts/basics.tsx';
import { menuLook } from '../parts/menu.ts';
import { Ago } from '../parts/time.tsx';
import { t } from '../texts.ts';
import { markAllSeen, useNotifications } from './notifications.ts';

export function Bell() {
  const { id } = useMe();
  const { events, unread } = useNotifications(id);
  const [isOpen, setOpen] = useState(false);
  const change = (open: boolean) => {
    setOpen(open);
    // On closing: what is new is marked as such while one looks.
    if (!open) markAllSeen(id);
  };
  return (
    <Popover.Root open={isOpen} onOpenChange={change}>
      <Popover.Trigger
        aria-label={t.bell.label(unread)}
        className="relative grid size-9 shrink-0 place-items-center rounded-md text-dim hover:bg-raised hover:text-ink data-[state=open]:bg-raised"
      >
        <BellIcon aria-hidden className="size-4.5" />
        {unread > 0 && (
          <span
            aria-hidden
            className="absolute top-0.5 right-0.5 grid h-4 min-w-4 place-items-center rounded-full bg-fill px-1 text-[0.625rem] font-semibold text-white"
          >
            {unread > 9 ? '9+' : unread}
          </span>
        )}
      </Popover.Trigger>
      <Popover.Portal>
        <Popover.Content
          align="end"
          sideOffset={6}
          collisionPadding={8}
          aria-label={t.bell.title}
          className={cx(
            menuLook,
            'max-h-[min(32rem,80dvh)] w-88 max-w-[calc(100vw-1rem)] overflow-y-auto p-0',
          )}
        >
          <Told events={events} onGo={() => change(false)} />
        </Popover.Content>
      </Popover.Portal>
    </Popover.Root>
  );
}

const SHOWN = 5;

function Told({ events, onGo }: { events: HubEvent[]; onGo: () => void }) {
  const { data: broken } = useQuery(connections({ status: 'error', limit: SHOWN }));
  const { data: catalogue } = useQuery(integrations);
  const nameOf = (id: string) => catalogue?.data.find((one) => one.id === id)?.name ?? id;
  const isEmpty = (broken?.data.length ?? 0) === 0 && events.length === 0;
  return (
    <>
      <h2 className="border-b border-line px-3 py-2.5 font-semibold">{t.bell.title}</h2>
      {isEmpty && <Empty title={t.bell.none} text={t.bell.noneText} />}
      {broken !== undefined && broken.data.length > 0 && (
        <Group title={t.bell.attention}>
          {broken.data.map(({ id, integrationId, name, statusReason }) => (
            <Line key={id} connectionId={id} integrationId={integrationId} onGo={onGo} title={name}>
              {t.reasons[statusReason?.code ?? ''] ?? statusReason?.message}
            </Line>
          ))}
          {broken.nextCursor !== null && (
            <Link
              to="/connections"
              search={{ status: 'error' }}
              onClick={onGo}
              className="block px-3 py-2 font-medium text-accent hover:underline"
            >
              {t.bell.allOf}
            </Link>
          )}
        </Group>
      )}
      {events.length > 0 && (
        <Group title={t.bell.recent}>
          {events.map(({ id, type, connectionId, integrationId, at, reason }) => (
            <Line
              key={id}
              connectionId={connectionId}
              integrationId={integrationId}
              onGo={onGo}
              title={`${nameOf(integrationId)}: ${t.events[type] ?? type}`}
            >
              <Ago time={at} />
              {reason !== undefined && t.reasons[reason] !== undefined && ` · ${t.reasons[reason]}`}
            </Line>
          ))}
        </Group>
      )}
    </>
  );
}

const Group = ({ title, children }: { title: string; children: ReactNode }) => (
  <section className="py-1.5">
    <h3 className="px-3 py-1 text-xs font-medium text-dim">{title}</h3>
    {children}
  </section>
);

type LineProps = {
  connectionId: string;
  integrationId: string;
  title: string;
  onGo: () => void;
  children: ReactNode;
};

const Line = ({ connectionId, integrationId, title, onGo, children }: LineProps) => (
  <Link
    to="/connections/$id"
    params={{ id: connectionId }}
    search={{}}
    onClick={onGo}
    className="flex gap-2.5 px-3 py-1.5 hover:bg-raised"
  >
    <span className="pt-0.5">
      <Logo id={integrationId} size={24} />
    </span>
    <span className="min-w-0">
      <span className="block truncate font-medium">{title}</span>
      <span className="block text-xs break-words text-dim">{children}</span>
    </span>
  </Link>
);
