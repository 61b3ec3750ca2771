/** The connections that go out. */
import { Agent } from 'undici';
import { publicLookup } from './address.ts';
import { createConnector } from './stopwatch.ts';

/** @param connections to one origin at most */
export const createAgent = (allowPrivateNetwork: boolean, connections: number): Agent =>
  new Agent({
    connections,
    // A kept connection that the provider closed just now would make a sent request's outcome unknown.
    keepAliveTimeout: 2_000,
    keepAliveMaxTimeout: 10_000,
    connect: createConnector({
      timeout: 10_000,
      ...(allowPrivateNetwork ? {} : { lookup: publicLookup }),
    }),
  });
