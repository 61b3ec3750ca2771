/**
 * Keeps a process's catalogue as the database has it: every process looks for changes, and whoever makes one
 * answers only after all of them have looked again.
 */
import { setTimeout as sleep } from 'node:timers/promises';
import type { Catalogue, Own } from '../catalogue.ts';
import type { Database } from '../database/database.ts';
import { definitionsMark, keepDiscovery, listDefinitions, listDiscoveries } from '../database/definitions.ts';
import type { Egress } from '../egress/egress.ts';
import type { Logger } from '../log.ts';
import { pause } from '../patience.ts';
import { compileDefinition } from './compile.ts';
import { discover } from './discovery.ts';
import type { Definition } from './schema.ts';

export type OwnIntegrations = {
  /** Resolves once every process that reaches the database has what was just changed there. */
  settle: () => Promise<void>;
  definitionOf: (id: string) => Definition | null;
  /** Asks the issuer of a definition anew. @returns what is wrong; null: nothing, or it names none */
  rediscover: (definition: Definition) => Promise<string | null>;
  close: () => Promise<void>;
};

const LOOK_EVERY_MS = 500;
// A look that has just begun may miss the change; the one after it does not.
const SETTLED_AFTER_MS = 2 * LOOK_EVERY_MS + 200;
const DISCOVER_AGAIN_MS = 60_000;

type Parts = { db: Database; egress: Egress; catalogue: Catalogue; log: Logger };

/** @param files definitions of HUB_INTEGRATIONS_DIR, which win over stored ones of the same id */
export async function followOwnIntegrations(
  { db, egress, catalogue, log }: Parts,
  files: readonly Definition[],
): Promise<OwnIntegrations> {
  let mark: string | null = null;
  let definitions = new Map<string, Definition>();
  let away = false;

  const read = async () => {
    const now = await definitionsMark(db);
    if (now === mark) return;
    const rows = await listDefinitions(db);
    const issuers = [...files, ...rows.map(({ definition }) => definition)].map(issuerOf);
    const known = await listDiscoveries(
      db,
      issuers.filter((issuer) => issuer !== null),
    );
    const compile = (value: unknown) => compileDefinition(value, known.get(issuerOf(value) ?? '') ?? null);
    const own: Own[] = [];
    const found = new Map<string, Definition>();
    const add = (value: unknown, id: string, rest: Omit<Own, 'integration'>) => {
      if (found.has(id)) return;
      const compiled = compile(value);
      // One that an older version of the hub took and this one does not must not take the others with it.
      if (!compiled.ok)
        return log.error({ integrationId: id, errors: compiled.errors }, 'a definition is not valid');
      own.push({ integration: compiled.integration, ...rest });
      found.set(id, compiled.definition);
    };
    for (const definition of files) add(definition, definition.id, { source: 'file', deleted: false });
    for (const { id, definition, deletedAt } of rows)
      add(definition, id, { source: 'api', deleted: deletedAt !== null });
    catalogue.replaceOwn(own);
    definitions = found;
    mark = now;
  };
  const look = () =>
    read().then(
      () => void (away = false),
      (error: unknown) => {
        if (!away)
          log.warn({ err: error }, 'the integrations of your own could not be read; those known stay');
        away = true;
      },
    );
  const rediscover = async (definition: Definition) => {
    const issuer = issuerOf(definition);
    if (issuer === null) return null;
    const found = await discover(egress, issuer, definition.hosts);
    if (!found.ok) return found.problem;
    await keepDiscovery(db, issuer, found.metadata);
    return null;
  };

  await look();
  const stop = new AbortController();
  const everySoOften = async (ms: number, work: () => Promise<unknown>) => {
    while (!stop.signal.aborted) {
      await work();
      await pause(ms, stop.signal);
    }
  };
  // A provider that is away when the hub starts is asked until it answers.
  const discoverMissing = async () => {
    const issuers = files.map(issuerOf).filter((issuer) => issuer !== null);
    const known = await listDiscoveries(db, issuers).catch(() => null);
    for (const definition of known === null ? [] : files) {
      if (known?.has(issuerOf(definition) ?? '')) continue;
      const problem = await rediscover(definition).catch(String);
      if (problem) log.warn({ integrationId: definition.id, problem }, 'an issuer could not be asked');
    }
  };
  const loops = [
    everySoOften(LOOK_EVERY_MS, look),
    ...(files.some(issuerOf) ? [everySoOften(DISCOVER_AGAIN_MS, discoverMissing)] : []),
  ];
  return {
    async settle() {
      await look();
      await sleep(SETTLED_AFTER_MS);
    },
    definitionOf: (id) => definitions.get(id) ?? null,
    rediscover,
    async close() {
      stop.abort();
      await Promise.all(loops);
    },
  };
}

function issuerOf(definition: unknown): string | null {
  return (definition as Partial<Definition>).auth?.oauth2?.discovery ?? null;
}
