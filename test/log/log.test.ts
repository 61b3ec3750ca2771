import { sql } from 'drizzle-orm';
import { afterAll, beforeAll, expect, it } from 'vitest';
import { openDatabase } from '../../hub/database/database.ts';
import { createLogger, type Logger } from '../../hub/log.ts';
import { freshDatabase } from '../setup/hub.ts';

let url: string;
let drop: () => Promise<void>;
beforeAll(async () => ({ url, drop } = await freshDatabase()));
afterAll(() => drop());

/** What a logger writes. */
function logged(write: (log: Logger) => void): string {
  const lines: string[] = [];
  write(createLogger('info', {}, { write: (line: string) => void lines.push(line) }));
  return lines.join('');
}

it('a failed query is logged without the values it was to write', async () => {
  const db = openDatabase({ databaseUrl: url, databasePreparedStatements: true, databasePoolSize: 1 });
  const error: unknown = await db.tables
    .execute(sql`select * from nowhere where a = ${'one line\nand a-very-secret-value'}`)
    .then(
      () => null,
      (failure: unknown) => failure,
    );
  await db.close();
  expect(String(error)).toContain('a-very-secret-value');
  const line = logged((log) => log.warn({ err: error }, 'failed'));
  expect(line).toContain('nowhere');
  expect(line).not.toContain('a-very-secret-value');
});

it('fields that are secret by their name are not written', () => {
  const line = logged((log) => log.info({ accessToken: 'secret-1', app: { clientSecret: 'secret-2' } }, 'x'));
  expect(line).not.toMatch(/secret-[12]/);
});
