/** Pages of what is due are found by the index, however many connections there are. */
import { drizzle } from 'drizzle-orm/node-postgres';
import { Pool } from 'pg';
import { afterAll, beforeAll, expect, it } from 'vitest';
import type { Database } from '../../hub/database/database.ts';
import { findPage, readPage, type Due } from '../../hub/database/due.ts';
import { testEnv } from '../setup/hub.ts';

let drop: () => Promise<void>;
let pool: Pool;
const asked: { query: string; params: unknown[] }[] = [];
let db: Database;
beforeAll(async () => {
  const made = await testEnv();
  ({ drop } = made);
  pool = new Pool({ connectionString: made.env['DATABASE_URL'] });
  const logger = { logQuery: (query: string, params: unknown[]) => void asked.push({ query, params }) };
  db = { tables: drizzle(pool, { logger }), ping: () => Promise.resolve(), close: () => pool.end() };
  await pool.query(`
    insert into connections (id, user_id, integration_id, auth_type, name, status, config, refresh_due_at, health_due_at)
    select 'c' || n, 'ada', 'slack', 'oauth2', 'Slack', 'connected', jsonb_build_object('text', repeat('x', 300)),
      now() - n * interval '1 second', now() - (n * 7919 % 40000) * interval '1 second'
    from generate_series(1, 40000) n`);
  await pool.query('analyze connections');
});
afterAll(async () => {
  await db.close();
  await drop();
});

it.each(['refresh', 'health'] satisfies Due[])('for the sweep for %s', async (due) => {
  const before = new Date().toISOString();
  const first = await findPage(db, due, before, null, 500);
  const second = await findPage(db, due, before, first?.to ?? null, 500);
  const ranges = [
    { after: null, to: first?.to ?? { at: '', id: '' } },
    { after: first?.to ?? null, to: second?.to ?? { at: '', id: '' } },
  ];
  for (const range of ranges) expect(await readPage(db, due, range)).toHaveLength(500);
  expect(asked.length).toBeGreaterThanOrEqual(4);
  for (const { query, params } of asked.splice(0)) {
    const { rows } = await pool.query(`explain ${query}`, params);
    const plan = rows.map((row: Record<string, string>) => row['QUERY PLAN']).join('\n');
    expect(plan).toContain(`connections_${due}_due`);
    expect(plan).not.toContain('Seq Scan');
  }
});
