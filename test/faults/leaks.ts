/** Looks for secrets in everything that a run leaves behind: logs, tables, histories. */
import { createHash } from 'node:crypto';
import { readFileSync } from 'node:fs';
import { DatabaseSync } from 'node:sqlite';
import { databasePlaces, hunt, temporalPlaces } from '../setup/secret-hunt.ts';
import type { Finding } from './checker.ts';
import type { Member } from './fleet.ts';
import type { Stage } from './stage.ts';

// A token, a code or a piece of either is at least so long.
const WORD = /[\w~+/=.-]{20,}/g;

export type Hunted = Pick<Stage, 'adminKey' | 'config' | 'control' | 'sandboxFile'> & {
  apis: Pick<Member, 'name' | 'logFile'>[];
  workers: Pick<Member, 'name' | 'logFile'>[];
};

/** Any token or code that a stand-in ever gave, by its hash; and the secrets of this hub, in every form. */
export async function huntForSecrets(stage: Hunted): Promise<Finding[]> {
  const places = [
    ...[...stage.apis, ...stage.workers].map(({ name, logFile }) => ({
      where: `the log of ${name}`,
      text: readFileSync(logFile, 'utf8'),
    })),
    ...(await databasePlaces(stage.config.databaseUrl ?? '')),
    ...(await temporalPlaces(stage.config)),
  ];
  const sql = new DatabaseSync(stage.sandboxFile, { readOnly: true });
  const given = new Set(
    sql
      .prepare('SELECT hash FROM tokens UNION SELECT hash FROM codes')
      .all()
      .map((row) => String(row['hash'])),
  );
  sql.close();
  const tokens = places.flatMap(({ where, text }) =>
    [...new Set(text.match(WORD))]
      .filter((word) => given.has(createHash('sha256').update(word).digest('hex')))
      .map(() => `a token in ${where}`),
  );
  const apps = (await stage.control('GET', '/apps')) as { integrationId: string; clientSecret: string }[];
  const secrets = new Map([
    ['the admin key', stage.adminKey],
    ['the encryption key', (stage.config.encryptionKeys ?? '').split(':').at(-1) ?? ''],
    ...apps.map(({ integrationId, clientSecret }): [string, string] => [
      `the client secret of ${integrationId}`,
      clientSecret,
    ]),
  ]);
  return [...tokens, ...hunt(secrets, places)].map((what) => ({ kind: 'secret', what }));
}
