/** Calls of the provider through the connection, to try it out. */
import { Plus, X } from 'lucide-react';
import { useState, type SubmitEvent } from 'react';
import { call } from '../../api/client.ts';
import { useChange } from '../../api/queries.ts';
import type { CallAnswer, Connection, Integration } from '../../api/types.ts';
import { Badge, Button, CopyButton, IconButton, Note, Panel, Trouble } from '../../parts/basics.tsx';
import { AreaField, inputLook, SelectField, TextField } from '../../parts/field.tsx';
import { t } from '../../texts.ts';

const METHODS = ['GET', 'POST', 'PUT', 'PATCH', 'DELETE', 'HEAD'];

type Pair = { name: string; value: string };
type Draft = { method: string; path: string; query: Pair[]; headers: Pair[]; body: string };
type Example = Integration['examples'][number];

const EMPTY: Draft = { method: 'GET', path: '/', query: [], headers: [], body: '' };

export function Console({ connection, integration }: { connection: Connection; integration: Integration }) {
  const { examples } = integration;
  const drafts = (example: Example) => draftOf(example, connection.account?.id);
  const [draft, setDraft] = useState<Draft>(examples[0] ? drafts(examples[0]) : EMPTY);
  const send = useChange((given: Draft) =>
    call<CallAnswer>('POST', `/api/connections/${connection.id}/request`, { body: bodyOf(given) }),
  );
  const [tried, setTried] = useState(false);
  const fault = draft.path.startsWith('/') ? undefined : t.console.pathMissing;
  const submit = (event: SubmitEvent) => {
    event.preventDefault();
    setTried(true);
    if (fault === undefined && !send.isPending) send.mutate(draft);
  };
  return (
    <div className="grid items-start gap-4 lg:grid-cols-2">
      <Panel title={t.connection.tabs.console}>
        <form onSubmit={submit} noValidate className="grid gap-4">
          {examples.length > 0 && (
            <div role="group" aria-label={t.console.examples} className="flex flex-wrap gap-1.5">
              {examples.map((example) => (
                <button
                  key={example.id}
                  type="button"
                  aria-pressed={JSON.stringify(drafts(example)) === JSON.stringify(draft)}
                  onClick={() => setDraft(drafts(example))}
                  className="rounded-full border border-line-strong px-2.5 py-0.5 text-xs hover:bg-raised aria-pressed:border-accent aria-pressed:bg-accent-soft aria-pressed:text-accent"
                >
                  {example.title}
                </button>
              ))}
            </div>
          )}
          <div className="grid grid-cols-[6.5rem_minmax(0,1fr)] gap-2">
            <SelectField
              label={t.console.method}
              value={draft.method}
              onText={(method) => setDraft({ ...draft, method })}
              options={METHODS.map((value) => ({ value, label: value }))}
            />
            <TextField
              label={t.console.path}
              className="font-mono text-xs"
              value={draft.path}
              fault={tried ? fault : undefined}
              hint={t.console.pathHint}
              onText={(path) => setDraft({ ...draft, path })}
            />
          </div>
          <Pairs
            legend={t.console.query}
            pairs={draft.query}
            onChange={(query) => setDraft({ ...draft, query })}
          />
          <Pairs
            legend={t.console.headers}
            pairs={draft.headers}
            onChange={(headers) => setDraft({ ...draft, headers })}
          />
          {draft.method !== 'GET' && draft.method !== 'HEAD' && (
            <AreaField
              label={t.console.body}
              hint={t.console.bodyHint}
              rows={6}
              value={draft.body}
              onText={(body) => setDraft({ ...draft, body })}
            />
          )}
          <Trouble error={send.error} />
          <div>
            <Button type="submit" look="main" busy={send.isPending}>
              {send.isPending ? t.console.sending : t.console.send}
            </Button>
          </div>
        </form>
      </Panel>
      <div aria-live="polite">
        {send.data ? (
          <Answer answer={send.data} />
        ) : (
          <Panel title={t.console.answer}>
            <p className="text-dim">{t.console.notYet}</p>
          </Panel>
        )}
      </div>
    </div>
  );
}

function Pairs({
  legend,
  pairs,
  onChange,
}: {
  legend: string;
  pairs: Pair[];
  onChange: (pairs: Pair[]) => void;
}) {
  const change = (index: number, pair: Pair) => onChange(pairs.map((one, at) => (at === index ? pair : one)));
  return (
    <fieldset>
      <legend className="mb-1 font-medium">{legend}</legend>
      <div className="grid gap-1.5">
        {pairs.map((pair, index) => (
          <div key={index} className="flex gap-1.5">
            <input
              aria-label={`${legend} ${index + 1}: ${t.console.name}`}
              className={`${inputLook} font-mono text-xs`}
              value={pair.name}
              onChange={(event) => change(index, { ...pair, name: event.target.value })}
            />
            <input
              aria-label={`${legend} ${index + 1}: ${t.console.value}`}
              className={`${inputLook} font-mono text-xs`}
              value={pair.value}
              onChange={(event) => change(index, { ...pair, value: event.target.value })}
            />
            <IconButton
              label={t.console.remove(`${legend} ${index + 1}`)}
              onClick={() => onChange(pairs.filter((_, at) => at !== index))}
            >
              <X aria-hidden className="size-4" />
            </IconButton>
          </div>
        ))}
        <Button
          look="quiet"
          className="justify-self-start px-2"
          aria-label={`${t.console.add}: ${legend}`}
          onClick={() => onChange([...pairs, { name: '', value: '' }])}
        >
          <Plus aria-hidden className="size-4" />
          {t.console.add}
        </Button>
      </div>
    </fieldset>
  );
}

function Answer({ answer }: { answer: CallAnswer }) {
  const { status, headers, durationMs, attempts, truncated, bodyEncoding } = answer;
  const text = textOf(answer);
  return (
    <Panel
      title={
        <span className="flex items-center gap-2">
          {t.console.answer}
          <Badge tone={status < 300 ? 'ok' : status < 400 ? 'warn' : 'bad'}>{status}</Badge>
          <span className="font-normal text-dim">{t.console.ms(durationMs)}</span>
        </span>
      }
      action={text !== '' && <CopyButton text={text} />}
    >
      <div className="grid gap-3">
        {attempts > 1 && <Note tone="accent">{t.console.repeated}</Note>}
        {truncated && <Note>{t.console.truncated}</Note>}
        {bodyEncoding === 'base64' && <Note tone="plain">{t.console.binary}</Note>}
        {text === '' ? (
          <p className="text-dim">{t.console.empty}</p>
        ) : (
          <pre
            tabIndex={0}
            aria-label={t.console.answer}
            className="max-h-[28rem] overflow-auto rounded-md bg-raised p-3 font-mono text-xs leading-5 break-words whitespace-pre-wrap"
          >
            {text}
          </pre>
        )}
        <details>
          <summary className="text-dim">{t.console.answerHeaders(Object.keys(headers).length)}</summary>
          <dl className="mt-2 grid gap-1 font-mono text-xs">
            {Object.entries(headers).map(([name, value]) => (
              <div key={name} className="flex flex-wrap gap-x-2">
                <dt className="text-dim">{name}:</dt>
                <dd className="min-w-0 break-all">{value}</dd>
              </div>
            ))}
          </dl>
        </details>
      </div>
    </Panel>
  );
}

const textOf = ({ body, bodyEncoding }: CallAnswer): string =>
  bodyEncoding === 'json' ? JSON.stringify(body, null, 2) : typeof body === 'string' ? body : '';

const pairsOf = (record: Record<string, string> = {}): Pair[] =>
  Object.entries(record).map(([name, value]) => ({ name, value }));

/** `{account.id}` is the connection's; where there is none it stays, to be filled in. */
function draftOf({ method, path, query, headers, body }: Example, accountId: string | undefined): Draft {
  const draft: Draft = {
    method,
    path,
    query: pairsOf(query),
    headers: pairsOf(headers),
    body: body === undefined ? '' : typeof body === 'string' ? body : JSON.stringify(body, null, 2),
  };
  if (accountId === undefined) return draft;
  const fill = (text: string) => text.replaceAll('{account.id}', accountId);
  const fillAll = (pairs: Pair[]) => pairs.map(({ name, value }) => ({ name, value: fill(value) }));
  return {
    method,
    path: fill(draft.path),
    query: fillAll(draft.query),
    headers: fillAll(draft.headers),
    body: fill(draft.body),
  };
}

function bodyOf({ method, path, query, headers, body }: Draft) {
  const record = (pairs: Pair[]) =>
    Object.fromEntries(
      pairs.filter(({ name }) => name.trim() !== '').map(({ name, value }) => [name.trim(), value]),
    );
  const hasBody = method !== 'GET' && method !== 'HEAD' && body.trim() !== '';
  return {
    method,
    path: path.trim(),
    query: record(query),
    headers: record(headers),
    ...(hasBody ? { body: parsed(body) } : {}),
  };
}

function parsed(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    return text;
  }
}
