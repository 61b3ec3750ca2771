/** The shapes of the audit log. */
import { Type } from 'typebox';
import { LINK } from '../audit/chain.ts';
import { ListOf, Order, Page } from './schemas.ts';

const Text = Type.Union([Type.String(), Type.Null()]);
const When = Type.Optional(Type.String({ format: 'date-time' }));
const Outcome = Type.Enum(['done', 'refused', 'failed', 'unknown'], {
  description: 'unknown: the process died before it could say',
});
const Filter = {
  connectionId: Type.Optional(Type.String({ maxLength: 100 })),
  actor: Type.Optional(
    Type.String({
      maxLength: 200,
      description: 'Id of a user, a key, a client …; a user’s keys are found with it',
    }),
  ),
  action: Type.Optional(Type.String({ maxLength: 100 })),
  integrationId: Type.Optional(Type.String({ maxLength: 100 })),
  outcome: Type.Optional(Outcome),
  from: When,
  to: When,
};

export const AuditQuery = Type.Object({
  ...Filter,
  ...Page.properties,
  order: { ...Order, default: 'desc' },
});
export const AuditExport = Type.Object({
  ...Filter,
  after: Type.Optional(Type.Integer({ minimum: 0, description: 'The last `sequence` that you have' })),
  format: Type.Enum(['ndjson', 'csv'], { default: 'ndjson' }),
});

export const AuditEntry = Type.Object(
  {
    sequence: Type.Integer({ description: 'Without gaps, from 1' }),
    id: Type.String(),
    at: Type.String({ format: 'date-time', description: 'When it began' }),
    actor: Type.Object({
      kind: Type.Enum([
        'user',
        'api_key',
        'client',
        'connect_link',
        'browser',
        'nobody',
        'workflow',
        'command_line',
      ]),
      id: Text,
      userId: Text,
    }),
    action: Type.String({ description: 'A stable word to branch on' }),
    subject: Type.Object({ type: Type.String(), id: Text }),
    connectionId: Text,
    integrationId: Text,
    userId: Type.Union([Type.String(), Type.Null()], { description: 'Whose the subject is' }),
    outcome: Outcome,
    code: Type.Union([Type.String(), Type.Null()], { description: 'The code of the error, or of the event' }),
    address: Text,
    requestId: Type.Union([Type.String(), Type.Null()], { description: 'As `reqId` in the log' }),
    details: Type.Record(Type.String(), Type.Unknown(), {
      description: '`fields` names what else was sent; no secret is in it',
    }),
    hash: Type.String({ description: 'HMAC-SHA-256 over the entry and the hash before it' }),
  },
  { $id: 'AuditEntry' },
);

const Names = Type.Array(
  Type.Object({
    type: Type.Enum(['connection', 'user', 'key', 'client', 'link', 'webhook']),
    id: Type.String(),
    name: Type.String(),
  }),
  { description: 'What is there still, by the name that it has now; entries keep ids alone' },
);
export const AuditPage = Type.Object({ ...ListOf(AuditEntry).properties, names: Names });

const Unchained = {
  waiting: Type.Integer({ description: 'Written, and chained in a moment' }),
  underWay: Type.Integer({ description: 'Begun, and not ended' }),
};
export const AuditHead = Type.Object({ sequence: Type.Integer(), hash: Type.String(), ...Unchained });

const Noted = (description: string) =>
  Type.Optional(Type.String({ pattern: LINK.source, maxLength: 100, description }));
export const AuditVerification = Type.Object({
  after: Noted('`<sequence>:<hash>` of the `head` of an earlier answer: it goes on from there'),
  head: Noted('`<sequence>:<hash>` that was noted earlier, elsewhere: everything up to it must be there'),
});
export const AuditVerified = Type.Object({
  problem: Type.Union([Type.String(), Type.Null()], {
    description: 'The first thing that is wrong; null: nothing',
  }),
  checked: Type.Integer({ description: 'Entries that were looked at' }),
  head: Type.Object(
    { sequence: Type.Integer(), hash: Type.String() },
    { description: 'How far all is well' },
  ),
  complete: Type.Boolean({ description: 'false without a problem: ask again, with `after` this `head`' }),
  ...Unchained,
});
