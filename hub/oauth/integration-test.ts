/**
 * Everything about an integration that can be known without a person: its app, the provider's endpoints, the
 * redirect URI and the scopes as far as the provider judges them before a sign-in, and the probe.
 */
import type {
  Answer,
  Connected,
  Credentials,
  Integration,
} from '../../integrations/definition/integration.ts';
import { listConnections, type ConnectionRow } from '../database/connections.ts';
import { redirectUri, type Hub } from '../hub.ts';
import { testApp, type AppTestResult } from './app-test.ts';
import { authorizeRequest } from './authorization.ts';
import { probe } from './probe.ts';
import { openConnected, openSetup, type OAuthIntegration } from './setup.ts';

export type CheckName =
  'discovery' | 'app' | 'tokenEndpoint' | 'authorizeEndpoint' | 'redirectUri' | 'scopes' | 'probe';

/** `ok` is null where nothing certain can be said; `message` says what was seen and what to do. */
export type Check = { name: CheckName; ok: boolean | null; message: string };
export type IntegrationTestResult = { ok: boolean; checks: Check[] };

/** @param connection to probe with; null: the newest of this integration that is connected, if there is one */
export async function testIntegration(
  hub: Hub,
  integration: Integration,
  connection: ConnectionRow | null = null,
): Promise<IntegrationTestResult> {
  const checks = [
    ...(await discoveryChecks(hub, integration)),
    ...(integration.oauth ? await oauthChecks(hub, integration as OAuthIntegration) : []),
    await probeCheck(hub, integration, connection),
  ];
  return { ok: checks.every(({ ok }) => ok !== false), checks };
}

async function discoveryChecks({ ownIntegrations }: Hub, { id, name }: Integration): Promise<Check[]> {
  const definition = ownIntegrations.definitionOf(id);
  if (!definition?.auth.oauth2?.discovery) return [];
  const problem = await ownIntegrations.rediscover(definition);
  if (problem === null) await ownIntegrations.settle();
  return [
    {
      name: 'discovery',
      ok: problem === null,
      message: problem ?? `${name} says where its endpoints are.`,
    },
  ];
}

// ── app and endpoints ──────────────────────────────────────────────────────────────────────────────

async function oauthChecks(hub: Hub, integration: OAuthIntegration): Promise<Check[]> {
  const { id, name } = integration;
  const setup = await openSetup(hub, integration, {});
  if (!setup.app) {
    const message = `No OAuth app is set up: register one at ${integration.consoleUrl ?? name} with the redirect URI ${redirectUri(hub)}, and give its id and secret to PUT /api/integrations/${id}/app.`;
    return [{ name: 'app', ok: false, message }];
  }
  return [
    ...appChecks(integration, await testApp(hub, integration)),
    ...(await authorizeChecks(hub, integration)),
  ];
}

function appChecks({ name }: Integration, { outcome, message }: AppTestResult): Check[] {
  if (outcome === 'unreachable') return [{ name: 'tokenEndpoint', ok: false, message }];
  const app = outcome === 'unclear' ? null : outcome === 'accepted';
  return [
    { name: 'tokenEndpoint', ok: true, message: `The token endpoint of ${name} answers.` },
    { name: 'app', ok: app, message },
  ];
}

type Judged = Partial<Record<'app' | 'redirectUri' | 'scopes' | 'authorizeEndpoint', string>>;

/** Asks as a browser would at the beginning of a consent, and goes no further. */
async function authorizeChecks(hub: Hub, integration: OAuthIntegration): Promise<Check[]> {
  const { name } = integration;
  const setup = await openSetup(hub, integration, {});
  const { location } = await authorizeRequest(hub, integration, setup, setup.row?.scopes ?? null);
  const { origin } = new URL(location);
  const outcome = await hub.egress.send(
    { method: 'GET', url: location, headers: { accept: 'text/html' } },
    { hosts: [origin], about: { kind: 'check', integrationId: integration.id } },
  );
  // A sign-in page may be longer than any answer the hub reads; it is there all the same.
  const there =
    outcome.kind === 'answered' || (outcome.kind === 'unknown' && outcome.why === 'ANSWER_TOO_LONG');
  if (!there)
    return [
      {
        name: 'authorizeEndpoint',
        ok: false,
        message: `${origin} could not be asked (${outcome.why}): check the network and the authorize URL.`,
      },
    ];
  const problems = outcome.kind === 'answered' ? authorizeProblems(hub, integration, outcome.answer) : {};
  const seen = (check: 'redirectUri' | 'scopes', fine: string): Check => ({
    name: check,
    ok: problems[check] === undefined ? (Object.keys(problems).length > 0 ? null : true) : false,
    message: problems[check] ?? fine,
  });
  return [
    {
      name: 'authorizeEndpoint',
      ok: problems.authorizeEndpoint === undefined,
      message: problems.authorizeEndpoint ?? `The authorize endpoint of ${name} answers.`,
    },
    ...(problems.app ? [{ name: 'app' as const, ok: false, message: problems.app }] : []),
    seen('redirectUri', `Nothing speaks against the redirect URI before sign-in.`),
    seen('scopes', `Nothing speaks against the scopes before sign-in.`),
  ];
}

const WORDS =
  /redirect_uri_mismatch|redirect[_ -]?ur[il]|invalid_scope|(?:unknown|bad|invalid)[_ ]scope|invalid_client|unauthorized_client|client[_ ]id/i;

/** What providers say in an address they send people to (RFC 6749 §4.1.2.1), or on a page of their own. */
function authorizeProblems(hub: Hub, { name }: Integration, { status, headers, body }: Answer): Judged {
  if (status >= 500)
    return { authorizeEndpoint: `${name} answers ${status} at its authorize endpoint. Try again later.` };
  const location = headers['location'] ?? '';
  const said = location.startsWith(redirectUri(hub))
    ? (new URL(location).searchParams.get('error') ?? '')
    : wordIn(status >= 300 && status < 400 ? decodedWords(location) : status >= 400 ? textOf(body) : '');
  if (/redirect/i.test(said))
    return {
      redirectUri: `${name} does not know the redirect URI: register ${redirectUri(hub)} there, exactly as it is written here.`,
    };
  if (/scope/i.test(said))
    return {
      scopes: `${name} does not give the app these scopes: allow them there, or ask for others with PUT …/app {"scopes": […]}.`,
    };
  if (/client/i.test(said)) return { app: `${name} does not know the client ID: copy it again.` };
  if (status >= 400)
    return {
      authorizeEndpoint: `${name} answers ${status} at its authorize endpoint without saying why. Open a connection's link in a browser to see its page.`,
    };
  return {};
}

const wordIn = (text: string) => WORDS.exec(text)?.[0] ?? '';
const textOf = (body: unknown) => (typeof body === 'string' ? body : JSON.stringify(body ?? ''));

/** Some put what is wrong into a parameter in base64. */
function decodedWords(location: string): string {
  if (!URL.canParse(location, 'https://relative.invalid')) return '';
  const { searchParams } = new URL(location, 'https://relative.invalid');
  const errors = [...searchParams].filter(([key]) => /error/i.test(key)).map(([, value]) => value);
  return errors.flatMap((value) => [value, Buffer.from(value, 'base64url').toString()]).join(' ');
}

// ── probe ──────────────────────────────────────────────────────────────────────────────────────────

async function probeCheck(hub: Hub, integration: Integration, wanted: ConnectionRow | null): Promise<Check> {
  const connected = { integrationId: integration.id, status: 'connected' } as const;
  const row = wanted ?? (await listConnections(hub.db, connected, null, 1, 'desc'))[0];
  if (row && row.sealedCredentials !== null) {
    const { outcome, message } = await probe(hub, integration, await openConnected(hub, integration, row));
    return { name: 'probe', ok: outcome === 'ok', message: `${message} (Asked with connection ${row.id}.)` };
  }
  return madeUpProbe(hub, integration);
}

/** With credentials that nobody ever gave: a probe that takes them proves nothing. */
async function madeUpProbe(hub: Hub, integration: Integration): Promise<Check> {
  const { name } = integration;
  const setup = await openSetup(hub, integration, {});
  const connected: Connected = { ...setup, credentials: madeUp(integration) };
  // What only a connection knows (the address of its account's own server) is not there.
  const facts = await probe(hub, integration, connected).catch(() => null);
  switch (facts?.outcome) {
    case 'ok':
      return {
        name: 'probe',
        ok: false,
        message: `${name} accepted made-up credentials: the probe proves nothing. Choose a call that needs credentials, or say with classify what its answer means.`,
      };
    case 'credential_expired':
    case 'credential_revoked':
    case 'permission_missing':
      return {
        name: 'probe',
        ok: true,
        message: `${name} answers, and refuses made-up credentials as it should.`,
      };
    // It may be the made-up account whose server is not there: some providers have one for each.
    case 'provider_unavailable':
    case 'rate_limited':
    default:
      return {
        name: 'probe',
        ok: null,
        message: `Without a connection nothing certain can be said of the probe${facts ? ': ' + facts.message : '.'}`,
      };
  }
}

function madeUp({ authTypes: [type], credentialSchemas }: Integration): Credentials {
  const word = 'made-up-to-be-refused';
  if (type === 'oauth2')
    return {
      type,
      accessToken: word,
      tokenType: 'Bearer',
      refreshToken: null,
      expiresAt: null,
      scopes: null,
      rotated: null,
      answer: {},
    };
  const names = Object.keys(credentialSchemas[type]?.['properties'] ?? {});
  return { type, fields: Object.fromEntries(names.map((name) => [name, word])) };
}
