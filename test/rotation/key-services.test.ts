/** Keys that a service keeps: asked at the start alone, of no use without it, and rotated to and from. */
import postgres from 'postgres';
import { afterAll, beforeAll, beforeEach, describe, expect, it } from 'vitest';
import { openDatabase, type Database } from '../../hub/database/database.ts';
import { openVault } from '../../hub/vault/open-keyring.ts';
import { configOf, freshDatabase, startHub, testEnv } from '../setup/hub.ts';
import { runHub } from '../setup/processes.ts';
import { connectMany } from '../setup/bulk.ts';
import { setUpApps, startTestSandbox } from '../setup/sandbox.ts';
import { databasePlaces, hunt } from '../setup/secret-hunt.ts';
import {
  ACCESS_KEY,
  startAwsKms,
  startVaultTransit,
  VAULT_TOKEN,
  type StandIn,
} from './key-service-stand-ins.ts';
import { K1, openAll } from './keys.ts';

const ARN = 'arn:aws:kms:eu-central-1:123456789012:key/1234abcd-12ab-34cd-56ef-1234567890ab';
const KMS = `kms:awskms:${ARN}`;
const VAULT = 'hashi:vault:transit/integration-hub';
const PLACE = 'connections/1/credentials';

let aws: StandIn;
let hashicorp: StandIn;
let url: string;
let drop: () => Promise<void>;
let db: Database;

const envOf = (keys: string) => ({
  DATABASE_URL: url,
  HUB_ENCRYPTION_KEYS: keys,
  VAULT_ADDR: hashicorp.url,
  VAULT_TOKEN,
});
const open = (...keys: string[]) => openVault(configOf(envOf(keys.join(','))), db);

beforeAll(async () => {
  [aws, hashicorp, { url, drop }] = await Promise.all([startAwsKms(), startVaultTransit(), freshDatabase()]);
  db = openDatabase(configOf(envOf(K1)));
  // AWS' client reads the environment itself.
  Object.assign(process.env, {
    AWS_ENDPOINT_URL_KMS: aws.url,
    AWS_ACCESS_KEY_ID: ACCESS_KEY.id,
    AWS_SECRET_ACCESS_KEY: ACCESS_KEY.secret,
  });
});
beforeEach(() => {
  for (const standIn of [aws, hashicorp]) Object.assign(standIn, { asked: [], denies: false });
});
afterAll(async () => {
  await Promise.all([aws.close(), hashicorp.close(), db.close()]);
  await drop();
});

describe.each([
  ['AWS KMS', KMS, () => aws, 'Encrypt', 'Decrypt'],
  ['Vault', VAULT, () => hashicorp, 'encrypt', 'decrypt'],
] as const)('a key kept by %s', (name, entry, service, encrypt, decrypt) => {
  it('is made once, by however many processes begin with it, and asked for once by each', async () => {
    const vaults = await Promise.all(Array.from({ length: 5 }, () => open(entry)));
    const { asked } = service();
    expect(asked.filter((one) => one === decrypt)).toHaveLength(5);
    for (const one of vaults)
      for (const other of vaults) expect(other.open(PLACE, one.seal(PLACE, name))).toBe(name);
    expect(asked.filter((one) => one === encrypt).length).toBeLessThanOrEqual(5);
    const later = await open(entry);
    expect(asked.at(-1)).toBe(decrypt);
    expect(later.open(PLACE, vaults[0]?.seal(PLACE, 1) ?? '')).toBe(1);
  });

  it('seals and opens without the service, as often as one likes', async () => {
    const vault = await open(entry);
    const before = service().asked.length;
    service().denies = true;
    for (let n = 0; n < 100; n++) expect(vault.open(PLACE, vault.seal(PLACE, n))).toBe(n);
    expect(service().asked.length).toBe(before);
  });

  it('keeps a process from starting that the service refuses, in one line without a secret', async () => {
    service().denies = true;
    const { code, output } = await runHub(['encryption', 'status'], {
      ...envOf(entry),
      AWS_ENDPOINT_URL_KMS: aws.url,
      AWS_ACCESS_KEY_ID: ACCESS_KEY.id,
      AWS_SECRET_ACCESS_KEY: ACCESS_KEY.secret,
    });
    expect(code).toBe(1);
    expect(output.trim().split('\n')).toHaveLength(1);
    expect(output).toMatch(
      new RegExp(
        `HUB_ENCRYPTION_KEYS: "${entry.split(':')[0]}": ${name}.*does not serve it .*(authorized|denied)`,
      ),
    );
    expect(output).not.toContain(VAULT_TOKEN);
    expect(output).not.toContain(ACCESS_KEY.secret);
  }, 30_000);

  it('does not unwrap from the row of another key', async () => {
    await open(entry);
    const other = entry.replace(/^\w+/, 'other');
    await open(other);
    const sql = postgres(url, { max: 1 });
    await sql`update wrapped_keys set wrapped = (select wrapped from wrapped_keys where id = ${entry.split(':')[0] ?? ''}) where id = 'other'`;
    await expect(open(other)).rejects.toThrow(/"other": .* does not serve it/);
    await sql`delete from wrapped_keys where id = 'other'`;
    await sql.end();
  });
});

it('a service that is away says so, with the problems of all keys at once', async () => {
  process.env['AWS_ENDPOINT_URL_KMS'] = 'http://127.0.0.1:1';
  const away = { ...envOf(`${KMS},${VAULT}`), VAULT_ADDR: 'http://127.0.0.1:1' };
  const failure = openVault(configOf(away), db);
  await expect(failure).rejects.toThrow(/"kms": AWS KMS does not serve it/);
  await expect(failure).rejects.toThrow(/"hashi": Vault at http:\/\/127.0.0.1:1 does not serve it/);
  process.env['AWS_ENDPOINT_URL_KMS'] = aws.url;
});

it.each([
  ['k:awskms:alias/mine', /expected a place such as awskms:arn/],
  ['k:vault:nowhere', /expected a place such as vault:transit/],
])('a place that is none is refused with an example: %s', async (entry, message) => {
  await expect(open(entry)).rejects.toThrow(message);
});

it('keys are rotated into AWS KMS, on to Vault, and back to one of the environment', async () => {
  const { env, drop: dropHub } = await testEnv();
  const services = { VAULT_ADDR: hashicorp.url, VAULT_TOKEN };
  const sandbox = await startTestSandbox();
  let before: Map<string, unknown> | null = null;
  for (const keys of [[K1], [KMS, K1], [VAULT, KMS], [K1, VAULT]]) {
    const hub = await startHub({
      ...services,
      DATABASE_URL: env['DATABASE_URL'] ?? '',
      HUB_ENCRYPTION_KEYS: keys.join(','),
    });
    const own = openDatabase(hub.config);
    if (before === null) {
      await setUpApps(hub.admin, sandbox);
      await connectMany(hub.config, sandbox, 'hubspot', 20);
    }
    const [first = ''] = keys;
    const keyId = first.split(':')[0] ?? '';
    const reply = await hub.admin.call('POST', '/api/encryption/rotate');
    expect(reply.status).toBe(202);
    const status = async () => (await hub.admin.call('GET', '/api/encryption')).body.rotation;
    await expect
      .poll(status, { timeout: 30_000 })
      .toMatchObject({ status: 'ended', result: { outcome: 'verified', keyId } });
    const alone = await openVault({ ...hub.config, encryptionKeys: first }, own);
    const { values, counts } = await openAll(own, alone);
    expect(counts[`connections.sealed_credentials ${keyId}`]).toBe(20);
    expect(values).toEqual(before ?? values);
    before = values;
    await own.close();
    await hub.close();
  }
  const secrets = new Map([
    ['Vault token', VAULT_TOKEN],
    ['AWS secret', ACCESS_KEY.secret],
  ]);
  expect(hunt(secrets, await databasePlaces(env['DATABASE_URL'] ?? ''))).toEqual([]);
  await sandbox.close();
  await dropHub();
}, 120_000);
