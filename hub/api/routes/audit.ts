/** The audit log, for admins: looked at, and taken away as a file. */
import { Readable } from 'node:stream';
import { Type, type Static } from 'typebox';
import { showEntry, type ShownEntry } from '../../audit/entry.ts';
import { GENESIS } from '../../audit/chain.ts';
import { countWaiting, lastLink, listAuditEntries, type AuditFilter } from '../../database/audit.ts';
import type { Database } from '../../database/database.ts';
import { HubError } from '../../errors.ts';
import { requires } from '../auth.ts';
import type { Routes } from '../context.ts';
import { csvOf } from '../csv.ts';
import { pageOf, sequenceOf } from '../presentation.ts';
import { AuditEntry, AuditExport, AuditHead, AuditQuery } from '../audit-schemas.ts';
import { ListOf } from '../schemas.ts';

const PAGE = 500;

const FILE = {
  description:
    'Every entry that fits, oldest first; each has its `sequence`, from which a later export goes on',
  content: {
    'application/x-ndjson': { schema: Type.Unsafe<Readable>(Type.String()) },
    'text/csv': { schema: Type.Unsafe<Readable>(Type.String()) },
  },
};

export const addAuditRoutes: Routes = (app, { hub }) => {
  const preHandler = requires(hub.db, 'audit:read');
  const tags = ['audit'];
  const limited = { rateLimit: { max: 600, timeWindow: '1 minute' } };

  app.get(
    '/api/audit',
    {
      preHandler,
      config: limited,
      schema: {
        tags,
        summary: 'Who did what, newest first',
        querystring: AuditQuery,
        response: { 200: ListOf(AuditEntry) },
      },
    },
    async ({ query }, reply) => {
      const { cursor, limit, order } = query;
      const page = { after: sequenceOf(cursor), order };
      const rows = await listAuditEntries(hub.db, filterOf(query), page, limit + 1);
      void reply.header('cache-control', 'no-store');
      return pageOf(rows, limit, ({ sequence }) => String(sequence), showEntry);
    },
  );

  app.get(
    '/api/audit/head',
    {
      preHandler,
      config: limited,
      schema: {
        tags,
        summary: 'Where the chain ends: keep it elsewhere, and a log that was cut off is found out',
        response: { 200: AuditHead },
      },
    },
    async (_request, reply) => {
      const { waiting, underWay } = await countWaiting(hub.db);
      const head = (await lastLink(hub.db.tables)) ?? GENESIS;
      return reply.header('cache-control', 'no-store').send({ ...head, waiting, underWay });
    },
  );

  app.get(
    '/api/audit/export',
    {
      preHandler,
      config: { audit: { action: 'audit.export' }, ...limited },
      exposeHeadRoute: false,
      schema: { tags, summary: 'The same as a file', querystring: AuditExport, response: { 200: FILE } },
    },
    async ({ query }, reply) => {
      const csv = query.format === 'csv';
      // Before the answer begins: a question that cannot be asked is still a problem then.
      const found = pages(hub.db, filterOf(query), query.after ?? null);
      const body = Readable.from(csv ? tableOf(found) : linesOf(found));
      return reply
        .header('cache-control', 'no-store')
        .header('content-disposition', `attachment; filename="audit.${csv ? 'csv' : 'ndjson'}"`)
        .type(csv ? 'text/csv; charset=utf-8' : 'application/x-ndjson')
        .send(body);
    },
  );
};

/** @throws HubError VALIDATION_FAILED */
function filterOf({
  connectionId,
  actor,
  action,
  from,
  to,
}: Pick<Static<typeof AuditExport>, 'connectionId' | 'actor' | 'action' | 'from' | 'to'>): AuditFilter {
  const begin = from === undefined ? undefined : new Date(from);
  const end = to === undefined ? undefined : new Date(to);
  if (begin && end && begin >= end)
    throw new HubError('VALIDATION_FAILED', {
      detail: 'see errors',
      errors: [{ path: '/querystring/from', message: 'must be before `to`' }],
    });
  return { connectionId, actor, action, from: begin, to: end };
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
