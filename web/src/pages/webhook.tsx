/** One webhook: what it is told, whether it answers, what was delivered; sending again. */
import { useInfiniteQuery, useQuery, useQueryClient } from '@tanstack/react-query';
import { Link, useNavigate, useParams } from '@tanstack/react-router';
import { ChevronLeft } from 'lucide-react';
import { useState } from 'react';
import { call, problemIn, queryOf } from '../api/client.ts';
import { useChange, webhooks } from '../api/queries.ts';
import type { Delivery, ListOf, RotatedSecret, Webhook } from '../api/types.ts';
import { AskButton } from '../parts/ask.tsx';
import {
  Badge,
  Button,
  buttonLook,
  Empty,
  Loading,
  Note,
  PageHead,
  Panel,
  Skeleton,
  Trouble,
  type Tone,
} from '../parts/basics.tsx';
import { Made } from '../parts/made.tsx';
import { Ago, exactly } from '../parts/time.tsx';
import { toast } from '../parts/toasts.tsx';
import { useTitle } from '../parts/title.ts';
import { t } from '../texts.ts';
import { WebhookForm } from './webhook-form.tsx';
import { eventsIn, WebhookState } from './webhooks.tsx';

export function WebhookPage() {
  const { id } = useParams({ from: '/inside/webhooks/$id' });
  const { data, error } = useQuery({
    queryKey: ['webhook', id],
    queryFn: ({ signal }) => call<Webhook>('GET', `/api/webhooks/${encodeURIComponent(id)}`, { signal }),
  });
  useTitle(data?.name ?? t.webhooks.title);
  return (
    <>
      <Link to="/webhooks" className="mb-4 inline-flex items-center gap-1 text-dim hover:text-ink">
        <ChevronLeft aria-hidden className="size-4" />
        {t.webhooks.back}
      </Link>
      {data ? (
        <Shown webhook={data} />
      ) : error ? (
        <>
          <h1 className="sr-only">{t.webhooks.title}</h1>
          <Empty title={t.loadFailed} text={problemIn(error).message}>
            <Link to="/webhooks" className={buttonLook()}>
              {t.webhooks.back}
            </Link>
          </Empty>
        </>
      ) : (
        <>
          <Loading />
          <Skeleton className="mb-5 h-12" />
          <Skeleton className="h-64" />
        </>
      )}
    </>
  );
}

function Shown({ webhook }: { webhook: Webhook }) {
  const client = useQueryClient();
  const navigate = useNavigate();
  const [isEditing, setEditing] = useState(false);
  const [rotated, setRotated] = useState<RotatedSecret | null>(null);
  const path = `/api/webhooks/${webhook.id}`;
  const again = () =>
    Promise.all([
      client.invalidateQueries({ queryKey: ['webhook', webhook.id] }),
      client.invalidateQueries({ queryKey: webhooks.queryKey }),
    ]);
  const toggle = useChange(() => call('PATCH', path, { body: { enabled: !webhook.enabled } }), again);
  const rotate = useChange(
    () => call<RotatedSecret>('POST', `${path}/rotate-secret`, { body: {} }),
    setRotated,
  );
  return (
    <>
      <PageHead
        title={
          <span className="flex flex-wrap items-center gap-2 break-all">
            {webhook.name ?? webhook.url}
            <span className="text-sm tracking-normal">
              <WebhookState webhook={webhook} />
            </span>
          </span>
        }
        lead={
          <>
            {webhook.name !== null && <span className="block break-all">{webhook.url}</span>}
            {eventsIn(webhook.events)}
          </>
        }
      >
        <div className="flex flex-wrap gap-2">
          <Button busy={toggle.isPending} onClick={() => toggle.mutate(undefined)}>
            {webhook.enabled ? t.webhooks.disable : t.webhooks.enable}
          </Button>
          <Button onClick={() => setEditing(true)}>{t.webhooks.edit}</Button>
          <Button busy={rotate.isPending} onClick={() => rotate.mutate(undefined)}>
            {t.webhooks.rotate}
          </Button>
          <AskButton
            label={t.webhooks.delete}
            about={webhook.name ?? webhook.url}
            title={t.webhooks.deleteTitle}
            action={() => call('DELETE', path)}
            onDone={async () => {
              await client.invalidateQueries({ queryKey: webhooks.queryKey });
              await navigate({ to: '/webhooks' });
            }}
          >
            {t.webhooks.deleteText}
          </AskButton>
        </div>
      </PageHead>
      <div className="mb-4 grid gap-2 empty:hidden">
        {webhook.disabledReason && <Note>{webhook.disabledReason.message}</Note>}
        <Trouble error={toggle.error ?? rotate.error} />
      </div>
      <Deliveries webhook={webhook} />
      {isEditing && (
        <WebhookForm
          webhook={webhook}
          onClose={() => setEditing(false)}
          onSaved={() => {
            setEditing(false);
            void again();
          }}
        />
      )}
      {rotated && (
        <Made
          title={t.webhooks.secretTitle}
          text={`${t.webhooks.secretText} ${t.webhooks.rotatedUntil(exactly(rotated.previousValidUntil))}`}
          secret={rotated.secret}
          onClose={() => setRotated(null)}
        />
      )}
    </>
  );
}

const TONES: Partial<Record<Delivery['status'], Tone>> = {
  pending: 'accent',
  delivered: 'ok',
  gone: 'bad',
  gave_up: 'bad',
  endpoint_disabled: 'warn',
};
// Deliveries change by themselves; there is no event of them.
const LOOK_MS = 3_000;

function Deliveries({ webhook }: { webhook: Webhook }) {
  const client = useQueryClient();
  const queryKey = ['webhook', webhook.id, 'deliveries'];
  const { data, error, hasNextPage, isFetchingNextPage, fetchNextPage } = useInfiniteQuery({
    queryKey,
    queryFn: ({ pageParam, signal }) =>
      call<ListOf<Delivery>>(
        'GET',
        `/api/webhooks/${webhook.id}/deliveries${queryOf({ limit: 50, cursor: pageParam })}`,
        { signal },
      ),
    initialPageParam: null as string | null,
    getNextPageParam: (last) => last.nextCursor,
    refetchInterval: LOOK_MS,
  });
  const replay = useChange(
    (id: string) => call('POST', `/api/webhooks/${webhook.id}/deliveries/${id}/replay`, { body: {} }),
    () => {
      toast(t.webhooks.replayed);
      return client.invalidateQueries({ queryKey });
    },
  );
  const rows = data?.pages.flatMap((page) => page.data) ?? [];
  return (
    <Panel title={t.webhooks.deliveries} flush>
      <div className="p-3 empty:hidden">
        <Trouble error={error ?? replay.error} />
      </div>
      {!data && !error && <Skeleton className="m-4 h-40" />}
      {data && rows.length === 0 && (
        <Empty title={t.webhooks.noDeliveries} text={t.webhooks.noDeliveriesText} />
      )}
      <ol>
        {rows.map((row) => (
          <li
            key={row.id}
            className="flex flex-wrap items-center gap-x-3 gap-y-1 border-b border-line px-4 py-2 last:border-0"
          >
            <div className="min-w-0 flex-1 basis-56">
              <p className="font-medium">{t.events[row.type] ?? row.type}</p>
              <p className="text-xs break-words text-dim">{answerIn(row)}</p>
            </div>
            <Badge tone={TONES[row.status] ?? 'plain'}>{t.webhooks.states[row.status] ?? row.status}</Badge>
            <span className="w-24 text-right text-xs text-dim">
              <Ago time={row.createdAt} />
            </span>
            <Button
              look="quiet"
              disabled={!webhook.enabled}
              busy={replay.isPending && replay.variables === row.id}
              aria-label={`${t.webhooks.replay}: ${t.events[row.type] ?? row.type}`}
              onClick={() => replay.mutate(row.id)}
            >
              {t.webhooks.replay}
            </Button>
          </li>
        ))}
      </ol>
      {hasNextPage && (
        <div className="border-t border-line p-3 text-center">
          <Button busy={isFetchingNextPage} onClick={() => void fetchNextPage()}>
            {t.connection.older}
          </Button>
        </div>
      )}
    </Panel>
  );
}

function answerIn({ attempts, lastAttempt, nextAttemptAt }: Delivery): string {
  const parts = [t.webhooks.attempts(attempts)];
  if (lastAttempt) {
    const { status, error, ms } = lastAttempt;
    parts.push(status === null ? (error ?? '') : `HTTP ${status}`, t.console.ms(Math.round(ms)));
  }
  if (nextAttemptAt !== null) parts.push(t.webhooks.next(exactly(nextAttemptAt)));
  return parts.filter(Boolean).join(' · ');
}
