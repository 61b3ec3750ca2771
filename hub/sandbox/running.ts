/** A stand-in that runs: its manner, its app, what it remembers and how it behaves at the moment. */
import { randomBytes } from 'node:crypto';
import { createBehaviour } from './behaviour.ts';
import { derive, inOneTransaction, type Database } from './database.ts';
import { createGate } from './gate.ts';
import { isActive, openGrants } from './grants.ts';
import { openLedger } from './ledger.ts';
import { createScript } from './script.ts';
import type { Account, Call, StandIn, TokenDesk } from './stand-in.ts';

export type Running = {
  standIn: StandIn;
  clientId: string;
  clientSecret: string;
  staticKey: string | null;
  random: string;
  grants: ReturnType<typeof openGrants>;
  ledger: ReturnType<typeof openLedger>;
  behaviour: ReturnType<typeof createBehaviour>;
  gate: ReturnType<typeof createGate>;
  script: ReturnType<typeof createScript>;
  /** Rows of the token endpoint are written together or not at all. */
  together: <T>(work: () => T) => T;
  calls: () => readonly Call[];
  accountOf: (id: string) => Account;
  desk: TokenDesk;
  revokeGrants: (revoke: () => number) => number;
  /** Everything as on the first day; the app, its secret and the static key stay. */
  reset: () => void;
  /** `http://localhost:<port>/<id>`; known once the port is. */
  base: () => string;
};

export function run(standIn: StandIn, db: Database, url: () => string): Running {
  const { id } = standIn;
  const random = derive(db, `${id}/static`);
  const grants = openGrants(db, id);
  const ledger = openLedger(db, id);
  const behaviour = createBehaviour();
  const gate = createGate();
  const script = createScript();
  let calls = standIn.calls({ random });

  const accountOf = (accountId: string) =>
    standIn.accounts.find((account) => account.id === accountId) ?? standIn.accounts[0];
  const revokeGrants = (revoke: () => number) => {
    const ended = revoke();
    ledger.familiesRevoked(ended);
    return ended;
  };

  return {
    standIn,
    clientId: `sandbox-${id}`,
    clientSecret: derive(db, `${id}/client-secret`),
    staticKey: standIn.staticKey?.(random) ?? null,
    random,
    grants,
    ledger,
    behaviour,
    gate,
    script,
    together: (work) => inOneTransaction(db, work),
    calls: () => calls,
    accountOf,
    desk: {
      lookUp(token) {
        const found = grants.find(token);
        return (
          found && {
            kind: found.type,
            active: isActive(found),
            account: accountOf(found.grant.account),
            scopes: found.scopes,
            expiresAt: found.expiresAt,
          }
        );
      },
      endToken: (token) => grants.expire(token),
      endGrantOf(token) {
        const found = grants.find(token);
        return found !== null && revokeGrants(() => grants.revoke(found.grant.id)) > 0;
      },
      endAccount: (accountId) => revokeGrants(() => grants.revokeOfAccount(accountId)) > 0,
    },
    revokeGrants,
    reset() {
      gate.release();
      behaviour.set({});
      script.stop();
      inOneTransaction(db, () => {
        grants.forgetAll();
        ledger.clear();
      });
      calls = standIn.calls({ random });
    },
    base: () => `${url()}/${id}`,
  };
}

export const randomText = (length: number) => randomBytes(length).toString('hex').slice(0, length);
