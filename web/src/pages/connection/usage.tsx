/** How much a connection is used. A hub that does not count says nothing of it. */
import { useQuery } from '@tanstack/react-query';
import { useState } from 'react';
import { call, queryOf } from '../../api/client.ts';
import { orNull } from '../../api/queries.ts';
import type { Connection, Usage } from '../../api/types.ts';
import { Panel, Skeleton } from '../../parts/basics.tsx';
import { Select } from '../../parts/field.tsx';
import { lazily } from '../../parts/lazily.tsx';
import { t } from '../../texts.ts';

const UsageChart = lazily(() => import('./usage-chart.tsx').then((module) => module.UsageChart));

const SPANS = {
  day: { label: t.connection.usageDay, ms: 86_400_000, bucket: 'hour' },
  month: { label: t.connection.usageMonth, ms: 30 * 86_400_000, bucket: 'day' },
} as const;
type Span = keyof typeof SPANS;

export function UsagePanel({ connection }: { connection: Connection }) {
  const [span, setSpan] = useState<Span>('day');
  const { data } = useQuery({
    queryKey: ['connection', connection.id, 'usage', span],
    queryFn: ({ signal }) => orNull(usageOf(connection.id, span, signal)),
    retry: false,
  });
  if (data === null) return null;
  const isEmpty = data?.every(({ calls }) => calls === 0);
  return (
    <Panel
      title={t.connection.usage}
      action={
        <div className="w-40">
          <Select
            aria-label={t.connection.usage}
            value={span}
            onText={(value) => setSpan(value === 'month' ? 'month' : 'day')}
            options={Object.entries(SPANS).map(([value, { label }]) => ({ value, label }))}
          />
        </div>
      }
    >
      <div className="h-40">
        {data === undefined ? (
          <Skeleton className="h-full" />
        ) : isEmpty ? (
          <p className="text-dim">{t.connection.usageNone}</p>
        ) : (
          <UsageChart usage={data} />
        )}
      </div>
    </Panel>
  );
}

async function usageOf(id: string, span: Span, signal: AbortSignal): Promise<Usage[]> {
  const { ms, bucket } = SPANS[span];
  const to = new Date();
  const from = new Date(to.getTime() - ms);
  const query = queryOf({ from: from.toISOString(), to: to.toISOString(), bucket });
  const { data } = await call<{ data: Usage[] }>('GET', `/api/connections/${id}/usage${query}`, { signal });
  return data;
}
