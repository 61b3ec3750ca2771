/**
 * What happened at one stand-in, so that a test can ask. Counts are exact for as long as the state is kept;
 * lists hold the latest entries. Tokens appear as SHA-256 only.
 */
import type { Database } from './database.ts';

export type TokenRequestEntry = {
  at: string;
  /** As asked; null where the request could not be read. */
  grantType: string | null;
  /** `ok`, the fault's kind, or the switch that answered in the stand-in's place. */
  outcome: string;
  account: string | null;
  family: string | null;
  /** What was presented: a code, a refresh token, a token to exchange. */
  presented: string | null;
  issued: string[];
};

/** A spent refresh token that was presented again. */
export type ReuseEntry = { at: string; token: string; family: string; familyRevoked: boolean };
export type CallEntry = {
  at: string;
  method: string;
  route: string;
  outcome: string;
  account: string | null;
};
export type ConsentEntry = { at: string; outcome: 'allowed' | 'denied'; account: string | null };

export type Ledger = ReturnType<typeof openLedger>;

const LIST_LENGTH = 500;

export function openLedger({ sql }: Database, provider: string) {
  const insert = sql.prepare('INSERT INTO entries (provider, kind, entry) VALUES (?, ?, ?)');
  const increment = sql.prepare(
    `INSERT INTO counts VALUES (?, ?, ?) ON CONFLICT (provider, name) DO UPDATE SET n = n + excluded.n`,
  );
  const counts = sql.prepare('SELECT name, n FROM counts WHERE provider = ? ORDER BY name');
  const list = sql.prepare(
    'SELECT entry FROM entries WHERE provider = ? AND kind = ? ORDER BY id DESC LIMIT ?',
  );

  const write = (kind: string, entry: object) => insert.run(provider, kind, JSON.stringify(entry));
  const count = (name: string, by = 1) => void (by > 0 && increment.run(provider, name, by));
  const at = () => new Date().toISOString();
  const entries = (kind: string) =>
    list
      .all(provider, kind, LIST_LENGTH)
      .map((row) => JSON.parse(String(row['entry'])) as unknown)
      .reverse();

  return {
    tokenRequest(entry: Omit<TokenRequestEntry, 'at'>): void {
      write('token', { at: at(), ...entry });
      count('tokenRequests');
      count(`tokenRequests.${entry.grantType ?? 'unreadable'}.${entry.outcome}`);
    },
    reuse(entry: Omit<ReuseEntry, 'at'>): void {
      write('reuse', { at: at(), ...entry });
      count('reused');
    },
    call(entry: Omit<CallEntry, 'at'>): void {
      write('call', { at: at(), ...entry });
      count('calls');
      count(`calls.${entry.outcome}`);
    },
    consent(entry: Omit<ConsentEntry, 'at'>): void {
      write('consent', { at: at(), ...entry });
      count(`consents.${entry.outcome}`);
    },
    /** A revocation endpoint was asked, whatever it answered. */
    revocation: () => count('revocations'),
    familiesRevoked: (by: number) => count('familiesRevoked', by),
    /** A request that followed a redirect of ours; `withCredentials`: it should not have. */
    strayed(withCredentials: boolean): void {
      count('strayed');
      if (withCredentials) count('strayedWithCredentials');
    },
    read: () => ({
      counts: {
        tokenRequests: 0,
        calls: 0,
        reused: 0,
        familiesRevoked: 0,
        revocations: 0,
        ...Object.fromEntries(counts.all(provider).map((row) => [String(row['name']), Number(row['n'])])),
      } as Record<string, number>,
      tokenRequests: entries('token') as TokenRequestEntry[],
      reused: entries('reuse') as ReuseEntry[],
      calls: entries('call') as CallEntry[],
      consents: entries('consent') as ConsentEntry[],
    }),
    clear(): void {
      sql.prepare('DELETE FROM entries WHERE provider = ?').run(provider);
      sql.prepare('DELETE FROM counts WHERE provider = ?').run(provider);
    },
  };
}
