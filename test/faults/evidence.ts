/**
 * What the checker goes by, as plain data: the stand-ins' own ledgers read from the sandbox's file, the hub's
 * tables read by plain SQL, workflows as Temporal shows them. Tokens are SHA-256 here, as they are in the ledgers.
 */
import { createHash } from 'node:crypto';
import { DatabaseSync } from 'node:sqlite';
import { Client, Connection } from '@temporalio/client';
import postgres from 'postgres';
import type { Config } from '../../hub/config.ts';
import { parseKeyring } from '../../hub/vault/keyring.ts';
import { createVault } from '../../hub/vault/vault.ts';
import type { Diary } from './load.ts';

export type Grant = { id: string; provider: string; code: string; revoked: boolean };
export type Token = {
  hash: string;
  type: 'access' | 'refresh';
  grantId: string;
  spent: boolean;
  /** Milliseconds since 1970. */
  expiresAt: number | null;
};
export type TokenRequest = {
  at: number;
  provider: string;
  grantType: string | null;
  outcome: string;
  family: string | null;
  /** The token that was presented. */
  presented: string | null;
};
export type ConnectionFacts = {
  id: string;
  status: string;
  reason: string | null;
  version: number;
  /** Null: there are no credentials. */
  access: string | null;
  refresh: string | null;
};
export type Event = {
  sequence: number;
  id: string;
  type: string;
  connectionId: string;
  reason: string | null;
  at: number;
};
export type Delivery = { id: string; eventId: string; outcome: string | null; held: boolean };
export type Workflow = { type: string; id: string; status: string; trouble: string | null; began: number };

export type Evidence = {
  at: number;
  grants: Grant[];
  tokens: Token[];
  requests: TokenRequest[];
  /** How often a stand-in saw a spent refresh token again. */
  reused: number;
  connections: ConnectionFacts[];
  events: Event[];
  deliveries: Delivery[];
  /** Ids of the messages that came to the webhook. */
  received: Set<string>;
  told: { sequence: number; id: string }[];
  /** Open ones, and those that ended badly. */
  workflows: Workflow[];
  diary: Diary;
};

type Sources = {
  config: Config;
  sandboxFile: string;
  received: Set<string>;
  told: Evidence['told'];
  diary: Diary;
  /** Until when the hub was at work. */
  at?: number;
};

export async function gather({
  config,
  sandboxFile,
  received,
  told,
  diary,
  at = Date.now(),
}: Sources): Promise<Evidence> {
  const workflows = await readWorkflows(config);
  const ledgers = readSandbox(sandboxFile);
  return { at, workflows, ...ledgers, ...(await readHub(config)), received, told, diary };
}

function readSandbox(file: string): Pick<Evidence, 'grants' | 'tokens' | 'requests' | 'reused'> {
  const sql = new DatabaseSync(file, { readOnly: true });
  const all = (text: string) => sql.prepare(text).all();
  const requests = all(`SELECT provider, entry FROM entries WHERE kind = 'token' ORDER BY id`).map((row) => {
    const entry = JSON.parse(String(row['entry'])) as Omit<TokenRequest, 'at' | 'provider'> & { at: string };
    return { ...entry, provider: String(row['provider']), at: Date.parse(entry.at) };
  });
  const found = {
    requests,
    reused: Number(all(`SELECT coalesce(sum(n), 0) AS n FROM counts WHERE name = 'reused'`)[0]?.['n']),
    grants: all('SELECT id, provider, code, revoked_at FROM grants').map((row) => ({
      id: String(row['id']),
      provider: String(row['provider']),
      code: String(row['code']),
      revoked: row['revoked_at'] !== null,
    })),
    tokens: all('SELECT hash, type, grant_id, spent_at, expires_at FROM tokens').map((row) => ({
      hash: String(row['hash']),
      type: row['type'] === 'refresh' ? ('refresh' as const) : ('access' as const),
      grantId: String(row['grant_id']),
      spent: row['spent_at'] !== null,
      expiresAt: row['expires_at'] === null ? null : Number(row['expires_at']),
    })),
  };
  sql.close();
  return found;
}

async function readHub(config: Config): Promise<Pick<Evidence, 'connections' | 'events' | 'deliveries'>> {
  const sql = postgres(config.databaseUrl ?? '', { max: 1, onnotice: () => {} });
  const vault = createVault(parseKeyring(config.encryptionKeys ?? ''));
  const hashOf = (token: string | null | undefined) =>
    token ? createHash('sha256').update(token).digest('hex') : null;
  try {
    const rows = await sql`
      select id, status, status_reason ->> 'code' as reason, version, sealed_credentials as sealed from connections`;
    const events = await sql<(Omit<Event, 'at' | 'sequence'> & { sequence: string; at: string })[]>`
      select sequence, id, type, connection_id as "connectionId", reason, at::text as at from events order by sequence`;
    const deliveries = await sql<Delivery[]>`
      select id, event_id as "eventId", outcome, held_since is not null as held from deliveries`;
    return {
      connections: rows.map((row) => {
        const credentials =
          row['sealed'] === null
            ? null
            : vault.open<{ accessToken?: string; refreshToken?: string | null }>(
                `connections/${row['id']}/credentials`,
                row['sealed'] as string,
              );
        return {
          id: row['id'] as string,
          status: row['status'] as string,
          reason: row['reason'] as string | null,
          version: row['version'] as number,
          access: hashOf(credentials?.accessToken),
          refresh: hashOf(credentials?.refreshToken),
        };
      }),
      events: events.map((event) => ({
        ...event,
        sequence: Number(event.sequence),
        at: Date.parse(event.at),
      })),
      deliveries: [...deliveries],
    };
  } finally {
    await sql.end();
  }
}

const BADLY = `ExecutionStatus IN ('Failed', 'Terminated', 'TimedOut', 'Canceled')`;

export async function readWorkflows(config: Config): Promise<Workflow[]> {
  const connection = await Connection.connect({ address: config.temporal.address ?? '' });
  const { namespace } = config.temporal;
  const client = new Client({ connection, namespace });
  const found: Workflow[] = [];
  try {
    for await (const { type, workflowId: id, status, startTime } of client.workflow.list({ query: BADLY }))
      found.push({ type, id, status: status.name, trouble: null, began: startTime.getTime() });
    for await (const { type, workflowId, runId, startTime } of client.workflow.list({
      query: `ExecutionStatus = 'Running'`,
    })) {
      const { pendingActivities, pendingWorkflowTask } =
        await connection.workflowService.describeWorkflowExecution({
          namespace,
          execution: { workflowId, runId },
        });
      const tries = Math.max(0, ...(pendingActivities ?? []).map(({ attempt }) => attempt ?? 0));
      const taskTries = pendingWorkflowTask?.attempt ?? 0;
      const trouble =
        taskTries > 3
          ? `its workflow task is tried for the ${taskTries}th time`
          : tries > 8
            ? `its activity is tried for the ${tries}th time`
            : null;
      found.push({ type, id: workflowId, status: 'RUNNING', trouble, began: startTime.getTime() });
    }
  } finally {
    await connection.close();
  }
  return found;
}
