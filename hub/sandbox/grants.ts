/**
 * Grants, their tokens and the codes they come from, of one stand-in.
 *
 * A grant is a family: one consent, one access token kind, every refresh token that followed from it.
 *
 *   code ──redeemed──▶ grant ──▶ access token, refresh token ──refresh──▶ the next pair …
 *   a code redeemed twice, or a single-use refresh token used twice, ends the grant with all it gave
 */
import { randomUUID } from 'node:crypto';
import type { StatementSync } from 'node:sqlite';
import { sha256, type Database } from './database.ts';

export type Grant = {
  id: string;
  account: string;
  kind: string;
  scopes: string[];
  extras: Record<string, unknown>;
  refreshable: boolean;
  revoked: boolean;
};

export type Token = {
  hash: string;
  type: 'access' | 'refresh';
  scopes: string[];
  expiresAt: number | null;
  spent: boolean;
  grant: Grant;
};

/** What a code stands for until it is redeemed. */
export type CodeData = {
  account: string;
  scopes: string[];
  userScopes: string[];
  redirectUri: string;
  codeChallenge: string | null;
  refreshable: boolean;
  extras: Record<string, unknown>;
};

export type Grants = ReturnType<typeof openGrants>;

const TOKEN = `SELECT t.hash, t.type, t.scopes, t.expires_at, t.spent_at, g.id, g.account, g.kind,
    g.scopes AS granted, g.extras, g.refreshable, g.revoked_at
  FROM tokens t JOIN grants g ON g.id = t.grant_id WHERE t.provider = ? AND t.hash = ?`;

export function openGrants({ sql }: Database, provider: string) {
  // Preparing costs more than running: each statement is prepared once.
  const prepared = new Map<string, StatementSync>();
  const prepare = (text: string) => {
    const statement = prepared.get(text) ?? sql.prepare(text);
    prepared.set(text, statement);
    return statement;
  };
  const revoke = (where: string, ...values: (string | number)[]) =>
    Number(
      prepare(`UPDATE grants SET revoked_at = ? WHERE provider = ? AND revoked_at IS NULL AND ${where}`).run(
        Date.now(),
        provider,
        ...values,
      ).changes,
    );

  return {
    putCode(code: string, data: CodeData, expiresAt: number): void {
      prepare('INSERT INTO codes VALUES (?, ?, ?, ?, NULL)').run(
        provider,
        sha256(code),
        JSON.stringify(data),
        expiresAt,
      );
    },

    findCode(code: string): { data: CodeData; expired: boolean; used: boolean } | null {
      const row = prepare('SELECT * FROM codes WHERE provider = ? AND hash = ?').get(provider, sha256(code));
      if (!row) return null;
      return {
        data: JSON.parse(String(row['data'])) as CodeData,
        expired: Number(row['expires_at']) <= Date.now(),
        used: row['used_at'] !== null,
      };
    },

    useCode(code: string): void {
      prepare('UPDATE codes SET used_at = ? WHERE provider = ? AND hash = ?').run(
        Date.now(),
        provider,
        sha256(code),
      );
    },

    create(grant: Omit<Grant, 'id' | 'revoked'>, code: string): Grant {
      const id = randomUUID();
      prepare('INSERT INTO grants VALUES (?, ?, ?, ?, ?, ?, ?, ?, NULL)').run(
        id,
        provider,
        grant.account,
        grant.kind,
        JSON.stringify(grant.scopes),
        JSON.stringify(grant.extras),
        grant.refreshable ? 1 : 0,
        sha256(code),
      );
      return { ...grant, id, revoked: false };
    },

    putToken(
      token: string,
      { type, grant, scopes, expiresAt }: Pick<Token, 'type' | 'grant' | 'scopes' | 'expiresAt'>,
    ): void {
      prepare('INSERT INTO tokens VALUES (?, ?, ?, ?, ?, ?, NULL)').run(
        provider,
        sha256(token),
        type,
        grant.id,
        JSON.stringify(scopes),
        expiresAt,
      );
    },

    find: (token: string): Token | null => tokenOf(prepare(TOKEN).get(provider, sha256(token))),

    findByHash: (hash: string): Token | null => tokenOf(prepare(TOKEN).get(provider, hash)),

    spend(token: Token): void {
      prepare('UPDATE tokens SET spent_at = ? WHERE provider = ? AND hash = ?').run(
        Date.now(),
        provider,
        token.hash,
      );
    },

    /** @returns how many grants were ended by it */
    revoke: (grantId: string) => revoke('id = ?', grantId),
    revokeOfCode: (code: string) => revoke('code = ?', sha256(code)),
    revokeOfAccount: (account: string) => revoke('account = ?', account),
    revokeAll: () => revoke('1 = 1'),

    /** @returns whether it was good until now */
    expire: (token: string): boolean =>
      prepare(
        `UPDATE tokens SET expires_at = 0 WHERE provider = ? AND hash = ? AND coalesce(expires_at, 1) > 0`,
      ).run(provider, sha256(token)).changes > 0,

    /** @returns how many access tokens were good until now */
    expireAll(): number {
      const now = Date.now();
      const statement = prepare(
        `UPDATE tokens SET expires_at = ?
         WHERE provider = ? AND type = 'access' AND (expires_at IS NULL OR expires_at > ?)`,
      );
      return Number(statement.run(now, provider, now).changes);
    },

    hasRefreshable: (account: string): boolean =>
      prepare(
        `SELECT 1 FROM grants
         WHERE provider = ? AND account = ? AND refreshable = 1 AND revoked_at IS NULL LIMIT 1`,
      ).get(provider, account) !== undefined,

    forgetAll(): void {
      for (const table of ['tokens', 'codes', 'grants'])
        prepare(`DELETE FROM ${table} WHERE provider = ?`).run(provider);
    },
  };
}

export function isActive(token: Token, now = Date.now()): boolean {
  return !token.grant.revoked && (token.expiresAt === null || token.expiresAt > now);
}

function tokenOf(row: Record<string, unknown> | undefined): Token | null {
  if (!row) return null;
  return {
    hash: String(row['hash']),
    type: row['type'] === 'refresh' ? 'refresh' : 'access',
    scopes: JSON.parse(String(row['scopes'])) as string[],
    expiresAt: row['expires_at'] === null ? null : Number(row['expires_at']),
    spent: row['spent_at'] !== null,
    grant: {
      id: String(row['id']),
      account: String(row['account']),
      kind: String(row['kind']),
      scopes: JSON.parse(String(row['granted'])) as string[],
      extras: JSON.parse(String(row['extras'])) as Record<string, unknown>,
      refreshable: row['refreshable'] === 1,
      revoked: row['revoked_at'] !== null,
    },
  };
}
