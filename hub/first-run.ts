/** What `npm start` and the command line put into a fresh database. */
import { recorded } from './audit/recorded.ts';
import { createApiKey, findApiKey, type Role } from './database/api-keys.ts';
import { findApp, putApp } from './database/apps.ts';
import { openDatabase, type Database } from './database/database.ts';
import { hasInvitations, insertInvitation } from './database/invitations.ts';
import { hasUsers } from './database/users.ts';
import { invitationUrl } from './links.ts';
import type { Config } from './config.ts';
import { openHub } from './hub.ts';
import { createLogger } from './log.ts';
import { sealApp } from './oauth/app.ts';
import { requireOAuth } from './oauth/setup.ts';

/** The admin key of HUB_ADMIN_KEY. @returns whether it was made now */
export async function ensureAdminKey(config: Config, key: string): Promise<boolean> {
  return withDatabase(config, async (db) => {
    if (await findApiKey(db, key)) return false;
    await keyRecorded(db, { name: 'admin', role: 'admin', userId: 'admin', key });
    return true;
  });
}

/** @returns the key, the only time it is seen */
export async function createKey(
  config: Config,
  wanted: { name: string; role: Role; userId: string },
): Promise<string> {
  return withDatabase(config, async (db) => (await keyRecorded(db, wanted)).key);
}

const keyRecorded = (db: Database, wanted: Parameters<typeof createApiKey>[1]) =>
  recorded(
    db,
    'key.create',
    { role: wanted.role },
    () => createApiKey(db, wanted),
    ({ id, userId }) => ({ subjectId: id, userId }),
  );

// Time enough to come back to it after the weekend; `hub users invite` makes another one.
const INVITATION_MS = 7 * 24 * 60 * 60_000;

/**
 * Where the first person makes their account, as the user `admin`, whose the admin key and its connections are too.
 * @returns null: somebody was invited before
 */
export async function inviteFirstAdmin(config: Config): Promise<string | null> {
  return withDatabase(config, async (db) => {
    if ((await hasUsers(db)) || (await hasInvitations(db))) return null;
    return invite(config, db, { role: 'admin', email: null, userId: 'admin' });
  });
}

/** @returns the link, the only time it is seen */
export async function createInvitation(
  config: Config,
  wanted: { role: Role; email: string | null; userId: string | null },
): Promise<string> {
  return withDatabase(config, (db) => invite(config, db, wanted));
}

async function invite(
  { publicUrl }: Config,
  db: Database,
  wanted: { role: Role; email: string | null; userId: string | null },
): Promise<string> {
  const expiresAt = new Date(Date.now() + INVITATION_MS);
  const { token } = await recorded(
    db,
    'invitation.create',
    { role: wanted.role },
    () => insertInvitation(db, { ...wanted, createdBy: null, expiresAt }),
    ({ row }) => ({ subjectId: row.id, userId: row.userId }),
  );
  return invitationUrl(publicUrl, token);
}

export type SandboxApp = {
  integrationId: string;
  clientId: string;
  clientSecret: string;
  settings?: Record<string, unknown>;
  endpoints: { [name: string]: string };
};

/** Sets up the sandbox's apps; one that an admin has put in its place stays. */
export async function configureSandboxApps(config: Config, sandboxApps: SandboxApp[]): Promise<void> {
  const hub = await openHub(config, createLogger('silent'));
  try {
    await recorded(hub.db, 'sandbox.set_up', {}, async () => {
      for (const app of sandboxApps) {
        const integration = hub.catalogue.get(app.integrationId);
        if (!integration?.oauth) continue;
        const there = await findApp(hub.db, integration.id);
        if (there && !there.sandbox) continue;
        await putApp(hub.db, sealApp(hub, requireOAuth(integration), app, true));
      }
    });
  } finally {
    await hub.close();
  }
}

async function withDatabase<T>(config: Config, work: (db: Database) => Promise<T>): Promise<T> {
  const db = openDatabase(config);
  try {
    return await work(db);
  } finally {
    await db.close();
  }
}
