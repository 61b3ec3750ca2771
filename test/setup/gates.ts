/** Places in a refresh at which a test holds it up: by a lock in the database, never by waiting for a while. */
import type postgres from 'postgres';

/** Each is a column whose change a trigger holds up as long as the test has the lock of that number. */
export const GATES = { claim: 1, intent: 2, store: 3 };

export async function buildGates(sql: postgres.Sql): Promise<void> {
  await sql.unsafe(`
    create function hold_up() returns trigger language plpgsql as $$
    begin
      if new.lease_id is not null and new.lease_id is distinct from old.lease_id then perform pg_advisory_xact_lock_shared(${GATES.claim}); end if;
      if new.intent_version is not null and new.intent_version is distinct from old.intent_version then perform pg_advisory_xact_lock_shared(${GATES.intent}); end if;
      if new.version > old.version then perform pg_advisory_xact_lock_shared(${GATES.store}); end if;
      return new;
    end $$;
    create trigger hold_up before update on connections for each row execute function hold_up();`);
}

/** How many statements wait there. */
export async function waitingAt(sql: postgres.Sql, gate: number): Promise<number> {
  const rows =
    await sql`select 1 from pg_locks where locktype = 'advisory' and objid = ${gate} and not granted`;
  return rows.length;
}

/** What waits there is not carried out after all, as if its sender had died with it. */
export async function endWaiting(sql: postgres.Sql, gate: number): Promise<void> {
  await sql`select pg_terminate_backend(pid) from pg_locks where locktype = 'advisory' and objid = ${gate} and not granted`;
}
