/** Connections by the thousand: consents made at the sandbox, their tokens sealed by the vault, their rows inserted. */
import type postgres from 'postgres';
import { uuidv7 } from 'uuidv7';
import { readTokenAnswerByRfc6749 } from '../../integrations/definition/answers.ts';
import { loadCatalogue } from '../../hub/catalogue.ts';
import type { Config } from '../../hub/config.ts';
import { findApp } from '../../hub/database/apps.ts';
import { openDatabase } from '../../hub/database/database.ts';
import { connections } from '../../hub/database/schema.ts';
import { columnsOf } from '../../hub/database/connection-credentials.ts';
import { sealCredentials } from '../../hub/oauth/credentials.ts';
import { parseKeyring } from '../../hub/vault/keyring.ts';
import { createVault } from '../../hub/vault/vault.ts';
import type { TestSandbox } from './sandbox.ts';

export type Bulk = { id: string; family: string };

/** @param times when they are due; an access token that has expired has done so `at` the sandbox as well, or not */
export async function connectMany(
  config: Config,
  sandbox: TestSandbox,
  integrationId: string,
  count: number,
  times: { expiresAt?: Date | null; refreshDueAt?: Date | null; healthDueAt?: Date } = {},
): Promise<Bulk[]> {
  const integration = (await loadCatalogue()).get(integrationId);
  if (!integration?.oauth) throw new Error(`${integrationId} has no OAuth`);
  const { grants } = await sandbox.control('POST', `/${integrationId}/grants`, {
    count,
    scopes: integration.oauth.scopes,
  });
  const hub = { vault: createVault(parseKeyring(config.encryptionKeys ?? '')), durations: config.durations };
  const db = openDatabase(config);
  const app = await findApp(db, integrationId);
  const made: Bulk[] = [];
  const rows = grants.map(({ family, answer }: { family: string; answer: Record<string, unknown> }) => {
    const tokens = (integration.oauth?.readTokenAnswer ?? readTokenAnswerByRfc6749)(answer);
    if (!tokens) throw new Error(`${integrationId}: no tokens in the answer`);
    const id = uuidv7();
    made.push({ id, family });
    const expires = tokens.expiresIn === null ? null : new Date(Date.now() + tokens.expiresIn * 1000);
    const credentials = {
      type: 'oauth2' as const,
      accessToken: tokens.accessToken,
      tokenType: tokens.tokenType,
      refreshToken: tokens.refreshToken,
      expiresAt: expires?.toISOString() ?? null,
      scopes: tokens.scope === null ? null : tokens.scope.split(/[\s,]+/),
      rotated: null,
      answer,
    };
    const sealed = sealCredentials(hub, integration, id, credentials, app);
    return {
      id,
      userId: 'bulk',
      integrationId,
      authType: 'oauth2' as const,
      name: integration.name,
      status: 'connected' as const,
      config: {},
      version: 1,
      ...columnsOf({ ...sealed, ...times }),
    };
  });
  for (let at = 0; at < rows.length; at += 500)
    await db.tables.insert(connections).values(rows.slice(at, at + 500));
  await db.close();
  return made;
}

/** How many connections are how: `connected v2`, `error v1 REFRESH_OUTCOME_UNKNOWN`. */
export async function standingOf(sql: postgres.Sql): Promise<Record<string, number>> {
  const rows = await sql<{ standing: string; n: number }[]>`
    select status || ' v' || version || coalesce(' ' || (status_reason ->> 'code'), '') as standing, count(*)::int as n
    from connections group by 1`;
  return Object.fromEntries(rows.map(({ standing, n }) => [standing, n]));
}
