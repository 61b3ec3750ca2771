/** Is this process alive; can it do its work. */
import type { Routes } from '../context.ts';

export const addHealthRoutes: Routes = (app, { hub, lifecycle }) => {
  const open = { schema: { security: [], tags: ['operation'] }, logLevel: 'warn' as const };

  app.get('/health/live', open, () => ({ status: 'live' }));

  app.get('/health/ready', open, async (_request, reply) => {
    const checks = { database: hub.db.ping(), temporal: lifecycle.ping() };
    const states = await Promise.all(
      Object.entries(checks).map(
        async ([name, check]) =>
          [
            name,
            await check.then(
              () => 'ok',
              () => 'unavailable',
            ),
          ] as const,
      ),
    );
    const ready = states.every(([, state]) => state === 'ok');
    return reply
      .status(ready ? 200 : 503)
      .send({ status: ready ? 'ready' : 'unavailable', checks: Object.fromEntries(states) });
  });
};
