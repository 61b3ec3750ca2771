/** Encryption keys: where they stand, and their rotation. Ids and counts; a key is shown to nobody. */
import { Type } from 'typebox';
import { concerns } from '../audit.ts';
import { requires } from '../auth.ts';
import { Nullable, Time } from '../schemas.ts';
import type { Routes } from '../context.ts';
import { readKeyStanding } from '../../rotation/standing.ts';
import type { Rotation as FoundRotation } from '../../rotation/rotation.ts';

const Counts = Type.Record(Type.String(), Type.Integer());

const Process = Type.Object({
  name: Type.String(),
  sealsWith: Type.String(),
  opens: Type.Array(Type.String()),
});
const OldHistories = Type.Object({ open: Type.Integer(), since: Time, keptMs: Nullable(Type.Number()) });
const Unopened = Type.Object({
  column: Type.String(),
  id: Type.String(),
  keyId: Nullable(Type.String()),
  why: Type.Union([Type.Literal('damaged'), Type.Literal('key_missing')]),
});
const Common = {
  keyId: Type.String(),
  round: Type.Integer(),
  rewrapped: Counts,
  values: Type.Record(Type.String(), Counts),
  unopened: Type.Object({ count: Type.Integer(), places: Type.Array(Unopened) }),
  unready: Type.Array(Process),
};
const Rotation = Type.Object({
  workflowId: Type.String(),
  runId: Type.String(),
  startedAt: Time,
  endedAt: Nullable(Time),
  status: Type.Union([Type.Literal('running'), Type.Literal('ended'), Type.Literal('failed')]),
  progress: Nullable(Type.Object({ ...Common, phase: Type.String() })),
  result: Nullable(
    Type.Object({
      ...Common,
      outcome: Type.Union([Type.Literal('verified'), Type.Literal('not_verified'), Type.Literal('refused')]),
      oldHistories: Nullable(OldHistories),
      othersMayGo: Type.Boolean(),
    }),
  ),
});
const Encryption = Type.Object({
  keyId: Type.String(),
  keys: Type.Array(
    Type.Object({
      id: Type.String(),
      state: Type.Union([Type.Literal('first'), Type.Literal('old'), Type.Literal('missing')]),
      values: Type.Integer(),
      columns: Counts,
    }),
  ),
  processes: Type.Array(Process),
  oldHistories: OldHistories,
  rotation: Nullable(Rotation),
  othersMayGo: Type.Boolean(),
});

export const addEncryptionRoutes: Routes = (app, { hub, lifecycle }) => {
  const preHandler = requires(hub.db, 'encryption:write');
  const tags = ['operation'];

  app.get('/api/encryption', { preHandler, schema: { tags, response: { 200: Encryption } } }, async () => {
    const standing = await readKeyStanding(hub, lifecycle);
    return { ...standing, rotation: standing.rotation && show(standing.rotation) };
  });

  app.post(
    '/api/encryption/rotate',
    {
      preHandler,
      config: { audit: { action: 'encryption.rotate' } },
      schema: { tags, response: { 202: Rotation } },
    },
    async (request, reply) => {
      // The key that everything is brought under.
      concerns(request, { subjectId: hub.vault.keyIds()[0] ?? null });
      return reply.status(202).send(show(await lifecycle.rotateKeys()));
    },
  );
};

const show = ({ startedAt, endedAt, ...rotation }: FoundRotation) => ({
  ...rotation,
  startedAt: startedAt.toISOString(),
  endedAt: endedAt?.toISOString() ?? null,
});
