/** The shapes of the audit log. */
import { Type } from 'typebox';
import { Order, Page } from './schemas.ts';

const Text = Type.Union([Type.String(), Type.Null()]);
const When = Type.Optional(Type.String({ format: 'date-time' }));
const Filter = {
  connectionId: Type.Optional(Type.String({ maxLength: 100 })),
  actor: Type.Optional(
    Type.String({
      maxLength: 200,
      description: 'Id of a user, a key, a client …; a user’s keys are found with it',
    }),
  ),
  action: Type.Optional(Type.String({ maxLength: 100 })),
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
    outcome: Type.Enum(['done', 'refused', 'failed', 'unknown'], {
      description: 'unknown: the process died before it could say',
    }),
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

export const AuditHead = Type.Object({
  sequence: Type.Integer(),
  hash: Type.String(),
  waiting: Type.Integer({ description: 'Written, and chained in a moment' }),
  underWay: Type.Integer({ description: 'Begun, and not ended' }),
});
