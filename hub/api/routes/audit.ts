/** The audit log, for admins: looked at, and taken away as a file. */
import type { Readable } from 'node:stream';
import { Type, type Static } from 'typebox';
import { GENESIS, linkOf, openChain } from '../../audit/chain.ts';
import { showEntry } from '../../audit/entry.ts';
import { auditFile } from '../../audit/file.ts';
import { verifyAudit } from '../../audit/verify.ts';
import { countWaiting, lastLink } from '../../database/audit-chain.ts';
import { listAuditEntries, type AuditFilter } from '../../database/audit-list.ts';
import { namesIn } from '../../database/audit-names.ts';
import { HubError } from '../../errors.ts';
import { requires } from '../auth.ts';
import type { Routes } from '../context.ts';
import { pageOf, sequenceOf } from '../presentation.ts';
import {
  AuditExport,
  AuditHead,
  AuditPage,
  AuditQuery,
  AuditVerification,
  AuditVerified,
} from '../audit-schemas.ts';

// Of one answer: under a second, and nobody else's request waits longer than for a page of them.
const MOST_VERIFIED = 10_000;

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
        response: { 200: AuditPage },
      },
    },
    async ({ query }, reply) => {
      const { cursor, limit, order } = query;
      const page = { after: sequenceOf(cursor), order };
      const rows = await listAuditEntries(hub.db, filterOf(query), page, limit + 1);
      void reply.header('cache-control', 'no-store');
      const found = pageOf(rows, limit, ({ sequence }) => String(sequence), showEntry);
      return { ...found, names: await namesIn(hub.db, rows.slice(0, limit)) };
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
    '/api/audit/verify',
    {
      preHandler,
      config: limited,
      schema: {
        tags,
        summary: 'Whether every entry is as it was written, some thousands an answer',
        querystring: AuditVerification,
        response: { 200: AuditVerified },
      },
    },
    async ({ query, log }, reply) => {
      const [after, kept] = [query.after, query.head].map((noted) => linkOf(noted ?? ''));
      const chain = await openChain(hub.db, hub.vault, false);
      const { unchained, ...found } = await verifyAudit(hub.db, chain, kept ?? null, {
        after: after ?? null,
        most: MOST_VERIFIED,
      });
      if (found.problem !== null)
        log.error({ problem: found.problem }, 'the audit log is not what was written');
      const { waiting, underWay } = unchained ?? { waiting: 0, underWay: 0 };
      return reply.header('cache-control', 'no-store').send({ ...found, waiting, underWay });
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
      const { format, after = null } = query;
      // Before the answer begins: a question that cannot be asked is still a problem then.
      const body = auditFile(hub.db, filterOf(query), { format, after });
      return reply
        .header('cache-control', 'no-store')
        .header('content-disposition', `attachment; filename="audit.${format}"`)
        .type(format === 'csv' ? 'text/csv; charset=utf-8' : 'application/x-ndjson')
        .send(body);
    },
  );
};

/** @throws HubError VALIDATION_FAILED */
function filterOf({ from, to, ...asked }: Omit<Static<typeof AuditExport>, 'format' | 'after'>): AuditFilter {
  const begin = from === undefined ? undefined : new Date(from);
  const end = to === undefined ? undefined : new Date(to);
  if (begin && end && begin >= end)
    throw new HubError('VALIDATION_FAILED', {
      detail: 'see errors',
      errors: [{ path: '/querystring/from', message: 'must be before `to`' }],
    });
  const { connectionId, integrationId, actor, action, outcome } = asked;
  return { connectionId, integrationId, actor, action, outcome, from: begin, to: end };
}
