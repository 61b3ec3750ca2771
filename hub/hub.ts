/** What every part of the hub works with, passed as an argument. */
import type { Integration } from '../integrations/definition/integration.ts';
import { createCircuits, type Circuits } from './circuits.ts';
import { createCatalogue, loadCatalogue, type Catalogue } from './catalogue.ts';
import type { Config } from './config.ts';
import { readDefinitions } from './definitions/folder.ts';
import { followOwnIntegrations, type OwnIntegrations } from './definitions/own.ts';
import { openDatabase, type Database } from './database/database.ts';
import { createTallies, type Tallies } from './database/tallies.ts';
import { createEgress, type Egress } from './egress/egress.ts';
import type { Logger } from './log.ts';
import { createLateAnswers, type LateAnswers } from './oauth/late-answers.ts';
import { atMost } from './patience.ts';
import { OFF, type Telemetry } from './telemetry/telemetry.ts';
import { createTraces, type Traces } from './traces/recorder.ts';
import { openVault } from './vault/open-keyring.ts';
import type { Vault } from './vault/vault.ts';

export type Hub = {
  db: Database;
  vault: Vault;
  egress: Egress;
  catalogue: Catalogue;
  ownIntegrations: OwnIntegrations;
  circuits: Circuits;
  tallies: Tallies;
  lateAnswers: LateAnswers;
  traces: Traces;
  telemetry: Telemetry;
  publicUrl: string;
  durations: Config['durations'];
  log: Logger;
};

// A database that takes everything and answers nothing must not keep the process.
const LAST_WRITES_MS = 2_000;

/**
 * @param integrations beside those of the folder
 * @throws Error with one line per problem of HUB_ENCRYPTION_KEYS, the catalogue or HUB_INTEGRATIONS_DIR
 */
export async function openHub(
  config: Config,
  log: Logger,
  integrations: readonly Integration[] = [],
  telemetry: Telemetry = OFF,
): Promise<Hub & { close: () => Promise<void> }> {
  const catalogue = createCatalogue([...(await loadCatalogue()).list(), ...integrations]);
  const files = await readDefinitions(config.integrationsDir, (id) => catalogue.get(id) !== undefined);
  const egress = createEgress({
    allowPrivateNetwork: config.allowPrivateNetwork,
    timeoutMs: config.durations.providerTimeout,
    telemetry,
  });
  const db = openDatabase(config);
  const vault = await openVault(config, db).catch(async (error: unknown) => {
    await Promise.all([egress.close(), db.close()]);
    throw error;
  });
  const tallies = createTallies(db);
  const traces = createTraces({ db, vault, catalogue, log }, config.durations.debugKeep);
  const lateAnswers = createLateAnswers({ db, egress, log, durations: config.durations });
  const ownIntegrations = await followOwnIntegrations({ db, egress, catalogue, log }, files);
  return {
    db,
    vault,
    egress,
    catalogue,
    ownIntegrations,
    circuits: createCircuits({ db, log, durations: config.durations }),
    tallies,
    lateAnswers,
    traces,
    telemetry,
    publicUrl: config.publicUrl,
    durations: config.durations,
    log,
    async close() {
      await lateAnswers.close();
      await atMost(LAST_WRITES_MS, Promise.all([tallies.close(), traces.close(), ownIntegrations.close()]));
      await Promise.all([egress.close(), db.close()]);
    },
  };
}

export const redirectUri = (hub: Pick<Hub, 'publicUrl'>) => `${hub.publicUrl}/oauth/callback`;
