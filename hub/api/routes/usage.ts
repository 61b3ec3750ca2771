/** How much connections are used: as JSON, or as CSV for a spreadsheet. */
import type { FastifyReply, FastifyRequest } from 'fastify';
import Negotiator from 'negotiator';
import { Type, type Static } from 'typebox';
import { findConnection } from '../../database/connections.ts';
import { readUsage, type UsageFilter } from '../../database/usage.ts';
import { HubError } from '../../errors.ts';
import { findIntegration } from '../../oauth/setup.ts';
import { percentile } from '../../usage/latency.ts';
import { USE_WRITTEN_EVERY_MS } from '../../usage/recorder.ts';
import { requires, seesEverything, visible } from '../auth.ts';
import type { Routes } from '../context.ts';
import { csvOf } from '../../csv.ts';
import { Id, Usage, UsageQuery, UserId } from '../schemas.ts';

const LENGTH_MS = { hour: 3_600_000, day: 86_400_000 };
// A month of hours; two years of days.
const MOST_BUCKETS = { hour: 31 * 24, day: 731 };
const DEFAULT_BUCKETS = { hour: 24, day: 30 };
// What fits into one answer, and into a spreadsheet without scrolling for a day.
const MOST_ROWS = 20_000;

type Wish = Static<typeof UsageQuery>;
type Line = Static<typeof Usage>['data'][number];

const Grouped = Type.Object({
  ...UsageQuery.properties,
  groupBy: Type.Optional(
    Type.Enum(['connection', 'integration', 'user'], { description: 'One line for each, and each time' }),
  ),
  integrationId: Type.Optional(Type.String({ maxLength: 200 })),
  userId: Type.Optional(UserId),
});

const ANSWERS = {
  200: {
    description: 'Times in which nothing happened are there with zeros, unless it is grouped',
    content: { 'application/json': { schema: Usage }, 'text/csv': { schema: Type.String() } },
  },
};

export const addUsageRoutes: Routes = (app, { hub }) => {
  const preHandler = requires(hub.db, 'connections:read');
  const tags = ['usage'];
  const config = { rateLimit: { max: 600, timeWindow: '1 minute' } };

  app.get(
    '/api/connections/:id/usage',
    { preHandler, config, schema: { tags, params: Id, querystring: UsageQuery, response: ANSWERS } },
    async (request, reply) => {
      const row = visible(request.caller, await findConnection(hub.db, request.params.id));
      return answer(request, reply, { connectionId: row.id }, null);
    },
  );

  app.get(
    '/api/integrations/:id/usage',
    { preHandler, config, schema: { tags, params: Id, querystring: UsageQuery, response: ANSWERS } },
    async (request, reply) => {
      const { id } = findIntegration(hub, request.params.id);
      return answer(request, reply, { integrationId: id, ...own(request) }, null);
    },
  );

  app.get(
    '/api/usage',
    { preHandler, config, schema: { tags, querystring: Grouped, response: ANSWERS } },
    async (request, reply) => {
      const { groupBy, integrationId, userId } = request.query;
      const filter = {
        ...(integrationId === undefined ? {} : { integrationId }),
        ...(userId === undefined ? {} : { userId }),
        ...own(request),
      };
      if (userId !== undefined && filter.userId !== userId) throw new HubError('FORBIDDEN');
      return answer(request, reply, filter, groupBy ?? null);
    },
  );

  /** Whoever does not see everything sees their own. */
  const own = ({ caller }: Pick<FastifyRequest, 'caller'>): UsageFilter =>
    seesEverything(caller) ? {} : { userId: caller.userId };

  async function answer(
    request: { query: Wish } & Pick<FastifyRequest, 'headers'>,
    reply: FastifyReply,
    filter: UsageFilter,
    group: Static<typeof Grouped>['groupBy'] | null,
  ) {
    const { from, to, bucket } = rangeOf(request.query, hub.durations);
    const rows = await readUsage(hub.db, filter, { from, to, bucket, group: group ?? null }, MOST_ROWS + 1);
    if (rows.length > MOST_ROWS)
      throw new HubError('VALIDATION_FAILED', {
        detail: `more than ${MOST_ROWS} lines: take a shorter time, bucket=day, or one integration or user`,
      });
    const used = rows.map(({ group: id, start, latency, ...counts }): Line => {
      const [p50, p95, p99] = [0.5, 0.95, 0.99].map((share) => percentile(latency, share));
      const { repeated, rateLimited, credentialsRefused, clientErrors, serverErrors, unanswered } = counts;
      return {
        ...(group ? { [`${group}Id`]: id } : {}),
        start: start.toISOString(),
        calls: counts.calls,
        errors: rateLimited + credentialsRefused + clientErrors + serverErrors + unanswered,
        repeated,
        errorsByClass: { rateLimited, credentialsRefused, clientErrors, serverErrors, unanswered },
        p50Ms: rounded(p50),
        p95Ms: rounded(p95),
        p99Ms: rounded(p99),
        bytesSent: counts.bytesSent,
        bytesReceived: counts.bytesReceived,
        tokens: counts.tokens,
      };
    });
    const data = group ? used : filled(used, from, to, LENGTH_MS[bucket]);
    void reply.header('cache-control', 'no-store');
    if (wantsCsv(request))
      return reply
        .type('text/csv; charset=utf-8')
        .header('content-disposition', 'attachment; filename="usage.csv"')
        .send(csvOf(data.map(({ errorsByClass, ...line }) => ({ ...line, ...errorsByClass }))));
    return reply.send({
      data,
      bucket,
      from: from.toISOString(),
      to: to.toISOString(),
      writtenEverySeconds: USE_WRITTEN_EVERY_MS / 1000,
    });
  }
};

/** Whole buckets: from the one that `from` falls into to the end of the one that `to` falls into. */
function rangeOf({ from, to, bucket }: Wish, kept: Kept): { from: Date; to: Date; bucket: Wish['bucket'] } {
  const length = LENGTH_MS[bucket];
  const down = (time: number) => Math.floor(time / length) * length;
  const end = to === undefined ? Date.now() : Date.parse(to);
  const oldest = oldestKept(bucket, kept);
  const begin =
    from === undefined
      ? Math.max(down(end) - (DEFAULT_BUCKETS[bucket] - 1) * length, Math.min(oldest, down(end - 1)))
      : Date.parse(from);
  const last = down(end - 1) + length;
  const first = down(begin);
  const wrong = (path: string, message: string) =>
    new HubError('VALIDATION_FAILED', { detail: 'see errors', errors: [{ path, message }] });
  if (begin >= end) throw wrong('/querystring/from', 'must be before `to`');
  if ((last - first) / length > MOST_BUCKETS[bucket] + 1)
    throw wrong(
      '/querystring/from',
      bucket === 'hour' ? 'hours are answered for 31 days at most; bucket=day for more' : 'two years at most',
    );
  // Zeros would be wrong: there was use, perhaps, and it is told by the day, or no more.
  if (first < oldest) throw new HubError('USAGE_NOT_KEPT', { detail: notKept(bucket, new Date(oldest)) });
  return { from: new Date(first), to: new Date(last), bucket };
}

type Kept = { usageHours: number; usageDays: number };

/** The roll-up moves whole days (UTC) of hours, and drops days that begin before their time. */
function oldestKept(bucket: Wish['bucket'], { usageHours, usageDays }: Kept): number {
  const day = LENGTH_MS.day;
  return bucket === 'hour'
    ? Math.floor((Date.now() - usageHours) / day) * day
    : Math.ceil((Date.now() - usageDays) / day) * day;
}

const notKept = (bucket: Wish['bucket'], oldest: Date): string =>
  bucket === 'hour'
    ? `by the hour it is kept since ${oldest.toISOString()}: take that as from, or bucket=day`
    : `it is kept since ${oldest.toISOString()}: take that as from`;

/** Times in which nothing happened are told too: a chart has no holes. */
function filled(lines: Line[], from: Date, to: Date, length: number): Line[] {
  const there = new Map(lines.map((line) => [line.start, line]));
  const all: Line[] = [];
  for (let time = from.getTime(); time < to.getTime(); time += length) {
    const start = new Date(time).toISOString();
    all.push(there.get(start) ?? { ...NOTHING, start });
  }
  return all;
}

const NOTHING: Omit<Line, 'start'> = {
  calls: 0,
  errors: 0,
  repeated: 0,
  errorsByClass: { rateLimited: 0, credentialsRefused: 0, clientErrors: 0, serverErrors: 0, unanswered: 0 },
  p50Ms: null,
  p95Ms: null,
  p99Ms: null,
  bytesSent: 0,
  bytesReceived: 0,
  tokens: 0,
};

const rounded = (ms: number | null | undefined) => (ms == null ? null : Math.round(ms));

const wantsCsv = ({ query, headers }: { query: Wish } & Pick<FastifyRequest, 'headers'>) =>
  query.format === 'csv' ||
  (query.format === undefined &&
    new Negotiator({ headers }).mediaType(['application/json', 'text/csv']) === 'text/csv');
