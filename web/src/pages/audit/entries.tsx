/** Entries, each of which opens. */
import { useQuery } from '@tanstack/react-query';
import {
  AppWindow,
  CircleDot,
  KeyRound,
  LockKeyhole,
  ScrollText,
  ShieldAlert,
  User,
  UserPlus,
  Webhook,
  type LucideIcon,
} from 'lucide-react';
import { integrations } from '../../api/queries.ts';
import type { AuditEntry } from '../../api/types.ts';
import { Badge, Logo, type Tone } from '../../parts/basics.tsx';
import { Table } from '../../parts/table.tsx';
import { exactly } from '../../parts/time.tsx';
import { t } from '../../texts.ts';
import { aboutOf, actionOf, codeOf, requestOf, whoOf, type NameOf } from './words.ts';

const TONES: Record<AuditEntry['outcome'], Tone> = {
  done: 'ok',
  refused: 'warn',
  failed: 'bad',
  unknown: 'bad',
};

export const Outcome = ({ outcome }: Pick<AuditEntry, 'outcome'>) => (
  <Badge tone={TONES[outcome]} dot>
    {t.audit.outcomes[outcome]}
  </Badge>
);

// Of what belongs to no integration.
const ICONS: Partial<Record<string, LucideIcon>> = {
  key: KeyRound,
  user: User,
  invitation: UserPlus,
  client: AppWindow,
  grant: AppWindow,
  webhook: Webhook,
  encryption: LockKeyhole,
  audit: ScrollText,
  access: ShieldAlert,
};

type Props = { entries: AuditEntry[]; nameOf: NameOf; onOpen: (entry: AuditEntry) => void };

export function Entries({ entries, nameOf, onOpen }: Props) {
  const { data: catalogue } = useQuery(integrations);
  const integrationName = (id: string) => catalogue?.data.find((one) => one.id === id)?.name ?? id;
  const { columns } = t.audit;
  return (
    <Table
      caption={t.audit.title}
      rows={entries}
      keyOf={({ id }) => id}
      columns={[
        {
          title: columns.what,
          of: (entry) => (
            <What entry={entry} about={aboutOf(entry, nameOf, integrationName)} onOpen={onOpen} />
          ),
        },
        {
          title: columns.who,
          className: 'max-sm:min-w-0 max-sm:flex-1',
          of: (entry) => (
            <div className="max-sm:pl-9 max-sm:text-xs max-sm:text-dim">
              <span className="wrap-anywhere">{whoOf(entry, nameOf)}</span>
              <span className="sm:hidden"> · </span>
              <span className="text-xs text-dim sm:block">{t.audit.actors[entry.actor.kind]}</span>
            </div>
          ),
        },
        { title: columns.outcome, of: (entry) => <Outcome outcome={entry.outcome} /> },
        {
          title: columns.address,
          wide: true,
          of: ({ address }) => <span className="font-mono text-xs text-dim">{address ?? '—'}</span>,
        },
        {
          title: columns.when,
          className: 'max-sm:w-full sm:whitespace-nowrap',
          of: ({ at }) => (
            <time dateTime={at} className="text-xs text-dim max-sm:pl-9">
              {exactly(at)}
            </time>
          ),
        },
      ]}
    />
  );
}

function What({
  entry,
  about,
  onOpen,
}: {
  entry: AuditEntry;
  about: string | null;
  onOpen: Props['onOpen'];
}) {
  const { code, outcome } = entry;
  const lines = [about, requestOf(entry), outcome === 'done' || code === null ? null : codeOf(code)].filter(
    (line) => line !== null,
  );
  const Icon = ICONS[entry.subject.type] ?? CircleDot;
  return (
    <div className="flex min-w-0 items-center gap-3">
      {entry.integrationId === null ? (
        <span className="grid size-6 shrink-0 place-items-center rounded-[22%] bg-raised text-dim">
          <Icon aria-hidden className="size-3.5" />
        </span>
      ) : (
        <Logo id={entry.integrationId} size={24} />
      )}
      <div className="min-w-0">
        <button
          type="button"
          aria-haspopup="dialog"
          onClick={() => onOpen(entry)}
          className="text-left font-medium after:absolute after:inset-0"
        >
          {actionOf(entry.action)}
        </button>
        {lines.map((line) => (
          <p key={line} className="text-xs wrap-anywhere text-dim">
            {line}
          </p>
        ))}
      </div>
    </div>
  );
}
