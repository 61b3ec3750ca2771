/** One entry, whole. */
import { useQuery } from '@tanstack/react-query';
import { Link } from '@tanstack/react-router';
import { ExternalLink } from 'lucide-react';
import type { ReactNode } from 'react';
import { hub, integrations } from '../../api/queries.ts';
import type { AuditEntry } from '../../api/types.ts';
import { Button, copyText } from '../../parts/basics.tsx';
import { Dialog } from '../../parts/dialog.tsx';
import { Fact } from '../../parts/fact.tsx';
import { exactly } from '../../parts/time.tsx';
import { toast } from '../../parts/toasts.tsx';
import { t } from '../../texts.ts';
import { Outcome } from './entries.tsx';
import { aboutOf, actionOf, whoOf, type NameOf } from './words.ts';

type Props = { entry: AuditEntry; nameOf: NameOf; onClose: () => void };

export function EntryDialog({ entry, nameOf, onClose }: Props) {
  const { actor, connectionId, userId, outcome, code, address, requestId } = entry;
  const names = t.audit.entry;
  const actorLink = actor.id ?? actor.userId;
  return (
    <Dialog title={actionOf(entry.action)} onClose={onClose} wide>
      <dl className="grid gap-2.5">
        <Fact name={names.outcome}>
          <Outcome outcome={outcome} /> <span className="text-dim">{t.audit.outcomeMeanings[outcome]}</span>
          {code !== null && (
            <p>
              {t.reasons[code]} <code className="font-mono text-xs text-dim">{code}</code>
            </p>
          )}
        </Fact>
        <Fact name={names.at}>
          {exactly(entry.at)}
          <Id>{entry.at}</Id>
        </Fact>
        <Fact name={names.actor}>
          {whoOf(entry, nameOf)} <span className="text-dim">· {t.audit.actors[actor.kind]}</span>
          {actor.id !== null && <Id>{actor.id}</Id>}
        </Fact>
        {actor.userId !== null && actor.userId !== actor.id && (
          <Fact name={names.for}>
            <Named name={nameOf('user', actor.userId)} id={actor.userId} />
          </Fact>
        )}
        <Fact name={names.action}>
          <code className="font-mono text-xs">{entry.action}</code>
        </Fact>
        <About entry={entry} nameOf={nameOf} />
        {userId !== null && (
          <Fact name={names.owner}>
            <Named name={nameOf('user', userId)} id={userId} />
          </Fact>
        )}
        {address !== null && <Fact name={names.address}>{address}</Fact>}
        {requestId !== null && (
          <Fact name={names.request}>
            <code className="font-mono text-xs break-all">{requestId}</code>
          </Fact>
        )}
        <Run entry={entry} />
        <Details entry={entry} />
        <Fact name={names.sequence}>{entry.sequence.toLocaleString('en')}</Fact>
        <Fact name={names.hash}>
          <code className="font-mono text-xs break-all">{entry.hash}</code>
        </Fact>
      </dl>
      <div className="mt-5 flex flex-wrap justify-end gap-2">
        {actorLink !== null && actor.kind !== 'workflow' && (
          <Narrowed search={{ actor: actorLink }} onGo={onClose}>
            {names.allOfActor}
          </Narrowed>
        )}
        {connectionId !== null && (
          <Narrowed search={{ connectionId }} onGo={onClose}>
            {names.allOfConnection}
          </Narrowed>
        )}
        <Button
          data-first=""
          onClick={() => void copyText(JSON.stringify(entry, null, 2)).then(() => toast(t.copied))}
        >
          {names.copy}
        </Button>
      </div>
    </Dialog>
  );
}

const Id = ({ children }: { children: ReactNode }) => (
  <code className="block font-mono text-xs break-all text-dim">{children}</code>
);

const Named = ({ name, id }: { name: string | null; id: string }) => (
  <>
    {name ?? id}
    {name !== null && <Id>{id}</Id>}
  </>
);

function About({ entry, nameOf }: Pick<Props, 'entry' | 'nameOf'>) {
  const { subject, connectionId, integrationId } = entry;
  const { data: catalogue } = useQuery(integrations);
  const integration = catalogue?.data.find(({ id }) => id === integrationId);
  const about = aboutOf(entry, nameOf, (id) => (id === integration?.id ? integration.name : id));
  if (about === null) return null;
  const id = connectionId ?? subject.id;
  return (
    <Fact name={t.audit.entry.subject}>
      {connectionId !== null && nameOf('connection', connectionId) !== null ? (
        <Link
          to="/connections/$id"
          params={{ id: connectionId }}
          search={{}}
          className="text-accent hover:underline"
        >
          {about}
        </Link>
      ) : integration && connectionId === null ? (
        <Link to="/integrations/$id" params={{ id: integration.id }} className="text-accent hover:underline">
          {about}
        </Link>
      ) : (
        about
      )}
      {integration && integration.name !== about && <span className="text-dim"> · {integration.name}</span>}
      {id !== null && id !== about && <Id>{id}</Id>}
    </Fact>
  );
}

/** What a workflow did has its run in the Temporal UI, for as long as Temporal keeps it. */
function Run({ entry: { actor, details } }: Pick<Props, 'entry'>) {
  const { data: facts } = useQuery(hub);
  const runId = details['runId'];
  const temporalUi = facts?.temporalUi ?? null;
  if (temporalUi === null || actor.kind !== 'workflow' || actor.id === null || typeof runId !== 'string')
    return null;
  return (
    <Fact name={t.audit.entry.workflow}>
      <a
        href={`${temporalUi}/${encodeURIComponent(actor.id)}/${encodeURIComponent(runId)}`}
        target="_blank"
        rel="noreferrer"
        className="inline-flex items-center gap-1 text-accent hover:underline"
      >
        {t.connection.openWorkflow}
        <ExternalLink aria-hidden className="size-3" />
      </a>
    </Fact>
  );
}

function Details({ entry: { details } }: Pick<Props, 'entry'>) {
  const told = Object.entries(details);
  if (told.length === 0) return null;
  return (
    <Fact name={t.audit.entry.details}>
      <ul className="grid gap-0.5 font-mono text-xs break-all">
        {told.map(([name, value]) => (
          <li key={name}>
            <span className="text-dim">{name === 'fields' ? t.audit.entry.fields : name}: </span>
            {Array.isArray(value) ? value.join(', ') : String(value)}
          </li>
        ))}
      </ul>
    </Fact>
  );
}

function Narrowed({
  search,
  onGo,
  children,
}: {
  search: { actor: string } | { connectionId: string };
  onGo: () => void;
  children: ReactNode;
}) {
  return (
    <Link
      to="/audit"
      search={search}
      onClick={onGo}
      className="inline-flex h-8 items-center rounded-md px-3 font-medium text-accent hover:bg-raised"
    >
      {children}
    </Link>
  );
}
