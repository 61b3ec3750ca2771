/** Debug mode: what goes over the wire for this connection, as it happens. */
import { useQuery, useQueryClient } from '@tanstack/react-query';
import { ChevronRight, Download, Trash2 } from 'lucide-react';
import { useState } from 'react';
import { call } from '../../api/client.ts';
import { connection as connectionOf, useChange } from '../../api/queries.ts';
import type { Connection, ListOf, TracedRequest } from '../../api/types.ts';
import {
  Badge,
  Button,
  buttonLook,
  CopyButton,
  cx,
  Empty,
  Panel,
  Skeleton,
  Trouble,
} from '../../parts/basics.tsx';
import { Select } from '../../parts/field.tsx';
import { Ago } from '../../parts/time.tsx';
import { t } from '../../texts.ts';

// A trace is written within half a second.
const LOOK_MS = 1_500;
const MINUTE_MS = 60_000;
const SPANS = [15, 60, 8 * 60, 24 * 60];

export function Requests({ connection }: { connection: Connection }) {
  const { id, debugUntil } = connection;
  const client = useQueryClient();
  const key = ['connection', id, 'requests'];
  const { data, error, refetch } = useQuery({
    queryKey: key,
    queryFn: ({ signal }) =>
      call<ListOf<TracedRequest>>('GET', `/api/connections/${id}/requests?limit=100`, { signal }),
    refetchInterval: debugUntil === null ? false : LOOK_MS,
  });
  const forget = useChange(
    () => call('DELETE', `/api/connections/${id}/requests`),
    () => client.invalidateQueries({ queryKey: key, exact: true }),
  );
  const traces = data?.data ?? [];
  return (
    <Panel
      title={t.requests.title}
      flush
      action={
        traces.length > 0 && (
          <div className="flex gap-2">
            <a href={`/api/connections/${id}/requests/har`} download className={buttonLook()}>
              <Download aria-hidden className="size-4" />
              {t.requests.har}
            </a>
            <Button busy={forget.isPending} onClick={() => forget.mutate(undefined)}>
              <Trash2 aria-hidden className="size-4" />
              {t.requests.forget}
            </Button>
          </div>
        )
      }
    >
      <Switch connection={connection} />
      {(error ?? forget.error) && (
        <div className="p-4">
          <Trouble error={error ?? forget.error} again={refetch} />
        </div>
      )}
      {!data && !error && <Skeleton className="m-4 h-40" />}
      {data && traces.length === 0 && (
        <Empty
          title={debugUntil === null ? t.requests.none : t.requests.waiting}
          text={debugUntil === null ? t.requests.noneText : t.requests.waitingText}
        />
      )}
      <ol aria-label={t.requests.title}>
        {traces.map((trace) => (
          <Line key={trace.id} trace={trace} />
        ))}
      </ol>
    </Panel>
  );
}

function Switch({ connection: { id, debugUntil } }: { connection: Connection }) {
  const client = useQueryClient();
  const [minutes, setMinutes] = useState(SPANS[0] ?? 15);
  const turn = useChange(
    (until: string | null) => call<Connection>('PUT', `/api/connections/${id}/debug`, { body: { until } }),
    (changed) => client.setQueryData(connectionOf(id).queryKey, changed),
  );
  const on = () => turn.mutate(new Date(Date.now() + minutes * MINUTE_MS).toISOString());
  return (
    <div className="grid gap-3 border-b border-line p-4">
      <div className="flex flex-wrap items-center gap-3">
        <p className="min-w-0 flex-1 basis-64 text-dim" aria-live="polite">
          {debugUntil === null ? (
            t.requests.off
          ) : (
            <>
              <span className="font-medium text-ink">{t.requests.on}</span> {t.requests.endsBefore}{' '}
              <Ago time={debugUntil} />.
            </>
          )}
        </p>
        {debugUntil === null ? (
          <div className="flex gap-2">
            <Select
              aria-label={t.requests.span}
              className="w-32"
              value={String(minutes)}
              onText={(value) => setMinutes(Number(value))}
              options={SPANS.map((value) => ({ value: String(value), label: t.requests.spanOf(value) }))}
            />
            <Button look="main" busy={turn.isPending} onClick={on}>
              {t.requests.turnOn}
            </Button>
          </div>
        ) : (
          <Button busy={turn.isPending} onClick={() => turn.mutate(null)}>
            {t.requests.turnOff}
          </Button>
        )}
      </div>
      <Trouble error={turn.error} />
    </div>
  );
}

function Line({ trace }: { trace: TracedRequest }) {
  const [isOpen, setOpen] = useState(false);
  const status = trace.response?.status;
  const isWell = status !== undefined && status < 400 && trace.error === null;
  return (
    <li className="border-b border-line last:border-0">
      <button
        type="button"
        aria-expanded={isOpen}
        onClick={() => setOpen(!isOpen)}
        className="flex w-full items-center gap-3 px-4 py-2.5 text-left -outline-offset-2 hover:bg-raised/60"
      >
        <ChevronRight aria-hidden className={cx('size-4 shrink-0 text-dim', isOpen && 'rotate-90')} />
        <Badge tone={isWell ? 'ok' : 'bad'}>{status ?? t.requests.noAnswer}</Badge>
        <span className="min-w-0 flex-1 truncate font-mono text-xs">
          <span className="font-semibold">{trace.method}</span> {withoutOrigin(trace.url)}
        </span>
        {trace.kind !== 'call' && <Badge tone="plain">{t.requests.kinds[trace.kind]}</Badge>}
        {trace.attempt > 1 && <Badge tone="plain">{t.requests.again}</Badge>}
        <span className="hidden w-20 shrink-0 text-right text-xs text-dim sm:inline">
          {t.console.ms(trace.durationMs)}
        </span>
        <span className="w-24 shrink-0 text-right text-xs text-dim">
          <Ago time={trace.at} />
        </span>
      </button>
      {isOpen && <Details trace={trace} />}
    </li>
  );
}

function withoutOrigin(url: string): string {
  const at = url.indexOf('/', url.indexOf('//') + 2);
  return at < 0 ? url : url.slice(at);
}

function Details({ trace }: { trace: TracedRequest }) {
  const { request, response, phases } = trace;
  const timed = Object.entries(phases).flatMap(([name, ms]) =>
    ms === null ? [] : [`${t.requests.phases[name as keyof typeof phases]} ${t.console.ms(ms)}`],
  );
  return (
    <div className="grid gap-4 border-t border-line bg-raised/40 px-4 py-3">
      <p className="text-xs break-all text-dim">
        <span className="font-mono text-ink">{trace.url}</span>
        <br />
        {[trace.outcome, ...(trace.error === null ? [] : [trace.error]), ...timed].join(' · ')}
      </p>
      <div className="grid items-start gap-4 lg:grid-cols-2">
        <Message title={t.requests.sent} message={request} />
        {response && <Message title={t.requests.answered} message={response} />}
      </div>
    </div>
  );
}

function Message({ title, message }: { title: string; message: TracedRequest['request'] }) {
  const { headers, body } = message;
  return (
    <section aria-label={title} className="grid min-w-0 gap-2">
      <h3 className="text-xs font-semibold">{title}</h3>
      <dl className="grid gap-x-3 gap-y-0.5 font-mono text-xs">
        {headers.map(({ name, value }, index) => (
          <div key={index} className="break-all">
            <dt className="inline text-dim">{name}: </dt>
            <dd className="inline">{value}</dd>
          </div>
        ))}
      </dl>
      <div className="flex items-center justify-between gap-2 text-xs text-dim">
        <span>
          {t.requests.bytes(body.bytes)}
          {body.omitted !== null && ` · ${t.requests.omitted[body.omitted]}`}
          {body.truncated && ` · ${t.requests.truncated}`}
        </span>
        {body.text !== null && <CopyButton text={body.text} />}
      </div>
      {body.text !== null && (
        <pre
          tabIndex={0}
          aria-label={`${title}: ${t.console.body}`}
          className="max-h-80 overflow-auto rounded-md border border-line bg-panel p-3 font-mono text-xs break-words whitespace-pre-wrap"
        >
          {readable(body.text)}
        </pre>
      )}
    </section>
  );
}

/** JSON with its structure shown; what is cut off, or was no JSON, as it is. */
function readable(text: string): string {
  try {
    return JSON.stringify(JSON.parse(text), null, 2);
  } catch {
    return text;
  }
}
