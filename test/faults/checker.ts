/**
 * The judge of a run: compares what the stand-ins wrote down with what the hub says. It looks at nothing but the
 * evidence and knows nothing of how the hub does its work.
 */
import type { ConnectionFacts, Event, Evidence, Grant, Token, Workflow } from './evidence.ts';

export type Finding = {
  kind:
    | 'token spent twice'
    | 'token lost'
    | 'event missing'
    | 'wrong status'
    | 'workflow stuck'
    | 'history does not replay'
    | 'not recovered'
    | 'secret'
    | 'unexplained unknown outcome';
  what: string;
};

/** A time in which something was done that may cost an answer, of that provider or (null) any. Milliseconds since 1970. */
export type Disturbance = { from: number; to: number; provider: string | null };

/** @param disturbances within which a refresh may have ended in `REFRESH_OUTCOME_UNKNOWN` */
export function check(evidence: Evidence, disturbances: readonly Disturbance[]): Finding[] {
  const book = keepBook(evidence);
  return [
    ...spentTwice(evidence),
    ...evidence.connections.flatMap((connection) => [
      ...lost(book, connection),
      ...missingChanges(book, connection),
      ...wrongStatus(book, evidence, connection),
      ...unexplained(book, connection, disturbances),
    ]),
    ...missingChangesOfConfig(evidence),
    ...untold(evidence),
    ...undelivered(evidence),
    ...stuck(book, evidence),
  ];
}

type Book = {
  tokens: Map<string, Token>;
  grants: Map<string, Grant>;
  /** Of each connection: its grants, its events in their order. */
  grantsOf: Map<string, Grant[]>;
  eventsOf: Map<string, Event[]>;
  /** Of each grant: how many refreshes spent a token and were answered. */
  refreshes: Map<string, number>;
};

function keepBook({ tokens, grants, requests, events, diary }: Evidence): Book {
  const connectionOf = new Map(diary.walks.map(({ code, connectionId }) => [code, connectionId]));
  // Where a refresh token stays nothing is lost with an answer.
  const spent = new Set(tokens.flatMap((token) => (token.spent ? [token.hash] : [])));
  const answered = requests.filter(
    ({ grantType, outcome, presented }) =>
      grantType === 'refresh_token' && outcome === 'ok' && spent.has(presented ?? ''),
  );
  const families = Map.groupBy(answered, ({ family }) => family ?? '');
  return {
    tokens: new Map(tokens.map((token) => [token.hash, token])),
    grants: new Map(grants.map((grant) => [grant.id, grant])),
    grantsOf: Map.groupBy(grants, ({ code }) => connectionOf.get(code) ?? ''),
    eventsOf: Map.groupBy(events, ({ connectionId }) => connectionId),
    refreshes: new Map([...families].map(([family, of]) => [family, of.length])),
  };
}

const countOf = (events: readonly Event[], ...types: string[]) =>
  events.filter(({ type }) => types.includes(type.replace('connection.', ''))).length;
const unknownsOf = (events: readonly Event[]) =>
  events.filter(({ type, reason }) => type === 'connection.error' && reason === 'REFRESH_OUTCOME_UNKNOWN');

/** By the stand-ins' own reuse detection, and again by who presented what: the two must not disagree. */
function spentTwice({ requests, tokens, reused }: Evidence): Finding[] {
  const spent = new Set(tokens.flatMap(({ hash, spent: isSpent }) => (isSpent ? [hash] : [])));
  const redeemed = requests.filter(
    ({ grantType, outcome, presented }) =>
      grantType === 'refresh_token' && spent.has(presented ?? '') && !NOT_LOOKED_AT.has(outcome),
  );
  const often = [...Map.groupBy(redeemed, ({ presented }) => presented)].filter(
    ([, times]) => times.length > 1,
  );
  const findings = often.map(([token, times]): Finding => {
    const when = times.map(({ at }) => new Date(at).toISOString()).join(', ');
    return { kind: 'token spent twice', what: `${times[0]?.provider} ${token?.slice(0, 12)} at ${when}` };
  });
  const unseen = reused - often.reduce((sum, [, times]) => sum + times.length - 1, 0);
  if (unseen > 0)
    findings.push({ kind: 'token spent twice', what: `${unseen} more, by the stand-ins' count` });
  return findings;
}

/** Switches that answered before the token was looked at. */
const NOT_LOOKED_AT = new Set([
  'down',
  'refuse',
  'hang',
  'rate_limited',
  'garbage',
  'huge',
  'redirect',
  'answer',
]);

/** Answered with new tokens, and they are not there; and nobody was told. */
function lost(book: Book, connection: ConnectionFacts): Finding[] {
  const events = book.eventsOf.get(connection.id) ?? [];
  const held = book.tokens.get(connection.refresh ?? '');
  const now = events.slice(events.findLastIndex(({ type }) => type === 'connection.connected'));
  const answeredNow = book.refreshes.get(held?.grantId ?? '') ?? 0;
  const grants = book.grantsOf.get(connection.id) ?? [];
  const answered = grants.reduce((sum, { id }) => sum + (book.refreshes.get(id) ?? 0), 0);
  const missing = answered - countOf(events, 'refreshed');
  // Told; or, of consents that were: the connection had been disconnected or authorized anew when the answer came.
  const accounted =
    unknownsOf(events).length +
    countOf(events, 'disconnected') +
    Math.max(countOf(events, 'connected') - 1, 0);
  const what = (n: number) => [
    { kind: 'token lost' as const, what: `${connection.id}: ${n} answers not stored` },
  ];
  const missingNow = answeredNow - countOf(now, 'refreshed');
  if (missingNow > unknownsOf(now).length) return what(missingNow);
  if (missing > accounted) return what(missing);
  if (connection.status === 'connected' && held?.spent)
    return [{ kind: 'token lost', what: `${connection.id} says connected and holds a spent refresh token` }];
  return [];
}

/** Each change of the credentials raises the version and has its event; each status has one that made it so. */
function missingChanges({ eventsOf }: Book, { id, version, status }: ConnectionFacts): Finding[] {
  const events = eventsOf.get(id) ?? [];
  const findings: Finding[] = [];
  const missing = (what: string) => findings.push({ kind: 'event missing', what: `${id}: ${what}` });
  if (countOf(events, 'created') !== 1) missing(`created ${countOf(events, 'created')} times`);
  const changes = countOf(events, 'connected', 'refreshed', 'disconnected');
  if (changes !== version) missing(`version ${version}, ${changes} events of it`);
  const told = events.reduce(statusAfter, 'disconnected');
  if (told !== status) missing(`is ${status}, its events say ${told}`);
  return findings;
}

function statusAfter(before: string, { type, reason }: Event): string {
  switch (type) {
    case 'connection.connected':
    case 'connection.recovered':
      return 'connected';
    case 'connection.disconnected':
      return 'disconnected';
    case 'connection.error':
      // A walk through consent that failed leaves what waits for one where it is.
      return before === 'disconnected' && reason?.startsWith('AUTHORIZATION_') ? before : 'error';
    default:
      return before;
  }
}

function wrongStatus(
  { tokens, grants }: Book,
  { at, diary }: Evidence,
  connection: ConnectionFacts,
): Finding[] {
  const { id, status, reason } = connection;
  const wrong = (what: string): Finding[] => [
    { kind: 'wrong status', what: `${id} is ${status}${reason ? ` (${reason})` : ''}: ${what}` },
  ];
  const access = tokens.get(connection.access ?? '');
  const grant = grants.get(access?.grantId ?? '');
  // By its user; a provider that ends it by itself has found a token spent twice, which is told above.
  const wasTakenAway = grant !== undefined && diary.revoked.some(({ family }) => family === grant.id);
  switch (status) {
    case 'connected':
      if (!access || !grant) return wrong('its token is none of the provider');
      if (grant.revoked) return wrong('its provider no longer accepts it');
      if (reason !== null) return wrong('and yet nothing is wrong with it');
      return access.expiresAt !== null && access.expiresAt < at ? wrong('its token has run out') : [];
    case 'error':
      if (reason === 'REFRESH_OUTCOME_UNKNOWN') return [];
      if (wasTakenAway) return reason === 'CREDENTIAL_REVOKED' ? [] : wrong('its user took access away');
      return wrong(
        `nobody took access away (grant ${grant?.id ?? 'unknown'}${grant?.revoked ? ', revoked' : ''})`,
      );
    default:
      return connection.access === null ? [] : wrong('and has credentials');
  }
}

/** Where an outcome is unknown something must have happened to the one who would have known. */
function unexplained(
  { eventsOf, grantsOf }: Book,
  { id }: ConnectionFacts,
  disturbances: readonly Disturbance[],
): Finding[] {
  const its = new Set((grantsOf.get(id) ?? []).map(({ provider }) => provider));
  const concern = disturbances.filter(({ provider }) => provider === null || its.has(provider));
  return unknownsOf(eventsOf.get(id) ?? [])
    .filter(({ at }) => !concern.some(({ from, to }) => from <= at && at <= to))
    .map(({ at }) => ({
      kind: 'unexplained unknown outcome',
      what: `${id} at ${new Date(at).toISOString()}`,
    }));
}

function missingChangesOfConfig({ diary, events }: Evidence): Finding[] {
  const ofType = events.filter(({ type }) => type === 'connection.config_changed');
  const told = Map.groupBy(ofType, ({ connectionId }) => connectionId);
  return [...Map.groupBy(diary.patches, ({ connectionId }) => connectionId)].flatMap(([id, patches]) => {
    const least = patches.filter(({ answered }) => answered).length;
    const n = told.get(id)?.length ?? 0;
    return n >= least && n <= patches.length
      ? []
      : [
          {
            kind: 'event missing' as const,
            what: `${id}: ${least} to ${patches.length} changes, ${n} events`,
          },
        ];
  });
}

// The hub goes on while it is judged: what happened just now may still be on its way.
export const ON_ITS_WAY_MS = 10_000;
const isSettled = (now: number) => (event: { at: number }) => event.at < now - ON_ITS_WAY_MS;

/** The stream tells each event once, in order. */
function untold({ at, events, told }: Evidence): Finding[] {
  const findings: Finding[] = [];
  const heard = new Set(told.map(({ id }) => id));
  for (const { id, sequence, type } of events.filter(isSettled(at)))
    if (!heard.has(id))
      findings.push({ kind: 'event missing', what: `the stream did not tell ${sequence} ${type}` });
  const disorder = told.find(
    ({ sequence }, index) => index > 0 && sequence <= (told[index - 1]?.sequence ?? 0),
  );
  if (disorder)
    findings.push({ kind: 'event missing', what: `the stream told ${disorder.sequence} out of its order` });
  return findings;
}

/** Each event has its message, and each message came, unless a newer one of the same connection stands for it. */
function undelivered({ at, events, deliveries, received }: Evidence): Finding[] {
  const byEvent = new Map(deliveries.map((delivery) => [delivery.eventId, delivery]));
  return events.filter(isSettled(at)).flatMap(({ id, type }): Finding[] => {
    const delivery = byEvent.get(id);
    if (!delivery) return [{ kind: 'event missing', what: `${type} ${id} has no message` }];
    const { outcome, held } = delivery;
    if (outcome === 'damped' || (outcome === null && held)) return [];
    if (outcome === 'delivered' && received.has(delivery.id)) return [];
    const came = received.has(delivery.id) ? 'came' : 'never came';
    return [
      {
        kind: 'event missing',
        what: `the message of ${type} ${id} is ${outcome ?? 'under way'} and ${came}`,
      },
    ];
  });
}

/** These may sleep: for a browser, or until a provider takes a revocation. The sweeps come and go. */
const MAY_BE_OPEN = [
  'authorizeConnection',
  'disconnectConnection',
  'refreshSweep',
  'healthSweep',
  'rollUpUsage',
];

function stuck({ eventsOf }: Book, { at, workflows }: Evidence): Finding[] {
  const isInOrder = ({ type, id, status, trouble, began }: Workflow) =>
    status === 'RUNNING'
      ? trouble === null && (MAY_BE_OPEN.includes(type) || began > at - ON_ITS_WAY_MS)
      : isRefusal(type, id, status);
  // What was disconnected meanwhile cannot be tested: the workflow fails, and whoever asked is told so.
  const isRefusal = (type: string, id: string, status: string) =>
    type === 'testConnection' &&
    status === 'FAILED' &&
    countOf(eventsOf.get(id.split('/')[1] ?? '') ?? [], 'disconnected') > 0;
  return workflows
    .filter((one) => !isInOrder(one))
    .map(({ type, id, status, trouble }) => ({
      kind: 'workflow stuck',
      what: `${type} ${id}: ${trouble ?? status.toLowerCase()}`,
    }));
}
