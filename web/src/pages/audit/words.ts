/** An entry in words: who, what, and what it was about. */
import type { AuditEntry, AuditPage } from '../../api/types.ts';
import { t } from '../../texts.ts';

/** What an id is called now. @returns null: it has no name, or is gone */
export type NameOf = (type: string, id: string | null) => string | null;

export function namesOf({ names }: Pick<AuditPage, 'names'>): NameOf {
  const known = new Map(names.map(({ type, id, name }) => [`${type}/${id}`, name]));
  return (type, id) => (id === null ? null : (known.get(`${type}/${id}`) ?? null));
}

export const actionOf = (action: string): string => t.audit.actions[action] ?? t.events[action] ?? action;

const TYPE_OF_ACTOR: Partial<Record<AuditEntry['actor']['kind'], string>> = {
  user: 'user',
  api_key: 'key',
  client: 'client',
  connect_link: 'link',
};

/** A workflow's id says what it does and not who it is: the hub. */
export function whoOf({ actor }: AuditEntry, nameOf: NameOf): string {
  const { kind, id } = actor;
  const named = nameOf(TYPE_OF_ACTOR[kind] ?? '', id);
  return named ?? (kind === 'workflow' || id === null ? t.audit.nameless[kind] : id);
}

// Nobody gives these a name, and what their id stands for is gone once they are used.
const ID_ONLY = ['invitation', 'grant'];

/** @param integrationName of an integration's id @returns null: action and actor say all there is to say */
export function aboutOf(
  { actor, subject, connectionId, integrationId }: AuditEntry,
  nameOf: NameOf,
  integrationName: (id: string) => string,
): string | null {
  if (connectionId !== null) return nameOf('connection', connectionId) ?? connectionId;
  const name = nameOf(subject.type, subject.id);
  if (integrationId !== null) return name ?? integrationName(integrationId);
  if (ID_ONLY.includes(subject.type) || subject.id === actor.id) return null;
  return name ?? subject.id;
}

/** What was asked for, of a refusal: `GET /api/…`. */
export const requestOf = ({ details }: AuditEntry): string | null =>
  typeof details['request'] === 'string' ? details['request'] : null;

/** Why it was not done, or an event's reason. The page's words for a problem speak to whoever has it. */
export const codeOf = (code: string): string =>
  t.reasons[code] ??
  code
    .replaceAll('_', ' ')
    .toLowerCase()
    .replace(/^./, (first) => first.toUpperCase());
