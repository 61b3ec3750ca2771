/** The shapes of users, invitations and connect links. */
import { Type } from 'typebox';
import { PASSWORD } from '../accounts/accounts.ts';
import { AuthType, Nullable, Role, Time } from './schemas.ts';

const Closed = { additionalProperties: false };
const Email = Type.String({ format: 'email', maxLength: 254 });
const Name = Type.String({ minLength: 1, maxLength: 200, pattern: '\\S' });
const Secret = Type.String({ minLength: 1, maxLength: 200 });
const Lasts = (fallback: string, description: string) =>
  Type.String({ pattern: '^\\d{1,6}(ms|s|m|h|d)$', default: fallback, description });

export const Me = Type.Object({
  user: Type.Object({
    id: Type.String({ description: 'Whose connections these are: a connection’s userId' }),
    name: Type.String({ description: 'With an API key: the key’s' }),
    email: Nullable(Type.String()),
    role: Role,
  }),
  via: Type.Enum(['session', 'api_key']),
});

export const SignInMethods = Type.Object({
  password: Type.Boolean(),
  oidc: Nullable(Type.Object({ name: Type.String() })),
});

export const User = Type.Object({
  id: Type.String(),
  name: Type.String(),
  email: Type.String(),
  role: Role,
  createdAt: Time,
});
export const SignedIn = Type.Object({
  redirect: Type.Boolean(),
  user: Type.Omit(User, ['createdAt']),
});
/** better-auth's own: told, not serialised. */
export const Session = Type.Unknown({
  description: 'null, or {session: {id, userId, expiresAt, …}, user: {id, name, email, role, …}}',
});
export const SignedOut = Type.Object({ success: Type.Boolean() });
export const SignOn = Type.Object({
  url: Type.String({ description: 'Where to send the browser' }),
  redirect: Type.Boolean(),
});
export const SignedUser = Type.Object({ user: Type.Omit(User, ['createdAt']) });
export const UserChange = Type.Object(
  { name: Type.Optional(Name), role: Type.Optional(Role) },
  { ...Closed, minProperties: 1 },
);

export const Welcome = Type.Object(
  {
    token: Secret,
    name: Name,
    email: Email,
    password: Type.String({ minLength: PASSWORD.least, maxLength: PASSWORD.most }),
  },
  Closed,
);
export const Token = Type.Object({ token: Secret }, Closed);

export const NewInvitation = Type.Object(
  {
    email: Type.Optional(
      Type.String({
        ...Email,
        description:
          'Only this address may use it, by the link or by single sign-on; none: whoever has the link',
      }),
    ),
    role: Role,
    userId: Type.Optional(
      Type.String({
        pattern: '^[!-.0-~]{1,64}$',
        description: 'The id the user will have: of API keys and connections that are theirs already',
      }),
    ),
    expiresIn: Lasts('7d', 'How long the link is good, 90 days at most'),
  },
  Closed,
);
export const Invitation = Type.Object({
  id: Type.String(),
  email: Nullable(Type.String()),
  role: Role,
  userId: Nullable(Type.String()),
  expiresAt: Time,
  createdAt: Time,
});
export const MadeInvitation = Type.Object({
  ...Invitation.properties,
  url: Type.String({ description: 'The link, the only time it is seen' }),
});
export const OpenInvitation = Type.Object({
  email: Nullable(Type.String()),
  role: Role,
  expiresAt: Time,
  password: Type.Object(
    { least: Type.Integer(), most: Type.Integer() },
    { description: 'How many characters it has' },
  ),
});

export const NewConnectLink = Type.Object(
  {
    integrationId: Type.String({ maxLength: 64 }),
    userId: Type.Optional(
      Type.String({
        minLength: 1,
        maxLength: 200,
        description: 'Whose the connection will be; an admin names others',
      }),
    ),
    expiresIn: Lasts('7d', 'How long the link is good, 90 days at most'),
    name: Type.Optional(Name),
    config: Type.Optional(Type.Record(Type.String(), Type.Unknown())),
    scopes: Type.Optional(
      Type.Array(Type.String({ maxLength: 200 }), {
        minItems: 1,
        maxItems: 200,
        uniqueItems: true,
        description: 'Some of those that the integration’s app asks for',
      }),
    ),
  },
  Closed,
);
export const LinkState = Type.Enum(['open', 'used', 'expired', 'revoked']);
export const ConnectLink = Type.Object({
  id: Type.String(),
  integrationId: Type.String(),
  userId: Type.String(),
  name: Nullable(Type.String()),
  config: Nullable(Type.Record(Type.String(), Type.Unknown())),
  scopes: Nullable(Type.Array(Type.String())),
  status: LinkState,
  connectionId: Nullable(Type.String()),
  expiresAt: Time,
  createdAt: Time,
});
export const MadeConnectLink = Type.Object({
  ...ConnectLink.properties,
  url: Type.String({ description: 'The link, the only time it is seen' }),
});

/** What somebody without an account sees. */
export const OpenConnectLink = Type.Object({
  status: LinkState,
  expiresAt: Time,
  name: Nullable(Type.String()),
  integration: Type.Object({
    id: Type.String(),
    name: Type.String(),
    description: Type.String(),
    category: Type.String(),
    logo: Type.String(),
    authTypes: Type.Array(AuthType),
    credentialSchemas: Type.Record(Type.String(), Type.Unknown()),
    configSchema: Nullable(Type.Record(Type.String(), Type.Unknown())),
    docsUrl: Type.String(),
    sandbox: Type.Boolean(),
    configured: Type.Boolean(),
  }),
  scopes: Type.Array(Type.String()),
  connection: Nullable(
    Type.Object({
      status: Type.Enum(['connected', 'disconnected', 'error']),
      reason: Nullable(Type.String()),
      message: Nullable(Type.String()),
      account: Nullable(Type.String()),
    }),
  ),
});
export const LinkedConnection = Type.Object(
  {
    authType: Type.Optional(AuthType),
    credentials: Type.Optional(Type.Record(Type.String(), Type.Unknown())),
    config: Type.Optional(Type.Record(Type.String(), Type.Unknown())),
    returnUrl: Type.Optional(Type.String({ maxLength: 2000 })),
  },
  Closed,
);
export const StartedConnection = Type.Object({
  connection: Type.Object({ status: Type.String(), account: Nullable(Type.String()) }),
  authorization: Nullable(Type.Object({ url: Type.String(), expiresAt: Time })),
});
