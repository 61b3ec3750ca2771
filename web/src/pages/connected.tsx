/**
 * Where a provider's consent ends. In a window of its own it tells the page that opened it and closes; where the
 * whole page went to the provider, it says here how it went.
 */
import { useQuery } from '@tanstack/react-query';
import { Link, useSearch } from '@tanstack/react-router';
import { useEffect } from 'react';
import { call } from '../api/client.ts';
import { connection as connectionOf, integrations } from '../api/queries.ts';
import { CHANNEL, outcomeOf } from '../connect/flow.ts';
import { Done, Failed, Progress } from '../connect/progress.tsx';
import type { Connection } from '../api/types.ts';
import { buttonLook, Skeleton, Trouble } from '../parts/basics.tsx';
import { Card } from '../parts/card.tsx';
import { t } from '../texts.ts';

export function Connected() {
  const { connectionId = '', window: isWindow } = useSearch({ from: '/connected' });
  useEffect(() => {
    if (isWindow === undefined) return;
    const channel = new BroadcastChannel(CHANNEL);
    channel.postMessage(connectionId);
    channel.close();
    window.close();
  }, [isWindow, connectionId]);
  const { data, error } = useQuery({ ...connectionOf(connectionId), enabled: connectionId !== '' });
  const { data: catalogue } = useQuery(integrations);
  const name = catalogue?.data.find(({ id }) => id === data?.integrationId)?.name ?? data?.name ?? '';
  return (
    <Card title={isWindow === undefined && name !== '' ? t.connect.title(name) : t.connections.title}>
      {isWindow !== undefined ? (
        <p>{t.connect.finished}</p>
      ) : error ? (
        <>
          <Trouble error={error} />
          <Link to="/" className={buttonLook('plain', 'mt-4')}>
            {t.goHome}
          </Link>
        </>
      ) : data ? (
        <Outcome connection={data} name={name} />
      ) : (
        <Skeleton className="h-32" />
      )}
    </Card>
  );
}

function Outcome({ connection, name }: { connection: Connection; name: string }) {
  const { data: flow } = useQuery({
    queryKey: ['first-test', connection.id, connection.credentials?.version],
    queryFn: () => outcomeOf(connection),
    staleTime: Infinity,
  });
  if (flow?.at === 'done') return <Done connection={flow.connection} test={flow.test} name={name} />;
  if (flow?.at !== 'failed') return <Progress at="testing" name={name} />;
  const again = async () => {
    const body = { returnUrl: `${location.origin}/connected` };
    const { authorization } = await call<{ authorization: { url: string } | null }>(
      'POST',
      `/api/connections/${connection.id}/reconnect`,
      { body },
    );
    if (authorization) location.assign(authorization.url);
  };
  return (
    <Failed connection={connection} name={name} again={() => void again()}>
      <Link to="/" className={buttonLook()}>
        {t.goHome}
      </Link>
    </Failed>
  );
}
