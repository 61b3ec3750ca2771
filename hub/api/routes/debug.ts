/** Debug mode: what goes over the wire for one connection, for a while. */
import { Type } from 'typebox';
import { findConnection, type ConnectionRow } from '../../database/connections.ts';
import { deleteTraces, listTraces, setDebug, tracePlace, type TraceRow } from '../../database/traces.ts';
import { HubError } from '../../errors.ts';
import { harOf } from '../../traces/har.ts';
import type { Trace, TraceBody } from '../../traces/trace.ts';
import { requires, visible, type Caller } from '../auth.ts';
import type { Routes } from '../context.ts';
import { fromCursor, pageOf, showConnection } from '../presentation.ts';
import { Connection, DebugMode, Id, ListOf, Page, TracedRequest } from '../schemas.ts';

const LONGEST_MS = 24 * 3_600_000;
// A clock a little ahead of the hub's is not the caller's mistake.
const CLOCKS_MS = 60_000;
const MOST_EXPORTED = 200;

const Har = {
  description: 'HAR 1.2 of the newest 200, oldest first',
  content: {
    'application/json': { schema: Type.Object({ log: Type.Object({}, { additionalProperties: true }) }) },
  },
};

export const addDebugRoutes: Routes = (app, { hub }) => {
  const reading = requires(hub.db, 'connections:read');
  const tags = ['connections'];
  const find = async (caller: Caller, id: string): Promise<ConnectionRow> =>
    visible(caller, await findConnection(hub.db, id));
  const opened = (caller: Caller) => (row: TraceRow) => {
    const trace = hub.vault.open<Trace>(tracePlace(row.id), row.sealedTrace);
    return { id: row.id, at: row.at, trace: seesBodies(caller) ? trace : withoutBodies(trace) };
  };

  app.put(
    '/api/connections/:id/debug',
    {
      config: { audit: { action: 'connection.debug', keep: ['until'] } },
      preHandler: requires(hub.db, 'connections:repair'),
      schema: {
        tags,
        summary: 'Keeps this connection’s requests to its provider, until a time',
        description: 'At most 24 hours away; null ends it at once. It ends by itself.',
        params: Id,
        body: DebugMode,
        response: { 200: Connection },
      },
    },
    async ({ params, body, caller }) => {
      const row = await find(caller, params.id);
      const until = body.until === null ? null : new Date(body.until);
      const leftMs = until === null ? 1 : until.getTime() - Date.now();
      if (leftMs <= 0 || leftMs > LONGEST_MS + CLOCKS_MS)
        throw new HubError('VALIDATION_FAILED', {
          errors: [{ path: '/body/until', message: 'must be in the future, and at most 24 hours away' }],
        });
      return showConnection(visible(caller, await setDebug(hub.db, row.id, until)));
    },
  );

  app.get(
    '/api/connections/:id/requests',
    {
      preHandler: reading,
      schema: {
        tags,
        summary: 'The requests that debug mode has seen, newest first',
        description: 'Secrets are taken out before anything is kept. Operators see no bodies.',
        params: Id,
        querystring: Page,
        response: { 200: ListOf(TracedRequest) },
      },
    },
    async ({ params, query, caller }, reply) => {
      const { id } = await find(caller, params.id);
      const rows = await listTraces(hub.db, id, fromCursor(query.cursor), query.limit + 1);
      const show = opened(caller);
      void reply.header('cache-control', 'no-store');
      return pageOf(
        rows,
        query.limit,
        (row) => row.id,
        (row) => {
          const { trace, at } = show(row);
          return { id: row.id, at: at.toISOString(), ...trace };
        },
      );
    },
  );

  app.get(
    '/api/connections/:id/requests/har',
    {
      config: { audit: { action: 'connection.export_requests' } },
      preHandler: reading,
      schema: { tags, summary: 'The same as a HAR file', params: Id, response: { 200: Har } },
    },
    async ({ params, caller }, reply) => {
      const { id } = await find(caller, params.id);
      const rows = await listTraces(hub.db, id, null, MOST_EXPORTED);
      const har = harOf(rows.reverse().map(opened(caller)));
      return reply
        .header('cache-control', 'no-store')
        .header('content-disposition', `attachment; filename="connection-${id}.har"`)
        .send(har);
    },
  );

  app.delete(
    '/api/connections/:id/requests',
    {
      config: { audit: { action: 'connection.forget_requests' } },
      preHandler: requires(hub.db, 'connections:repair'),
      schema: { tags, summary: 'Forgets them', params: Id, response: { 204: Type.Null() } },
    },
    async ({ params, caller }, reply) => {
      const { id } = await find(caller, params.id);
      await deleteTraces(hub.db, id);
      return reply.status(204).send(null);
    },
  );
};

/** What is in bodies is for those who could call themselves. */
const seesBodies = ({ role }: Caller) => role !== 'operator';

const withoutBodies = (trace: Trace): Trace => ({
  ...trace,
  request: { ...trace.request, body: hidden(trace.request.body) },
  response: trace.response && { ...trace.response, body: hidden(trace.response.body) },
});

const hidden = (body: TraceBody): TraceBody =>
  body.text === null ? body : { ...body, text: null, omitted: 'forbidden' };
