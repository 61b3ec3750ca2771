/**
 * What somebody without an account sees by a connect link. They are led to the provider in this very window: there
 * is nothing behind it to keep open.
 */
import { useQuery } from '@tanstack/react-query';
import { CheckCircle2 } from 'lucide-react';
import { useState, type SubmitEvent } from 'react';
import { call, problemIn } from '../api/client.ts';
import { useChange } from '../api/queries.ts';
import type { OpenConnectLink, StartedByLink } from '../api/types.ts';
import { Button, Logo, Note, Skeleton, Trouble } from '../parts/basics.tsx';
import { Card } from '../parts/card.tsx';
import { Choices } from '../parts/field.tsx';
import { SchemaFields } from '../parts/schema-form.tsx';
import { faultsUnder, propertiesOf, read, typedFrom } from '../parts/schema.ts';
import { Ago } from '../parts/time.tsx';
import { useTokenOfLink } from '../parts/token.ts';
import { t } from '../texts.ts';

export function Linked() {
  const token = useTokenOfLink();
  const { data, error, refetch } = useQuery({
    queryKey: ['connect-link', token],
    queryFn: ({ signal }) =>
      call<OpenConnectLink>('GET', `/api/connect-links/${encodeURIComponent(token)}`, { signal }),
    enabled: token !== '',
  });
  const integration = data?.integration;
  return (
    <Card
      title={integration ? t.linked.title(integration.name) : t.product}
      mark={integration && <Logo id={integration.id} size={40} />}
    >
      {token === '' ? (
        <Note>{t.linked.noToken}</Note>
      ) : error ? (
        <Trouble error={error} />
      ) : data ? (
        <Shown key={token} link={data} token={token} onChanged={refetch} />
      ) : (
        <Skeleton className="h-48" />
      )}
    </Card>
  );
}

type Props = { link: OpenConnectLink; token: string; onChanged: () => unknown };

function Shown({ link, token, onChanged }: Props) {
  const { connection, status } = link;
  if (connection?.status === 'connected')
    return (
      <div role="status" className="flex gap-3">
        <CheckCircle2 aria-hidden className="mt-0.5 size-5 shrink-0 text-ok" />
        <div>
          <p className="font-semibold">{t.linked.done}</p>
          <p className="text-dim">{t.linked.doneAs(connection.account)}</p>
        </div>
      </div>
    );
  if (status !== 'open')
    return (
      <Note>
        <p className="font-semibold">{t.linked.states[status]}</p>
        <p>{t.linked.askAgain}</p>
      </Note>
    );
  return <ConnectByLink link={link} token={token} onChanged={onChanged} />;
}

function ConnectByLink({ link, token, onChanged }: Props) {
  const { integration, connection, scopes } = link;
  const ways = integration.authTypes.filter((type) => type !== 'oauth2' || integration.configured);
  const [authType, setAuthType] = useState(ways[0] ?? 'oauth2');
  const isByKey = authType !== 'oauth2';
  const secrets = isByKey ? propertiesOf(integration.credentialSchemas[authType]) : [];
  const config = propertiesOf(integration.configSchema);
  const [typed, setTyped] = useState<Record<string, string>>({});
  const [typedConfig, setTypedConfig] = useState(() => typedFrom(config, {}));
  const [tried, setTried] = useState(false);
  const readSecrets = read(secrets, typed);
  const readConfig = read(config, typedConfig);
  const start = useChange(
    () =>
      call<StartedByLink>('POST', `/api/connect-links/${encodeURIComponent(token)}/connections`, {
        body: {
          authType,
          ...(isByKey ? { credentials: readSecrets.values } : { returnUrl: `${location.origin}/connect` }),
          ...(integration.configSchema === null ? {} : { config: readConfig.values }),
        },
      }),
    ({ authorization }) => (authorization ? location.assign(authorization.url) : onChanged()),
  );
  const submit = (event: SubmitEvent) => {
    event.preventDefault();
    setTried(true);
    const isFine = Object.keys({ ...readSecrets.faults, ...readConfig.faults }).length === 0;
    if (isFine && !start.isPending) start.mutate(undefined);
  };
  const said = start.error ? problemIn(start.error).errors : [];
  const failed = connection !== null && connection.reason !== 'AWAITING_AUTHORIZATION';
  return (
    <form onSubmit={submit} noValidate className="grid gap-4">
      <p className="text-dim">{t.linked.text(link.name)}</p>
      {failed && (
        <div role="alert">
          <Note>
            <p className="font-semibold">{t.linked.again}</p>
            <p>{connection.message}</p>
          </Note>
        </div>
      )}
      {integration.sandbox && <Note tone="accent">{t.catalogue.sandboxText}</Note>}
      {ways.length > 1 && (
        <Choices
          legend={t.connect.way}
          value={authType}
          onChoose={setAuthType}
          options={ways.map((value) => ({ value, label: t.integration.wayOf[value] }))}
        />
      )}
      {isByKey ? (
        <SchemaFields
          properties={secrets}
          typed={typed}
          faults={{ ...faultsUnder('/credentials', said), ...(tried ? readSecrets.faults : {}) }}
          onType={setTyped}
        />
      ) : (
        <p className="text-dim">{t.linked.goText}</p>
      )}
      {config.length > 0 && (
        <details className="rounded-md border border-line">
          <summary className="rounded-md px-3 py-2 font-medium">{t.connect.settings}</summary>
          <div className="border-t border-line p-3">
            <SchemaFields
              properties={config}
              typed={typedConfig}
              faults={{ ...faultsUnder('/config', said), ...(tried ? readConfig.faults : {}) }}
              onType={setTypedConfig}
            />
          </div>
        </details>
      )}
      {!isByKey && scopes.length > 0 && (
        <details>
          <summary className="text-dim">{t.linked.asks}</summary>
          <ul className="mt-2 grid gap-1">
            {scopes.map((scope) => (
              <li key={scope}>
                <code className="font-mono text-xs break-all">{scope}</code>
              </li>
            ))}
          </ul>
        </details>
      )}
      <Trouble error={start.error} />
      <Button type="submit" look="main" busy={start.isPending} className="w-full">
        {isByKey ? t.connect.submitKey : t.linked.go(integration.name)}
      </Button>
      <p className="text-center text-xs text-dim">
        {t.linked.runsOut} <Ago time={link.expiresAt} />
      </p>
    </form>
  );
}
