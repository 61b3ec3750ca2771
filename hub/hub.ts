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
import { atMost } from './patience.ts';
import { OFF, type Telemetry } from './telemetry/telemetry.ts';
import { createTraces, type Traces } from './traces/recorder.ts';
import { parseKeyring } from './vault/keyring.ts';
import { createVault, type Vault } from './vault/vault.ts';

export type Hub = {
  db: Database;
  vault: Vault;
  egress: Egress;
  catalogue: Catalogue;
  ownIntegrations: OwnIntegrations;
  circuits: Circuits;
  tallies: Tallies;
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
  if (config.encryptionKeys === null)
    throw new Error('HUB_ENCRYPTION_KEYS: needed, as id:base64key (npm start makes one by itself)');
  const vault = createVault(parseKeyring(config.encryptionKeys));
  const catalogue = createCatalogue([...(await loadCatalogue()).list(), ...integrations]);
  const files = await readDefinitions(config.integrationsDir, (id) => catalogue.get(id) !== undefined);
  const egress = createEgress({
    allowPrivateNetwork: config.allowPrivateNetwork,
    timeoutMs: config.durations.providerTimeout,
    telemetry,
  });
  const db = openDatabase(config);
  const tallies = createTallies(db);
  const traces = createTraces({ db, vault, catalogue, log }, config.durations.debugKeep);
  const ownIntegrations = await followOwnIntegrations({ db, egress, catalogue, log }, files);
  return {
    db,
    vault,
    egress,
    catalogue,
    ownIntegrations,
    circuits: createCircuits({ db, log, durations: config.durations }),
    tallies,
    traces,
    telemetry,
    publicUrl: config.publicUrl,
    durations: config.durations,
    log,
    async close() {
      await atMost(LAST_WRITES_MS, Promise.all([tallies.close(), traces.close(), ownIntegrations.close()]));
      await Promise.all([egress.close(), db.close()]);
    },
  };
}

export const redirectUri = (hub: Pick<Hub, 'publicUrl'>) => `${hub.publicUrl}/oauth/callback`;
