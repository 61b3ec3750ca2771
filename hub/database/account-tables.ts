/**
 * Who signs in, and the links by which people come in. `users`, `sessions`, `accounts` and `verifications` are
 * better-auth's models: it reads and writes them by the names of their properties.
 */
import { boolean, index, integer, jsonb, pgTable, text, uniqueIndex } from 'drizzle-orm/pg-core';
import { at } from './columns.ts';

type Role = 'admin' | 'operator' | 'builder';

export const users = pgTable('users', {
  /** Whose connections they work with: the `user_id` of connections, API keys and clients. */
  id: text('id').primaryKey(),
  name: text('name').notNull(),
  /** In lower case. */
  email: text('email').notNull().unique(),
  emailVerified: boolean('email_verified').notNull().default(false),
  image: text('image'),
  role: text('role').$type<Role>().notNull(),
  createdAt: at('created_at').notNull().defaultNow(),
  updatedAt: at('updated_at').notNull().defaultNow(),
});

/** A browser that signed in. */
export const sessions = pgTable(
  'browser_sessions',
  {
    id: text('id').primaryKey(),
    /** SHA-256 of what the cookie carries. */
    token: text('token_hash').notNull().unique(),
    userId: text('user_id')
      .notNull()
      .references(() => users.id, { onDelete: 'cascade' }),
    expiresAt: at('expires_at').notNull(),
    /** Not kept: better-auth wants the column. */
    ipAddress: text('ip_address'),
    userAgent: text('user_agent'),
    createdAt: at('created_at').notNull().defaultNow(),
    updatedAt: at('updated_at').notNull().defaultNow(),
  },
  (table) => [
    index('browser_sessions_by_user').on(table.userId),
    index('browser_sessions_by_expiry').on(table.expiresAt),
  ],
);

/** A way in of a user: a password (`credential`), or single sign-on (`oidc`). No token of the latter is kept. */
export const accounts = pgTable(
  'accounts',
  {
    id: text('id').primaryKey(),
    accountId: text('account_id').notNull(),
    providerId: text('provider_id').notNull(),
    userId: text('user_id')
      .notNull()
      .references(() => users.id, { onDelete: 'cascade' }),
    accessToken: text('access_token'),
    refreshToken: text('refresh_token'),
    idToken: text('id_token'),
    accessTokenExpiresAt: at('access_token_expires_at'),
    refreshTokenExpiresAt: at('refresh_token_expires_at'),
    scope: text('scope'),
    /** scrypt, with its salt. */
    password: text('password_hash'),
    createdAt: at('created_at').notNull().defaultNow(),
    updatedAt: at('updated_at').notNull().defaultNow(),
  },
  (table) => [
    uniqueIndex('accounts_once').on(table.providerId, table.accountId),
    index('accounts_by_user').on(table.userId),
  ],
);

/** better-auth's; nothing of the hub's writes it: the state of a single sign-on travels sealed in a cookie. */
export const verifications = pgTable(
  'verifications',
  {
    id: text('id').primaryKey(),
    identifier: text('identifier').notNull(),
    value: text('value').notNull(),
    expiresAt: at('expires_at').notNull(),
    createdAt: at('created_at').notNull().defaultNow(),
    updatedAt: at('updated_at').notNull().defaultNow(),
  },
  (table) => [index('verifications_by_identifier').on(table.identifier)],
);

/** Who may become a user: a link that works once. */
export const invitations = pgTable('invitations', {
  id: text('id').primaryKey(),
  /** SHA-256 of the link's token. */
  tokenHash: text('token_hash').notNull().unique(),
  role: text('role').$type<Role>().notNull(),
  /** In lower case; null: whoever has the link says their own. */
  email: text('email'),
  /** The id that the user will have; null: a new one. */
  userId: text('user_id'),
  /** Null: `npm start`, or the command line. */
  createdBy: text('created_by'),
  expiresAt: at('expires_at').notNull(),
  usedAt: at('used_at'),
  usedBy: text('used_by'),
  createdAt: at('created_at').notNull().defaultNow(),
});

/** Tries to sign in with one address that did not succeed lately, counted by all processes. */
export const signInFailures = pgTable(
  'sign_in_failures',
  {
    /** SHA-256 of the e-mail address, whether somebody has it or not. */
    emailHash: text('email_hash').primaryKey(),
    count: integer('count').notNull(),
    /** When counting begins anew. */
    until: at('until').notNull(),
  },
  (table) => [index('sign_in_failures_by_end').on(table.until)],
);

/** A link by which somebody without an account connects theirs, once. */
export const connectLinks = pgTable(
  'connect_links',
  {
    id: text('id').primaryKey(),
    /** SHA-256 of the link's token. */
    tokenHash: text('token_hash').notNull().unique(),
    integrationId: text('integration_id').notNull(),
    /** Whose the connection will be. */
    userId: text('user_id').notNull(),
    createdBy: text('created_by').notNull(),
    name: text('name'),
    /** Null: whoever opens the link says it. */
    config: jsonb('config').$type<Record<string, unknown>>(),
    /** What is asked for at the provider; null: what its app asks for. */
    scopes: text('scopes').array(),
    expiresAt: at('expires_at').notNull(),
    revokedAt: at('revoked_at'),
    /** When a browser took it; null: nobody did yet. */
    takenAt: at('taken_at'),
    /** SHA-256 of that browser's cookie: it alone may try again while nothing is connected. */
    browserHash: text('browser_hash'),
    connectionId: text('connection_id'),
    createdAt: at('created_at').notNull().defaultNow(),
  },
  (table) => [index('connect_links_by_user').on(table.userId, table.id)],
);
