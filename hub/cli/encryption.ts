/** `hub encryption …`: rotates keys and shows where they stand. The work is a workflow's; it goes on when this ends. */
import { setTimeout as sleep } from 'node:timers/promises';
import type { Config } from '../config.ts';
import { openDatabase, type Database } from '../database/database.ts';
import { readKeyStanding } from '../rotation/standing.ts';
import { progressLine, resultLines, standingLines } from '../rotation/words.ts';
import { openGateway, type Gateway } from '../temporal/gateway.ts';
import { openVault } from '../vault/open-keyring.ts';
import type { Vault } from '../vault/vault.ts';

type Tools = { db: Database; vault: Vault; gateway: Gateway };
type Say = (line: string) => void;

const LOOK_MS = 1_000;

/** Starts or joins the rotation, and follows it. @returns the exit code: 0 only where all is verified */
export async function rotateKeys(config: Config, say: Say): Promise<number> {
  return withTools(config, async ({ vault, gateway }) => {
    const [keyId = ''] = vault.keyIds();
    const started = await gateway.rotateKeys();
    say(`Rotating to "${keyId}": workflow ${started.workflowId}. It goes on by itself if this ends.`);
    let said = '';
    const sayOnce = (line: string) => {
      if (line !== said) say(line);
      said = line;
    };
    for (;;) {
      const rotation = await gateway.findRotation();
      const toward = rotation?.progress?.keyId ?? rotation?.result?.keyId ?? keyId;
      if (toward !== keyId) {
        say(
          `A rotation to "${toward}" was under way; this process has "${keyId}" first. Rotate again when it has ended.`,
        );
        return 1;
      }
      if (rotation?.status === 'ended' && rotation.result) {
        for (const line of resultLines(rotation.result)) say(line);
        return rotation.result.outcome === 'verified' ? 0 : 1;
      }
      if (rotation?.status !== 'running') {
        say(`The workflow ended without a result; Temporal says why. Rotate again: it goes on where it was.`);
        return 1;
      }
      sayOnce(rotation.progress === null ? 'No worker answers yet.' : progressLine(rotation.progress));
      await sleep(LOOK_MS);
    }
  });
}

/** @returns the exit code: 0 where nothing is under another key than the first, and nothing keeps the others */
export async function showKeys(config: Config, asJson: boolean, say: Say): Promise<number> {
  return withTools(config, async ({ db, vault, gateway }) => {
    const standing = await readKeyStanding({ db, vault }, gateway);
    if (asJson) say(JSON.stringify(standing, null, 2));
    else for (const line of standingLines(standing)) say(line);
    return standing.othersMayGo ? 0 : 1;
  });
}

async function withTools(config: Config, work: (tools: Tools) => Promise<number>): Promise<number> {
  const db = openDatabase(config);
  try {
    const vault = await openVault(config, db);
    const gateway = openGateway(config, db, vault);
    return await work({ db, vault, gateway }).finally(() => gateway.close());
  } finally {
    await db.close();
  }
}
