/** An entry as everybody outside sees it: over HTTP, in exports and archives. */
import type { ChainedRow } from '../database/audit.ts';

export function showEntry(row: ChainedRow) {
  return {
    sequence: row.sequence,
    id: row.id,
    at: row.at.toISOString(),
    actor: { kind: row.actorKind, id: row.actorId, userId: row.actorUserId },
    action: row.action,
    subject: { type: row.subjectType, id: row.subjectId },
    connectionId: row.connectionId,
    integrationId: row.integrationId,
    userId: row.userId,
    outcome: row.outcome,
    code: row.code,
    address: row.address,
    requestId: row.requestId,
    details: row.details,
    hash: row.hash,
  };
}
export type ShownEntry = ReturnType<typeof showEntry>;

/** The same read back from a line of an archive. @returns null: it is none */
export function entryOf(line: string): ChainedRow | null {
  try {
    const { actor, subject, at, ...rest } = JSON.parse(line) as ShownEntry;
    const { kind: actorKind, id: actorId, userId: actorUserId } = actor;
    const row = { ...rest, at: new Date(at), actorKind, actorId, actorUserId };
    row.at.toISOString();
    return typeof rest.sequence === 'number'
      ? { ...row, subjectType: subject.type, subjectId: subject.id }
      : null;
  } catch {
    return null;
  }
}
