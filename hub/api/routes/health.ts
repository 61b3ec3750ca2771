/** Is this process alive; can it do its work. */
import { Type } from 'typebox';
import type { Routes } from '../context.ts';

const Live = Type.Object({ status: Type.String() });
const Ready = Type.Object({ status: Type.String(), checks: Type.Record(Type.String(), Type.String()) });

export const addHealthRoutes: Routes = (app, { hub, lifecycle }) => {
  const schema = { security: [], tags: ['operation'] };
  const logLevel = 'warn' as const;

  app.get('/health/live', { logLevel, schema: { ...schema, response: { 200: Live } } }, () => ({
    status: 'live',
  }));

  app.get(
    '/health/ready',
    { logLevel, schema: { ...schema, response: { 200: Ready, 503: Ready } } },
    async (_request, reply) => {
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
    },
  );
};
