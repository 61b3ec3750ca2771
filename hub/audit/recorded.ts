/** What an operator does on the command line, recorded as everybody else's acts are. */
import { userInfo } from 'node:os';
import { finishAuditEntry, insertAuditEntry, type About, type Actor } from '../database/audit.ts';
import type { Database } from '../database/database.ts';
import type { AuditDetails } from '../database/schema.ts';
import { subjectOf, type Action } from './actions.ts';

/** @param about what came of it is about, once it is there */
export async function recorded<T>(
  db: Database,
  action: Action,
  details: AuditDetails,
  work: () => Promise<T>,
  about: (made: T) => About = () => ({}),
): Promise<T> {
  const actor: Actor = { kind: 'command_line', id: whoIsThere(), userId: null };
  const id = await insertAuditEntry(db, { actor, action, subjectType: subjectOf(action), details });
  try {
    const made = await work();
    await finishAuditEntry(db, id, { actor, outcome: 'done', details, ...about(made) });
    return made;
  } catch (error) {
    await finishAuditEntry(db, id, { actor, outcome: 'failed', details }).catch(() => {});
    throw error;
  }
}

/** The account at the machine; one without a name is possible in a container. */
function whoIsThere(): string | null {
  try {
    return userInfo().username;
  } catch {
    return null;
  }
}
