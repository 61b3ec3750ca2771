/** How the hub does, in Prometheus' text. Like /health it needs no key; it names nobody. */
import type { Routes } from '../context.ts';

export const addMetrics: Routes = (app, { metrics }) => {
  app.addHook('onResponse', (request, reply, done) => {
    // A path that no route has may be anything, an id among it.
    const route = request.routeOptions.url ?? 'none';
    metrics.observe({ method: request.method, route, status: reply.statusCode }, reply.elapsedTime / 1000);
    done();
  });

  app.get('/metrics', { logLevel: 'warn', schema: { hide: true } }, async (_request, reply) =>
    reply
      .type(metrics.contentType)
      .header('cache-control', 'no-store')
      .send(await metrics.text()),
  );
};
