/** How a process of the hub ends: on a signal, with its parent, or with one line of complaint. */

/** SIGINT or SIGTERM; or, for a child of `npm start`, the parent's death (its channel closes). */
export function untilStopped(): Promise<void> {
  return new Promise((resolve) => {
    // `npm start` ends its children in order, so a child does not take the terminal's Ctrl-C as meant for itself.
    process.on('SIGINT', () => {
      if (process.send === undefined) resolve();
    });
    process.on('SIGTERM', () => resolve());
    process.on('disconnect', () => resolve());
  });
}

/** One line per problem on stderr, and exit code 1. A stack trace helps nobody who mistyped a variable. */
export function complain(error: unknown): never {
  process.stderr.write(`${explain(error)}\n`);
  process.exit(1);
}

export function explain(error: unknown): string {
  const codes = chain(error).map((cause) => ('code' in cause ? String(cause.code) : ''));
  if (codes.includes('ENOSPC')) return 'The disk is full: free some space and start again.';
  if (codes.includes('EADDRINUSE'))
    return 'HUB_PORT: the port is taken by another program; stop it, or set HUB_PORT to a free one.';
  if (
    codes.some((code) => /^(ECONNREFUSED|ENOTFOUND|CONNECT_TIMEOUT|CONNECTION_CLOSED|EAI_AGAIN)$/.test(code))
  )
    return `DATABASE_URL: the database does not answer (${codes.find(Boolean) ?? ''}); check the address and that it runs.`;
  if (codes.includes('28P01') || codes.includes('28000'))
    return 'DATABASE_URL: the database refuses this user or password.';
  if (codes.includes('3D000')) return 'DATABASE_URL: there is no such database; create it first.';
  if (
    chain(error).some((cause) => cause.name === 'TransportError' || /Failed to connect/.test(cause.message))
  )
    return 'TEMPORAL_ADDRESS: Temporal does not answer there; check the address and that it runs.';
  return chain(error)[0]?.message ?? String(error);
}

function chain(error: unknown): Error[] {
  if (!(error instanceof Error)) return [];
  const inner = error instanceof AggregateError ? (error.errors as unknown[]).flatMap(chain) : [];
  return [error, ...inner, ...chain(error.cause)];
}
