/** What is rewrapped: every column of the schema that holds envelopes, and no other one holds any. */
import { readFileSync } from 'node:fs';
import path from 'node:path';
import { expect, it } from 'vitest';
import { appSecretsPlace } from '../../hub/database/apps.ts';
import { answerPlace, authorizedPlace, sessionPlace } from '../../hub/database/authorizations.ts';
import { auditKeyPlace } from '../../hub/database/audit-chain.ts';
import { credentialsPlace, revocationPlace } from '../../hub/database/connection-credentials.ts';
import { SEALED_COLUMNS } from '../../hub/database/sealed.ts';
import { tracePlace } from '../../hub/database/traces.ts';
import { webhookSecretsPlace } from '../../hub/database/webhooks.ts';

/** A column that is added to the schema is missing here, until somebody has thought of where it is written. */
const PLACES: Record<string, (id: string) => string> = {
  'apps.sealed_secrets': appSecretsPlace,
  'connections.sealed_credentials': credentialsPlace,
  'authorizations.sealed_session': sessionPlace,
  'authorizations.sealed_answer': answerPlace,
  'authorizations.sealed_credentials': authorizedPlace,
  'revocations.sealed_credentials': revocationPlace,
  'webhooks.sealed_secrets': webhookSecretsPlace,
  'traces.sealed_trace': tracePlace,
  'audit_keys.sealed_key': auditKeyPlace,
};

it('every sealed column of the schema is known with its place', () => {
  expect(SEALED_COLUMNS.map(({ name }) => name).sort()).toEqual(Object.keys(PLACES).sort());
  for (const { name, placeOf } of SEALED_COLUMNS) expect(placeOf('x')).toBe(PLACES[name]?.('x'));
});

it('the architecture tells of each', () => {
  const text = readFileSync(path.join(import.meta.dirname, '../../docs/architecture.md'), 'utf8');
  expect(SEALED_COLUMNS.filter(({ name }) => !text.includes(`\`${name}\``)).map(({ name }) => name)).toEqual(
    [],
  );
});
