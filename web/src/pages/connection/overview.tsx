/** How a connection is: its health, its account, its token, what it may do. */
import { AlertTriangle, Check } from 'lucide-react';
import type { Connection, Integration } from '../../api/types.ts';
import { useMe } from '../../api/queries.ts';
import { Badge, Panel } from '../../parts/basics.tsx';
import { Fact } from '../../parts/fact.tsx';
import { stateOf } from '../../parts/state.ts';
import { Ago } from '../../parts/time.tsx';
import { t } from '../../texts.ts';
import { HealthStrip } from './health-strip.tsx';
import { UsagePanel } from './usage.tsx';

type Props = { connection: Connection; integration: Integration };

export function Overview({ connection, integration }: Props) {
  return (
    <div className="grid items-start gap-4 lg:grid-cols-[minmax(0,5fr)_minmax(0,4fr)]">
      <div className="grid gap-4">
        <HealthStrip connection={connection} />
        <UsagePanel connection={connection} />
        <Scopes connection={connection} integration={integration} />
      </div>
      <Facts connection={connection} />
    </div>
  );
}

function Facts({ connection }: { connection: Connection }) {
  const { credentials, account, lastHealthCheck: check } = connection;
  const me = useMe();
  return (
    <Panel>
      <dl className="grid gap-3">
        <Fact name={t.connection.account}>
          {account ? (
            <>
              {account.name}
              {account.id !== account.name && (
                <code className="block font-mono text-xs break-all text-dim">{account.id}</code>
              )}
            </>
          ) : (
            <span className="text-dim">{t.connection.noAccount}</span>
          )}
        </Fact>
        {credentials && (
          <>
            <Fact name={t.connection.kind}>{t.connection.kinds[credentials.type]}</Fact>
            {credentials.type === 'oauth2' && (
              <TokenFacts connection={connection} credentials={credentials} />
            )}
          </>
        )}
        <Fact name={t.connection.lastCheck}>
          {check ? (
            <>
              <Badge tone={check.ok ? 'ok' : 'bad'}>
                {check.ok ? `${Math.round(check.latencyMs)} ms` : check.outcome.replaceAll('_', ' ')}
              </Badge>{' '}
              <Ago time={check.at} />
            </>
          ) : (
            '—'
          )}
        </Fact>
        <Fact name={t.connection.lastUsed}>
          <Ago time={connection.lastUsed} none={t.connections.never} />
        </Fact>
        <Fact name={t.connection.made}>
          <Ago time={connection.createdAt} />
        </Fact>
        {me.role !== 'builder' && (
          <Fact name={t.connection.owner}>
            <span className="break-all">{connection.userId === me.id ? me.name : connection.userId}</span>
          </Fact>
        )}
      </dl>
    </Panel>
  );
}

type TokenProps = { connection: Connection; credentials: NonNullable<Connection['credentials']> };

function TokenFacts({ connection, credentials }: TokenProps) {
  const { expiresAt, refreshable, refreshDueAt, updatedAt } = credentials;
  return (
    <>
      <Fact name={t.connection.token}>
        {t.connection.renewed} <Ago time={updatedAt} />
      </Fact>
      <Fact name={t.connection.expires}>
        {expiresAt === null ? t.connection.noExpiry : <Ago time={expiresAt} />}
      </Fact>
      {expiresAt !== null && ['connected', 'recovering'].includes(stateOf(connection)) && (
        <Fact name={t.connection.nextRefresh}>
          {refreshDueAt !== null ? (
            <Ago time={refreshDueAt} />
          ) : refreshable ? (
            t.connection.beforeExpiry
          ) : (
            t.connection.notRefreshable
          )}
        </Fact>
      )}
    </>
  );
}

function Scopes({ connection, integration }: Props) {
  const { scopes = [], missingScopes = [], type } = connection.credentials ?? {};
  if (connection.credentials === null || type !== 'oauth2') return null;
  const meaning = (scope: string) => integration.scopeMeanings[scope];
  return (
    <Panel
      title={t.connection.scopes}
      action={
        <span className="flex gap-1.5">
          {missingScopes.length > 0 && (
            <Badge tone="warn">{t.connection.missing(missingScopes.length)}</Badge>
          )}
          <Badge>{t.connection.granted(scopes.length)}</Badge>
        </span>
      }
    >
      {scopes.length + missingScopes.length === 0 && <p className="text-dim">{t.connection.noScopes}</p>}
      <ul className="grid gap-x-6 gap-y-2.5 sm:grid-cols-2">
        {missingScopes.map((scope) => (
          <li key={scope} className="flex gap-2.5">
            <AlertTriangle aria-hidden className="mt-0.5 size-4 shrink-0 text-warn" />
            <span className="min-w-0">
              <span className="font-medium text-warn">{t.connection.missingOne}: </span>
              {meaning(scope)}
              <code className="block font-mono text-xs break-all text-dim">{scope}</code>
            </span>
          </li>
        ))}
        {scopes.map((scope) => (
          <li key={scope} className="flex gap-2.5">
            <Check aria-hidden className="mt-0.5 size-4 shrink-0 text-ok" />
            <span className="min-w-0">
              {meaning(scope)}
              <code className="block font-mono text-xs break-all text-dim">{scope}</code>
            </span>
          </li>
        ))}
      </ul>
    </Panel>
  );
}
