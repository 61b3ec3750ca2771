/** Connecting an account: by consent in a window of the provider's, or with a key. */
import { useQueryClient } from '@tanstack/react-query';
import { ExternalLink } from 'lucide-react';
import { useEffect, useEffectEvent, useState, type ReactNode, type SubmitEvent } from 'react';
import { call, problemIn, type Problem } from '../api/client.ts';
import { useChange } from '../api/queries.ts';
import type { Integration, Started } from '../api/types.ts';
import { Button, Logo, Note, Trouble } from '../parts/basics.tsx';
import { Dialog } from '../parts/dialog.tsx';
import { Choices, TextField } from '../parts/field.tsx';
import { SchemaFields } from '../parts/schema-form.tsx';
import { faultsUnder, propertiesOf, read, typedFrom } from '../parts/schema.ts';
import { t } from '../texts.ts';
import { outcomeOf, useConsent, type Flow } from './flow.ts';
import { Done, Failed, Progress } from './progress.tsx';
import type { Connecting } from './window.ts';

type AuthType = Integration['authType'];
type Props = Connecting & { onClose: () => void };

export function ConnectDialog({ integration, window: opened, onClose }: Props) {
  const client = useQueryClient();
  const { name } = integration;
  const form = useForm(integration);
  const [byKeyFlow, setByKeyFlow] = useState<Flow | null>(null);
  const consent = useConsent((returnUrl) =>
    call<Started>('POST', '/api/connections', { body: { ...form.body(), returnUrl } }),
  );
  const byKey = useChange(
    () => call<Started>('POST', '/api/connections', { body: form.body() }),
    async ({ connection }) => setByKeyFlow(await outcomeOf(connection)),
  );
  // One press connects: the provider's window is open already.
  const begin = useEffectEvent(() => {
    if (opened !== undefined) consent.go(opened);
  });
  useEffect(() => begin(), []);
  const flow = byKeyFlow ?? consent.flow;
  /** Nothing is left of a walk that nobody goes on with. */
  const giveUp = () => {
    if (flow.at === 'waiting' || flow.at === 'failed')
      void call('DELETE', `/api/connections/${flow.connection.id}`)
        .catch(() => {})
        .then(() => client.invalidateQueries({ queryKey: ['connections'] }));
    setByKeyFlow(null);
    consent.reset();
  };
  const close = () => {
    giveUp();
    onClose();
  };
  const inside = () => {
    switch (flow.at) {
      case 'leaving':
        return <Note tone="accent">{t.connect.blocked}</Note>;
      case 'opening':
      case 'testing':
        return <Progress at={flow.at} name={name} />;
      case 'waiting':
        return (
          <Waiting name={name} onAgain={consent.openAgain} onCancel={close}>
            <Button look="quiet" onClick={giveUp}>
              {form.ways.length > 1 ? t.connect.otherWays : t.connect.otherSettings}
            </Button>
          </Waiting>
        );
      case 'done':
        return <Done connection={flow.connection} test={flow.test} name={name} onGo={onClose} />;
      case 'failed':
        return (
          <Failed connection={flow.connection} name={name} again={giveUp}>
            <Button onClick={close}>{t.close}</Button>
          </Failed>
        );
      case 'idle': {
        const problem = flow.problem ?? byKey.error;
        return (
          <ConnectForm
            integration={integration}
            form={form}
            problem={problem ? problemIn(problem) : null}
            isBusy={byKey.isPending}
            onSubmit={() => {
              if (form.authType === 'oauth2') consent.go();
              else if (!byKey.isPending) byKey.mutate(undefined);
            }}
            onClose={close}
          />
        );
      }
    }
  };
  return (
    <Dialog
      title={
        <span className="flex items-center gap-2.5">
          <Logo id={integration.id} size={24} />
          {t.connect.title(name)}
        </span>
      }
      onClose={close}
    >
      {inside()}
    </Dialog>
  );
}

export function Waiting({
  name,
  onAgain,
  onCancel,
  children,
}: {
  name: string;
  onAgain: () => void;
  onCancel: () => void;
  children?: ReactNode;
}) {
  return (
    <div className="grid gap-4">
      <Progress at="waiting" name={name} />
      <p className="text-dim">{t.connect.windowGone}</p>
      <div className="flex flex-wrap justify-end gap-2">
        {children}
        <Button onClick={onCancel}>{t.connect.cancel}</Button>
        <Button onClick={onAgain}>{t.connect.openAgain}</Button>
      </div>
    </div>
  );
}

type Form = ReturnType<typeof useForm>;

/** What is typed, kept through every attempt. */
function useForm(integration: Integration) {
  const ways = integration.authTypes.filter((type) => type !== 'oauth2' || integration.configured);
  const [authType, setAuthType] = useState<AuthType>(ways[0] ?? integration.authType);
  const [name, setName] = useState('');
  const config = propertiesOf(integration.configSchema);
  const [typedConfig, setTypedConfig] = useState(() => typedFrom(config, {}));
  const credentials = authType === 'oauth2' ? [] : propertiesOf(integration.credentialSchemas[authType]);
  const [typedCredentials, setTypedCredentials] = useState<Record<string, string>>({});
  const readConfig = read(config, typedConfig);
  const readCredentials = read(credentials, typedCredentials);
  return {
    ways,
    authType,
    setAuthType,
    name,
    setName,
    config,
    typedConfig,
    setTypedConfig,
    credentials,
    typedCredentials,
    setTypedCredentials,
    configFaults: readConfig.faults,
    credentialFaults: readCredentials.faults,
    body: () => ({
      integrationId: integration.id,
      authType,
      ...(name.trim() === '' ? {} : { name: name.trim() }),
      config: readConfig.values,
      ...(authType === 'oauth2' ? {} : { credentials: readCredentials.values }),
    }),
  };
}

function ConnectForm({
  integration,
  form,
  problem,
  isBusy,
  onSubmit,
  onClose,
}: {
  integration: Integration;
  form: Form;
  problem: Problem | null;
  isBusy: boolean;
  onSubmit: () => void;
  onClose: () => void;
}) {
  const [tried, setTried] = useState(false);
  const own = tried ? form : { configFaults: {}, credentialFaults: {} };
  const said = problem?.errors ?? [];
  const configFaults = { ...faultsUnder('/config', said), ...own.configFaults };
  const credentialFaults = { ...faultsUnder('/credentials', said), ...own.credentialFaults };
  const isByKey = form.authType !== 'oauth2';
  const submit = (event: SubmitEvent) => {
    event.preventDefault();
    setTried(true);
    if (Object.keys({ ...form.configFaults, ...form.credentialFaults }).length === 0) onSubmit();
  };
  return (
    <form onSubmit={submit} noValidate className="grid gap-4">
      {integration.sandbox && form.authType === 'oauth2' && (
        <Note tone="accent">{t.catalogue.sandboxText}</Note>
      )}
      {form.ways.length > 1 && (
        <Choices
          legend={t.connect.way}
          value={form.authType}
          onChoose={form.setAuthType}
          options={form.ways.map((value) => ({ value, label: t.integration.wayOf[value] }))}
        />
      )}
      {!isByKey && <p className="text-dim">{t.connect.opens(integration.name)}</p>}
      {isByKey && (
        <div className="grid gap-4">
          <SchemaFields
            properties={form.credentials}
            typed={form.typedCredentials}
            faults={credentialFaults}
            onType={form.setTypedCredentials}
          />
          <a
            href={integration.keyUrl ?? integration.docsUrl}
            target="_blank"
            rel="noreferrer"
            className="inline-flex items-center gap-1 justify-self-start font-medium text-accent hover:underline"
          >
            {t.connect.findKey}
            <ExternalLink aria-hidden className="size-3.5" />
          </a>
        </div>
      )}
      <details
        className="group rounded-md border border-line"
        open={Object.keys(configFaults).length > 0 || undefined}
      >
        <summary className="rounded-md px-3 py-2 font-medium">
          {form.config.length === 0 ? t.connect.name : t.connect.settings}
        </summary>
        <div className="grid gap-4 border-t border-line p-3">
          <TextField
            label={t.connect.name}
            optional
            maxLength={200}
            value={form.name}
            onText={form.setName}
            placeholder={integration.name}
            hint={t.connect.nameHint}
          />
          {form.config.length > 0 && (
            <SchemaFields
              properties={form.config}
              typed={form.typedConfig}
              faults={configFaults}
              onType={form.setTypedConfig}
            />
          )}
        </div>
      </details>
      <Trouble error={problem} />
      {isBusy && (
        <p role="status" className="text-dim">
          {t.connect.checking(integration.name)}
        </p>
      )}
      <div className="flex justify-end gap-2">
        <Button onClick={onClose}>{t.cancel}</Button>
        <Button type="submit" look="main" busy={isBusy} data-first={isByKey ? undefined : ''}>
          {isByKey ? t.connect.submitKey : t.connect.go(integration.name)}
        </Button>
      </div>
    </form>
  );
}
