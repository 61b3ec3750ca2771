/** The addresses of the page. hub/api/routes/page.ts answers each of them with it. Each page is loaded as it is opened. */
import {
  createRootRoute,
  createRoute,
  createRouter as create,
  lazyRouteComponent,
  Outlet,
} from '@tanstack/react-router';
import { Crashed, NotFound } from './pages/lost.tsx';
import { Shell } from './pages/shell.tsx';

const root = createRootRoute({ component: Outlet, notFoundComponent: NotFound, errorComponent: Crashed });

/** For those who are signed in. */
const inside = createRoute({ getParentRoute: () => root, id: 'inside', component: Shell });

type Asked<Names extends string> = { [Name in Names]?: string | undefined };

/** Of what an address asks for, the named texts. */
const text = (value: unknown) => (typeof value === 'string' && value !== '' ? value : undefined);

const catalogue = createRoute({
  getParentRoute: () => inside,
  path: '/',
  validateSearch: (search): Asked<'q' | 'category'> => ({
    q: text(search['q']),
    category: text(search['category']),
  }),
  component: lazyRouteComponent(() => import('./pages/catalogue.tsx'), 'Catalogue'),
});
const integration = createRoute({
  getParentRoute: () => inside,
  path: '/integrations/$id',
  component: lazyRouteComponent(() => import('./pages/integration.tsx'), 'IntegrationPage'),
});
const definition = createRoute({
  getParentRoute: () => inside,
  path: '/integrations/$id/definition',
  component: lazyRouteComponent(() => import('./pages/definition.tsx'), 'ChangeDefinition'),
});
const newDefinition = createRoute({
  getParentRoute: () => inside,
  path: '/add-integration',
  component: lazyRouteComponent(() => import('./pages/definition.tsx'), 'NewDefinition'),
});
const connections = createRoute({
  getParentRoute: () => inside,
  path: '/connections',
  validateSearch: (search): Asked<'q' | 'integrationId' | 'status' | 'userId' | 'cursor'> => ({
    q: text(search['q']),
    integrationId: text(search['integrationId']),
    status: text(search['status']),
    userId: text(search['userId']),
    cursor: text(search['cursor']),
  }),
  component: lazyRouteComponent(() => import('./pages/connections.tsx'), 'Connections'),
});
const connection = createRoute({
  getParentRoute: () => inside,
  path: '/connections/$id',
  validateSearch: (search): Asked<'tab'> => ({ tab: text(search['tab']) }),
  component: lazyRouteComponent(() => import('./pages/connection/page.tsx'), 'ConnectionPage'),
});
const connected = createRoute({
  getParentRoute: () => root,
  path: '/connected',
  validateSearch: (search): Asked<'connectionId' | 'status' | 'reason' | 'window'> => ({
    connectionId: text(search['connectionId']),
    status: text(search['status']),
    reason: text(search['reason']),
    window: text(search['window']),
  }),
  component: lazyRouteComponent(() => import('./pages/connected.tsx'), 'Connected'),
});
const webhooks = createRoute({
  getParentRoute: () => inside,
  path: '/webhooks',
  component: lazyRouteComponent(() => import('./pages/webhooks.tsx'), 'Webhooks'),
});
const webhook = createRoute({
  getParentRoute: () => inside,
  path: '/webhooks/$id',
  component: lazyRouteComponent(() => import('./pages/webhook.tsx'), 'WebhookPage'),
});
const links = createRoute({
  getParentRoute: () => inside,
  path: '/links',
  component: lazyRouteComponent(() => import('./pages/links.tsx'), 'Links'),
});
const people = createRoute({
  getParentRoute: () => inside,
  path: '/people',
  component: lazyRouteComponent(() => import('./pages/people.tsx'), 'People'),
});
const keys = createRoute({
  getParentRoute: () => inside,
  path: '/keys',
  component: lazyRouteComponent(() => import('./pages/keys.tsx'), 'Keys'),
});
const audit = createRoute({
  getParentRoute: () => inside,
  path: '/audit',
  validateSearch: (
    search,
  ): Asked<
    'connectionId' | 'integrationId' | 'actor' | 'action' | 'outcome' | 'from' | 'to' | 'order' | 'cursor'
  > => ({
    connectionId: text(search['connectionId']),
    integrationId: text(search['integrationId']),
    actor: text(search['actor']),
    action: text(search['action']),
    outcome: text(search['outcome']),
    from: text(search['from']),
    to: text(search['to']),
    order: text(search['order']),
    cursor: text(search['cursor']),
  }),
  component: lazyRouteComponent(() => import('./pages/audit/page.tsx'), 'Audit'),
});
const welcome = createRoute({
  getParentRoute: () => root,
  path: '/welcome',
  component: lazyRouteComponent(() => import('./pages/welcome.tsx'), 'Welcome'),
});
const linked = createRoute({
  getParentRoute: () => root,
  path: '/connect',
  component: lazyRouteComponent(() => import('./pages/linked.tsx'), 'Linked'),
});

const routeTree = root.addChildren([
  inside.addChildren([
    catalogue,
    integration,
    definition,
    newDefinition,
    connections,
    connection,
    webhooks,
    webhook,
    links,
    people,
    keys,
    audit,
  ]),
  connected,
  welcome,
  linked,
]);

export const createRouter = () =>
  create({
    routeTree,
    defaultPreload: 'intent',
    defaultPreloadStaleTime: 0,
    scrollRestoration: true,
    defaultErrorComponent: Crashed,
    defaultNotFoundComponent: NotFound,
  });
