/** What is asked of the API, and under which name it is kept. */
import { queryOptions, useMutation, useQuery, type QueryKey } from '@tanstack/react-query';
import { useRef } from 'react';
import { call, Problem, queryOf } from './client.ts';
import { noteSignedIn } from './session.ts';
import type * as api from './types.ts';

export const me = queryOptions({
  queryKey: ['me'],
  queryFn: async ({ signal }) => {
    const found = await call<api.Me>('GET', '/api/me', { signal });
    noteSignedIn();
    return found;
  },
  staleTime: Infinity,
  retry: (count, error) => !(error instanceof Problem && error.status === 401) && count < 2,
});

/** Of whoever is signed in: the page is only shown to somebody. */
export function useMe(): api.Me['user'] {
  const { data } = useQuery(me);
  if (!data) throw new Error('nobody is signed in');
  return data.user;
}

export const hub = queryOptions({
  queryKey: ['hub'],
  queryFn: ({ signal }) => call<api.Hub>('GET', '/api/hub', { signal }),
  staleTime: Infinity,
});

export const integrations = queryOptions({
  queryKey: ['integrations'],
  // The whole catalogue: it is searched as one types.
  queryFn: ({ signal }) =>
    call<api.ListOf<api.Integration>>('GET', '/api/integrations?limit=200', { signal }),
  staleTime: 60_000,
});

export const app = (integrationId: string) =>
  queryOptions({
    queryKey: ['app', integrationId],
    queryFn: ({ signal }) =>
      orNull(call<api.App>('GET', `/api/integrations/${encodeURIComponent(integrationId)}/app`, { signal })),
  });

export const definition = (integrationId: string) =>
  queryOptions({
    queryKey: ['definition', integrationId],
    queryFn: ({ signal }) =>
      orNull(
        call<object>('GET', `/api/integrations/${encodeURIComponent(integrationId)}/definition`, { signal }),
      ),
    // What somebody is in the middle of changing does not change under their hands.
    staleTime: Infinity,
    gcTime: 0,
  });

type ConnectionFilter = {
  integrationId?: string | undefined;
  status?: string | undefined;
  userId?: string | undefined;
  q?: string | undefined;
  cursor?: string | undefined;
  limit?: number;
};

export const connections = (filter: ConnectionFilter) =>
  queryOptions({
    queryKey: ['connections', filter],
    queryFn: ({ signal }) =>
      call<api.ListOf<api.Connection>>('GET', `/api/connections${queryOf({ order: 'desc', ...filter })}`, {
        signal,
      }),
  });

export const connection = (id: string) =>
  queryOptions({
    queryKey: ['connection', id],
    queryFn: ({ signal }) =>
      call<api.Connection>('GET', `/api/connections/${encodeURIComponent(id)}`, { signal }),
  });

export const list = <T>(key: QueryKey, path: string) =>
  queryOptions({ queryKey: key, queryFn: ({ signal }) => call<api.ListOf<T>>('GET', path, { signal }) });

export const keys = list<api.Key>(['keys'], '/api/keys?limit=200');
export const users = list<api.User>(['users'], '/api/users?limit=200');
export const invitations = list<api.Invitation>(['invitations'], '/api/invitations?limit=200');
export const connectLinks = list<api.ConnectLink>(['connect-links'], '/api/connect-links?limit=200');
export const webhooks = list<api.Webhook>(['webhooks'], '/api/webhooks?limit=200');

// The audit log tells nobody of its entries: where it ends is looked at now and then.
const LOOK_AT_AUDIT_MS = 5_000;
export const auditHead = queryOptions({
  queryKey: ['audit-head'],
  queryFn: ({ signal }) => call<api.AuditHead>('GET', '/api/audit/head', { signal }),
  refetchInterval: LOOK_AT_AUDIT_MS,
});

/** A change, as the API is asked for it. While one is under way another press is none: two quick ones are one. */
export function useChange<Given, Answer>(
  ask: (given: Given) => Promise<Answer>,
  onSuccess?: (answer: Answer, given: Given) => unknown,
) {
  // `isPending` is drawn too late for the second press.
  const isBusy = useRef(false);
  const mutation = useMutation<Answer, Error, Given>({
    mutationFn: ask,
    onSettled: () => {
      isBusy.current = false;
    },
    ...(onSuccess ? { onSuccess: (answer, given) => onSuccess(answer, given) } : {}),
  });
  const mutate = (given: Given) => {
    if (isBusy.current) return;
    isBusy.current = true;
    mutation.mutate(given);
  };
  return { ...mutation, mutate };
}

/** What is not there, or not for this user, is null. */
export async function orNull<T>(asked: Promise<T>): Promise<T | null> {
  return asked.catch((error: unknown) => {
    if (error instanceof Problem && (error.status === 404 || error.status === 403)) return null;
    throw error;
  });
}
