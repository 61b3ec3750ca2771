/**
 * better-auth's way to its tables.
 *
 * better-auth keeps a session's token as the cookie has it: whoever reads the database (a backup, a replica) could
 * take over every session. Here only its SHA-256 is kept. The tokens are 32 random letters and digits (190 bits), so
 * a hash without salt is enough, and looking one up stays one index read. Whoever asks by a token gets that token
 * back in the answer, which is all that better-auth needs; what lists sessions sees hashes, and those routes are off
 * (`api/routes/auth.ts`).
 */
import { createHash } from 'node:crypto';
import type { DBAdapter, DBTransactionAdapter, Where } from 'better-auth/adapters';
import { drizzleAdapter } from 'better-auth/adapters/drizzle';
import type { BetterAuthOptions } from 'better-auth';
import { accounts, sessions, users, verifications } from './account-tables.ts';
import type { Database } from './database.ts';

const SCHEMA = { user: users, session: sessions, account: accounts, verification: verifications };

export const hashToken = (token: string) => createHash('sha256').update(token).digest('hex');

export function authAdapter({ tables }: Database): (options: BetterAuthOptions) => DBAdapter {
  const open = drizzleAdapter(tables, { provider: 'pg', schema: SCHEMA, transaction: true });
  return (options) => {
    const adapter = open(options);
    return {
      ...hashing(adapter),
      transaction: (work) => adapter.transaction((tx) => work(hashing(tx))),
    };
  };
}

type Operations = DBTransactionAdapter;

function hashing<T extends Operations>(adapter: T): T {
  return {
    ...adapter,
    async create(given: Parameters<Operations['create']>[0]) {
      const token = given.model === 'session' ? tokenIn(given.data) : null;
      if (token === null) return adapter.create(given);
      const made = await adapter.create({ ...given, data: { ...given.data, token: hashToken(token) } });
      return { ...made, token };
    },
    findOne: async (given: Parameters<Operations['findOne']>[0]) =>
      withToken(given, await adapter.findOne(hashed(given))),
    findMany: async (given: Parameters<Operations['findMany']>[0]) => adapter.findMany(hashed(given)),
    count: async (given: Parameters<Operations['count']>[0]) => adapter.count(hashed(given)),
    async update(given: Parameters<Operations['update']>[0]) {
      const token = given.model === 'session' ? tokenIn(given.update) : null;
      const update = token === null ? given.update : { ...given.update, token: hashToken(token) };
      return withToken(given, await adapter.update({ ...hashed(given), update }), token);
    },
    updateMany: async (given: Parameters<Operations['updateMany']>[0]) => adapter.updateMany(hashed(given)),
    delete: async (given: Parameters<Operations['delete']>[0]) => adapter.delete(hashed(given)),
    deleteMany: async (given: Parameters<Operations['deleteMany']>[0]) => adapter.deleteMany(hashed(given)),
    consumeOne: async (given: Parameters<Operations['consumeOne']>[0]) =>
      withToken(given, await adapter.consumeOne(hashed(given))),
    incrementOne: async (given: Parameters<Operations['incrementOne']>[0]) =>
      withToken(given, await adapter.incrementOne(hashed(given))),
  };
}

type Asking = { model: string; where?: Where[] | undefined };

/** The same question, of the hash. */
function hashed<T extends Asking>(asking: T): T {
  if (asking.model !== 'session' || !asking.where) return asking;
  const where = asking.where.map((one) =>
    one.field === 'token' ? { ...one, value: hashOf(one.value) } : one,
  );
  return { ...asking, where };
}

const hashOf = (value: Where['value']): Where['value'] =>
  typeof value === 'string'
    ? hashToken(value)
    : Array.isArray(value)
      ? value.map((one) => hashToken(String(one)))
      : value;

/** The answer as whoever asked by a token expects it. */
function withToken<T>({ model, where }: Asking, row: T, changedTo: string | null = null): T {
  if (model !== 'session' || row === null || typeof row !== 'object') return row;
  const asked = where?.find(({ field, value }) => field === 'token' && typeof value === 'string')?.value;
  const token = changedTo ?? asked;
  return token === undefined ? row : { ...row, token };
}

const tokenIn = (data: object): string | null =>
  'token' in data && typeof data.token === 'string' ? data.token : null;
