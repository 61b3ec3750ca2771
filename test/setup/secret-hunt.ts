/** Looks for secrets wherever the hub leaves something behind, in every form they could have taken. */
import { Client, Connection } from '@temporalio/client';
import proto from '@temporalio/proto';
import postgres from 'postgres';
import type { Config } from '../../hub/config.ts';
import { createPayloadCodec } from '../../hub/temporal/data-converter.ts';
import { parseKeyring } from '../../hub/vault/keyring.ts';
import { createVault } from '../../hub/vault/vault.ts';

export type Place = { where: string; text: string };
const { History } = proto.temporal.api.history.v1;

/** @returns one line per secret and place, naming the secret by its label only */
export function hunt(secrets: ReadonlyMap<string, string>, places: Iterable<Place>): string[] {
  const forms = [...secrets].flatMap(([label, secret]) => formsOf(secret).map((form) => ({ label, form })));
  return [...places].flatMap(({ where, text }) =>
    forms.filter(({ form }) => text.includes(form)).map(({ label }) => `${label} in ${where}`),
  );
}

function formsOf(secret: string): string[] {
  const bytes = Buffer.from(secret);
  // Base64 of a text inside another one depends on where it begins: each of three offsets has a middle of its own.
  const inside = [0, 1, 2].map((offset) =>
    Buffer.concat([Buffer.alloc(offset), bytes])
      .toString('base64')
      .slice(offset === 0 ? 0 : 4, -4),
  );
  return [
    ...new Set([
      secret,
      encodeURIComponent(secret),
      bytes.toString('hex'),
      JSON.stringify(secret).slice(1, -1),
      ...inside,
    ]),
  ].filter((form) => form.length >= 12);
}

/** Every column of every row of every table. */
export async function databasePlaces(url: string): Promise<Place[]> {
  const sql = postgres(url, { max: 1 });
  const tables = await sql<{ name: string }[]>`
    select quote_ident(table_schema) || '.' || quote_ident(table_name) as name from information_schema.tables
    where table_schema not in ('pg_catalog', 'information_schema')`;
  const places: Place[] = [];
  for (const { name } of tables)
    for (const row of await sql.unsafe(`select to_jsonb(t) as row from ${name} t`))
      places.push({ where: `table ${name}`, text: JSON.stringify(row['row']) });
  await sql.end();
  return places;
}

/** Histories as they are stored and as an operator reads them, with ids, search attributes and memos. */
export async function temporalPlaces(config: Config): Promise<Place[]> {
  const connection = await Connection.connect({ address: config.temporal.address ?? '' });
  const client = new Client({ connection, namespace: config.temporal.namespace });
  const codec = createPayloadCodec(createVault(parseKeyring(config.encryptionKeys ?? '')));
  const places: Place[] = [];
  for await (const execution of client.workflow.list({
    query: `TaskQueue = '${config.temporal.taskQueue}'`,
  })) {
    const where = `${execution.type} ${execution.workflowId}`;
    places.push({
      where: `search attributes of ${where}`,
      text: JSON.stringify([
        execution.typedSearchAttributes.getAll(),
        execution.memo ?? null,
        execution.workflowId,
      ]),
    });
    const history = await client.workflow.getHandle(execution.workflowId, execution.runId).fetchHistory();
    places.push({ where: `stored history of ${where}`, text: textOf(History.encode(history).finish()) });
    const decoded = await decodeAll(history, async (payload) => {
      const [plain] = await codec.decode([payload]);
      return plain;
    });
    places.push({ where: `decoded history of ${where}`, text: decoded });
  }
  await connection.close();
  return places;
}

async function decodeAll(value: unknown, decode: (payload: object) => Promise<unknown>): Promise<string> {
  if (value instanceof Uint8Array) return textOf(value);
  if (isRecord(value) && 'metadata' in value && 'data' in value && value['data'] instanceof Uint8Array) {
    const plain = (await decode(value)) as { data?: Uint8Array };
    return textOf(plain.data ?? new Uint8Array());
  }
  if (Array.isArray(value)) return (await Promise.all(value.map((one) => decodeAll(one, decode)))).join('\n');
  if (isRecord(value))
    return (await Promise.all(Object.values(value).map((one) => decodeAll(one, decode)))).join('\n');
  return String(value);
}

const isRecord = (value: unknown): value is Record<string, unknown> =>
  typeof value === 'object' && value !== null;
const textOf = (bytes: Uint8Array) => Buffer.from(bytes).toString('utf8');
