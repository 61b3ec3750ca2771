/** What `npm start` and the command line put into a fresh database. */
import { createApiKey, findApiKey, type Role } from './database/api-keys.ts';
import { findApp, putApp } from './database/apps.ts';
import { openDatabase, type Database } from './database/database.ts';
import type { Config } from './config.ts';
import { openHub } from './hub.ts';
import { createLogger } from './log.ts';
import { sealApp } from './oauth/app.ts';
import { requireOAuth } from './oauth/setup.ts';

/** The admin key of HUB_ADMIN_KEY. @returns whether it was made now */
export async function ensureAdminKey(config: Config, key: string): Promise<boolean> {
  return withDatabase(config, async (db) => {
    if (await findApiKey(db, key)) return false;
    await createApiKey(db, { name: 'admin', role: 'admin', userId: 'admin', key });
    return true;
  });
}

/** @returns the key, the only time it is seen */
export async function createKey(
  config: Config,
  wanted: { name: string; role: Role; userId: string },
): Promise<string> {
  return withDatabase(config, async (db) => (await createApiKey(db, wanted)).key);
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
    for (const app of sandboxApps) {
      const integration = hub.catalogue.get(app.integrationId);
      if (!integration?.oauth) continue;
      const there = await findApp(hub.db, integration.id);
      if (there && !there.sandbox) continue;
      await putApp(hub.db, sealApp(hub, requireOAuth(integration), app, true));
    }
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
