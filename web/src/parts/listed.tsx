/** A list that is being fetched, could not be, is empty, or is there. */
import type { UseQueryResult } from '@tanstack/react-query';
import type { ReactNode } from 'react';
import type { ListOf } from '../api/types.ts';
import { Loading, Skeleton, Trouble } from './basics.tsx';

type Props<Row> = {
  query: UseQueryResult<ListOf<Row>>;
  empty: ReactNode;
  children: (rows: Row[]) => ReactNode;
};

export function Listed<Row>({ query: { data, error, refetch }, empty, children }: Props<Row>) {
  if (data)
    return data.data.length > 0 ? (
      children(data.data)
    ) : (
      <div className="rounded-lg border border-line bg-panel">{empty}</div>
    );
  if (error) return <Trouble error={error} again={refetch} />;
  return (
    <>
      <Loading />
      <Skeleton className="h-48 rounded-lg" />
    </>
  );
}
