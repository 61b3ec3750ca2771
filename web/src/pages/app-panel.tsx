/** An integration's OAuth app: registered once at the provider, by an admin. */
import { useQuery, useQueryClient } from '@tanstack/react-query';
import { ExternalLink } from 'lucide-react';
import { useState, type ReactNode, type SubmitEvent } from 'react';
import { call, problemIn } from '../api/client.ts';
import { app as appOf, hub, useChange } from '../api/queries.ts';
import type { App, Integration } from '../api/types.ts';
import { Button, Copyable, Note, Panel, Skeleton, Trouble } from '../parts/basics.tsx';
import { Confirm } from '../parts/dialog.tsx';
import { Check, SecretField, TextField } from '../parts/field.tsx';
import { SchemaFields } from '../parts/schema-form.tsx';
import { faultsUnder, propertiesOf, read, typedFrom } from '../parts/schema.ts';
import { toast } from '../parts/toasts.tsx';
import { t } from '../texts.ts';

const ENDPOINTS = ['authorizeUrl', 'tokenUrl', 'revokeUrl', 'apiBaseUrl', 'probeUrl'] as const;

export function AppPanel({ integration }: { integration: Integration }) {
  const { data, error, isPending, refetch } = useQuery(appOf(integration.id));
  const [isReplacing, setReplacing] = useState(false);
  const isSandbox = data?.sandbox === true;
  return (
    <Panel title={t.appForm.title}>
      {isPending && <Skeleton className="h-72" />}
      {error && <Trouble error={error} again={refetch} />}
      {isSandbox && !isReplacing && (
        <div className="grid gap-3">
          <Note tone="accent">{t.appForm.sandbox(integration.name)}</Note>
          <div>
            <Button onClick={() => setReplacing(true)}>{t.appForm.replace}</Button>
          </div>
        </div>
      )}
      {data !== undefined && (!isSandbox || isReplacing) && (
        // Made anew for another app: what is typed belongs to the one it was typed for.
        <AppForm
          key={data?.updatedAt ?? ''}
          integration={integration}
          app={isSandbox ? null : data}
          onCancel={isReplacing ? () => setReplacing(false) : null}
          onSaved={() => setReplacing(false)}
        />
      )}
    </Panel>
  );
}

type Props = {
  integration: Integration;
  app: App | null;
  onCancel: (() => void) | null;
  onSaved: () => void;
};

function AppForm({ integration, app, onCancel, onSaved }: Props) {
  const client = useQueryClient();
  const { data: facts } = useQuery(hub);
  const [clientId, setClientId] = useState(app?.clientId ?? '');
  const [clientSecret, setClientSecret] = useState('');
  const [scopes, setScopes] = useState<string[]>(app?.scopes ?? integration.scopes);
  const settings = propertiesOf(integration.appSettingsSchema);
  const [typed, setTyped] = useState(() => typedFrom(settings, app?.settings ?? {}));
  const [endpoints, setEndpoints] = useState<Record<string, string>>(app?.endpoints ?? {});
  const [tried, setTried] = useState(false);
  const { values, faults } = read(settings, typed);
  const save = useChange(
    () =>
      call<App>('PUT', `/api/integrations/${integration.id}/app`, {
        body: {
          clientId: clientId.trim(),
          clientSecret: clientSecret.trim(),
          scopes,
          settings: values,
          endpoints: Object.fromEntries(Object.entries(endpoints).filter(([, url]) => url.trim() !== '')),
        },
      }),
    async (saved) => {
      toast(t.appForm.saved);
      client.setQueryData(appOf(integration.id).queryKey, saved);
      await client.invalidateQueries({ queryKey: ['integrations'] });
      onSaved();
    },
  );
  const said = save.error ? problemIn(save.error).errors : [];
  const own = faultsUnder('', said);
  const missing = (value: string) => (tried && value.trim() === '' ? t.form.required : undefined);
  const submit = (event: SubmitEvent) => {
    event.preventDefault();
    setTried(true);
    const isWhole = clientId.trim() !== '' && clientSecret.trim() !== '' && Object.keys(faults).length === 0;
    if (isWhole && !save.isPending) save.mutate(undefined);
  };
  return (
    <form onSubmit={submit} noValidate className="grid gap-5">
      <p className="text-dim">{t.appForm.text(integration.name)}</p>
      <Step number={1} title={t.appForm.step1(integration.name)}>
        <a
          href={integration.consoleUrl ?? integration.docsUrl}
          target="_blank"
          rel="noreferrer"
          className="inline-flex items-center gap-1 font-medium text-accent hover:underline"
        >
          {t.appForm.console}
          <ExternalLink aria-hidden className="size-3.5" />
        </a>
      </Step>
      <Step number={2} title={t.appForm.step2}>
        {facts ? <Copyable label={t.appForm.step2} text={facts.redirectUri} /> : <Skeleton className="h-8" />}
      </Step>
      <Step number={3} title={t.appForm.step3}>
        <div className="grid gap-4">
          <TextField
            label={t.appForm.clientId}
            autoComplete="off"
            value={clientId}
            onText={setClientId}
            fault={missing(clientId) ?? own['clientId']}
          />
          <SecretField
            label={t.appForm.clientSecret}
            value={clientSecret}
            onText={setClientSecret}
            fault={missing(clientSecret) ?? own['clientSecret']}
            hint={app ? t.appForm.secretSet : undefined}
          />
          <SchemaFields
            properties={settings}
            typed={typed}
            faults={{ ...faultsUnder('/settings', said), ...(tried ? faults : {}) }}
            onType={setTyped}
          />
        </div>
      </Step>
      <Scopes integration={integration} chosen={scopes} onChoose={setScopes} fault={own['scopes']} />
      <details
        className="rounded-md border border-line"
        open={Object.keys(app?.endpoints ?? {}).length > 0 || undefined}
      >
        <summary className="rounded-md px-3 py-2 font-medium">{t.appForm.advanced}</summary>
        <div className="grid gap-4 border-t border-line p-3">
          {ENDPOINTS.map((name) => (
            <TextField
              key={name}
              type="url"
              label={t.appForm.endpoints[name]}
              placeholder={t.appForm.endpointHint}
              value={endpoints[name] ?? ''}
              onText={(value) => setEndpoints({ ...endpoints, [name]: value })}
              fault={faultsUnder('/endpoints', said)[name]}
            />
          ))}
        </div>
      </details>
      <Trouble error={save.error} />
      <div className="flex flex-wrap gap-2">
        <Button type="submit" look="main" busy={save.isPending}>
          {t.appForm.save}
        </Button>
        {onCancel && <Button onClick={onCancel}>{t.cancel}</Button>}
        {app && <RemoveApp integration={integration} />}
      </div>
    </form>
  );
}

const Step = ({ number, title, children }: { number: number; title: string; children: ReactNode }) => (
  <section className="grid grid-cols-[1.5rem_minmax(0,1fr)] gap-x-3 gap-y-2">
    <span
      aria-hidden
      className="grid size-6 place-items-center rounded-full bg-raised text-xs font-semibold text-dim"
    >
      {number}
    </span>
    <h3 className="pt-0.5 font-medium">{title}</h3>
    <div className="col-start-2">{children}</div>
  </section>
);

type ScopesProps = {
  integration: Integration;
  chosen: string[];
  onChoose: (scopes: string[]) => void;
  fault: string | undefined;
};

function Scopes({ integration, chosen, onChoose, fault }: ScopesProps) {
  const more = chosen.filter((scope) => !integration.scopes.includes(scope));
  const [typed, setTyped] = useState(more.join(' '));
  const usual = (from: string[]) => integration.scopes.filter((scope) => from.includes(scope));
  return (
    <fieldset className="grid gap-2">
      <legend className="mb-1 font-medium">{t.appForm.scopes}</legend>
      <p className="text-xs text-dim">{t.appForm.scopesText}</p>
      <div className="grid gap-x-4 gap-y-2 rounded-md border border-line p-3 sm:grid-cols-2">
        {integration.scopes.map((scope) => (
          <Check
            key={scope}
            checked={chosen.includes(scope)}
            onCheck={(checked) =>
              onChoose([
                ...usual(checked ? [...chosen, scope] : chosen.filter((one) => one !== scope)),
                ...more,
              ])
            }
            label={integration.scopeMeanings[scope] ?? scope}
            hint={<code className="font-mono break-all">{scope}</code>}
          />
        ))}
      </div>
      <TextField
        label={t.appForm.more}
        optional
        value={typed}
        fault={fault}
        onText={(value) => {
          setTyped(value);
          onChoose([...usual(chosen), ...value.split(/[\s,]+/).filter(Boolean)]);
        }}
      />
    </fieldset>
  );
}

function RemoveApp({ integration }: { integration: Integration }) {
  const client = useQueryClient();
  const [isAsking, setAsking] = useState(false);
  const remove = useChange(
    () => call('DELETE', `/api/integrations/${integration.id}/app`),
    async () => {
      client.setQueryData(appOf(integration.id).queryKey, null);
      await client.invalidateQueries({ queryKey: ['integrations'] });
      setAsking(false);
    },
  );
  return (
    <>
      <Button look="quiet" onClick={() => setAsking(true)}>
        {t.appForm.remove}
      </Button>
      {isAsking && (
        <Confirm
          title={t.appForm.removeTitle}
          action={t.appForm.remove}
          busy={remove.isPending}
          error={remove.error}
          onConfirm={() => remove.mutate(undefined)}
          onClose={() => setAsking(false)}
        >
          {t.appForm.removeText(integration.name)}
        </Confirm>
      )}
    </>
  );
}
