/** The audit log as a file, to be taken away. */
import { Readable } from 'node:stream';
import { csvOf } from '../csv.ts';
import { listAuditEntries, type AuditFilter } from '../database/audit-list.ts';
import type { Database } from '../database/database.ts';
import { showEntry, type ShownEntry } from './entry.ts';

const PAGE = 500;

/** @param after the last sequence that whoever asks has already */
export function auditFile(
  db: Database,
  filter: AuditFilter,
  { format, after }: { format: 'ndjson' | 'csv'; after: number | null },
): Readable {
  const found = pages(db, filter, after);
  return Readable.from(format === 'csv' ? tableOf(found) : linesOf(found));
}

/** A page of rows at a time: a log of years is not held in memory. */
async function* pages(db: Database, filter: AuditFilter, from: number | null): AsyncGenerator<ShownEntry[]> {
  let after = from;
  for (;;) {
    const rows = await listAuditEntries(db, filter, { after, order: 'asc' }, PAGE);
    if (rows.length > 0) yield rows.map(showEntry);
    if (rows.length < PAGE) return;
    after = rows.at(-1)?.sequence ?? after;
  }
}

async function* linesOf(entries: AsyncIterable<ShownEntry[]>): AsyncGenerator<string> {
  for await (const page of entries) yield page.map((entry) => `${JSON.stringify(entry)}\n`).join('');
}

async function* tableOf(entries: AsyncIterable<ShownEntry[]>): AsyncGenerator<string> {
  const columns = [
    ...['sequence', 'at', 'actorKind', 'actorId', 'actorUserId', 'action', 'subjectType', 'subjectId'],
    ...['connectionId', 'integrationId', 'userId', 'outcome', 'code', 'address', 'requestId', 'details'],
    ...['id', 'hash'],
  ];
  yield `${columns.join()}\n`;
  for await (const page of entries)
    yield csvOf(
      page.map(({ actor, subject, details, ...entry }) => ({
        ...entry,
        actorKind: actor.kind,
        actorId: actor.id,
        actorUserId: actor.userId,
        subjectType: subject.type,
        subjectId: subject.id,
        details: JSON.stringify(details),
      })),
      columns,
    );
}
