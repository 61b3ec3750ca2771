/** An integration of somebody's own: its definition in JSON, new or changed. */
import { useQuery, useQueryClient } from '@tanstack/react-query';
import { Link, useNavigate, useParams } from '@tanstack/react-router';
import { ChevronLeft } from 'lucide-react';
import { useState, type SubmitEvent } from 'react';
import coinbase from '../../../examples/integrations/coinbase-exchange.json?raw';
import sendgrid from '../../../examples/integrations/sendgrid.json?raw';
import twilio from '../../../examples/integrations/twilio.json?raw';
import xero from '../../../examples/integrations/xero.json?raw';
import { call, problemIn } from '../api/client.ts';
import { definition as definitionOf, integrations, useChange, useMe } from '../api/queries.ts';
import type { Integration } from '../api/types.ts';
import { Button, buttonLook, Note, PageHead, Panel, Skeleton, Trouble } from '../parts/basics.tsx';
import { AreaField, SelectField } from '../parts/field.tsx';
import { useTitle } from '../parts/title.ts';
import { toast } from '../parts/toasts.tsx';
import { t } from '../texts.ts';
import { NotFound } from './lost.tsx';

const EXAMPLES = { xero, sendgrid, twilio, coinbase } as const;
type Example = keyof typeof EXAMPLES;

export function NewDefinition() {
  useTitle(t.own.titleNew);
  const { role } = useMe();
  if (role !== 'admin') return <NotFound />;
  return (
    <>
      <BackTo />
      <PageHead title={t.own.titleNew} lead={t.own.lead} />
      <Editor before={null} />
    </>
  );
}

export function ChangeDefinition() {
  const { id } = useParams({ from: '/inside/integrations/$id/definition' });
  const { data, error, isPending, refetch } = useQuery(definitionOf(id));
  const { data: catalogue } = useQuery(integrations);
  const integration = catalogue?.data.find((one) => one.id === id);
  const title = t.own.titleChange(integration?.name ?? id);
  useTitle(title);
  if (error) return <Trouble error={error} again={refetch} />;
  if (isPending || !catalogue) return <Skeleton className="h-96" />;
  if (!data || integration?.source !== 'api') return <NotFound />;
  return (
    <>
      <BackTo integration={integration} />
      <PageHead title={title} lead={t.own.lead} />
      <Editor before={{ id, text: JSON.stringify(data, null, 2) }} />
    </>
  );
}

function BackTo({ integration }: { integration?: Integration }) {
  const look = 'mb-4 inline-flex items-center gap-1 text-dim hover:text-ink';
  const name = integration?.name ?? t.catalogue.title;
  return (
    <Link
      to={integration ? '/integrations/$id' : '/'}
      params={{ id: integration?.id ?? '' }}
      className={look}
    >
      <ChevronLeft aria-hidden className="size-4" />
      {name}
    </Link>
  );
}

function Editor({ before }: { before: { id: string; text: string } | null }) {
  const client = useQueryClient();
  const navigate = useNavigate();
  const [text, setText] = useState(before?.text ?? EXAMPLES.sendgrid);
  const [example, setExample] = useState<Example>('sendgrid');
  const [notJson, setNotJson] = useState<string>();
  const save = useChange(
    (body: unknown) =>
      before
        ? call<Integration>('PUT', `/api/integrations/${encodeURIComponent(before.id)}`, { body })
        : call<Integration>('POST', '/api/integrations', { body }),
    async ({ id }) => {
      toast(t.own.saved);
      await client.invalidateQueries({ queryKey: integrations.queryKey });
      await navigate({ to: '/integrations/$id', params: { id } });
    },
  );
  const submit = (event: SubmitEvent) => {
    event.preventDefault();
    const read = parse(text);
    setNotJson(read.ok ? undefined : t.own.notJson(read.why));
    if (read.ok && !save.isPending) save.mutate(read.value);
  };
  return (
    <Panel>
      <form onSubmit={submit} noValidate className="grid gap-4">
        {!before && (
          <SelectField
            label={t.own.begin}
            value={example}
            options={Object.entries(t.own.kinds).map(([value, label]) => ({ value, label }))}
            onText={(chosen) => {
              setExample(chosen as Example);
              setText(EXAMPLES[chosen as Example]);
            }}
          />
        )}
        <AreaField
          label={t.own.definition}
          rows={24}
          value={text}
          onText={setText}
          fault={notJson}
          hint={
            <>
              {t.own.hint}{' '}
              <a
                href="/schemas/integration.json"
                target="_blank"
                rel="noreferrer"
                className="text-accent underline"
              >
                {t.own.schema}
              </a>
            </>
          }
        />
        <Faults error={save.error} />
        <div className="flex flex-wrap gap-2">
          <Button type="submit" look="main" busy={save.isPending}>
            {save.isPending ? t.own.saving : before ? t.own.save : t.own.submit}
          </Button>
          <Link
            to={before ? '/integrations/$id' : '/'}
            params={{ id: before?.id ?? '' }}
            className={buttonLook()}
          >
            {t.cancel}
          </Link>
        </div>
      </form>
    </Panel>
  );
}

/** Each fault by its place in the definition. */
function Faults({ error }: { error: unknown }) {
  if (!error) return null;
  const { errors } = problemIn(error);
  if (errors.length === 0) return <Trouble error={error} />;
  return (
    <div role="alert">
      <Note tone="bad">
        <p className="font-medium">{t.own.faults}</p>
        <ul className="mt-1 grid gap-1">
          {errors.map(({ path, message }) => (
            <li key={path + message}>
              <code className="mr-1.5 font-mono text-xs break-all">{path || t.own.whole}</code>
              {message}
            </li>
          ))}
        </ul>
      </Note>
    </div>
  );
}

function parse(text: string): { ok: true; value: unknown } | { ok: false; why: string } {
  try {
    return { ok: true, value: JSON.parse(text) as unknown };
  } catch (error) {
    return { ok: false, why: error instanceof Error ? error.message : '' };
  }
}
