/** What the API answers, by the schemas that the hub itself answers with. Types only: nothing of it is bundled. */
import type { Static } from 'typebox';
import type * as accounts from '../../../hub/api/account-schemas.ts';
import type * as audit from '../../../hub/api/audit-schemas.ts';
import type * as schemas from '../../../hub/api/schemas.ts';

export type Integration = Static<typeof schemas.Integration>;
export type Connection = Static<typeof schemas.Connection>;
export type Started = Static<typeof schemas.ConnectionWithAuthorization>;
export type TestResult = Static<typeof schemas.TestResult>;
export type CallAnswer = Static<typeof schemas.CallAnswer>;
export type TracedRequest = Static<typeof schemas.TracedRequest>;
export type HubEvent = Static<typeof schemas.Event>;
export type App = Static<typeof schemas.App>;
export type AppTest = Static<typeof schemas.AppTest>;
export type IntegrationTest = Static<typeof schemas.IntegrationTest>;
export type Hub = Static<typeof schemas.HubFacts>;
export type Key = Static<typeof schemas.Key>;
export type CreatedKey = Static<typeof schemas.CreatedKey>;
export type Role = Static<typeof schemas.Role>;
export type Webhook = Static<typeof schemas.Webhook>;
export type CreatedWebhook = Static<typeof schemas.CreatedWebhook>;
export type RotatedSecret = Static<typeof schemas.RotatedSecret>;
export type Delivery = Static<typeof schemas.Delivery>;

export type { Action } from '../../../hub/audit/actions.ts';
export type AuditEntry = Static<typeof audit.AuditEntry>;
export type AuditPage = Static<typeof audit.AuditPage>;
export type AuditHead = Static<typeof audit.AuditHead>;
export type AuditVerified = Static<typeof audit.AuditVerified>;

export type Me = Static<typeof accounts.Me>;
export type SignInMethods = Static<typeof accounts.SignInMethods>;
export type User = Static<typeof accounts.User>;
export type Invitation = Static<typeof accounts.Invitation>;
export type MadeInvitation = Static<typeof accounts.MadeInvitation>;
export type OpenInvitation = Static<typeof accounts.OpenInvitation>;
export type ConnectLink = Static<typeof accounts.ConnectLink>;
export type MadeConnectLink = Static<typeof accounts.MadeConnectLink>;
export type OpenConnectLink = Static<typeof accounts.OpenConnectLink>;
export type StartedByLink = Static<typeof accounts.StartedConnection>;

export type ListOf<T> = { data: T[]; nextCursor: string | null };

/** A list that the hub may not have yet, or not for this user: then null. */
export type Usage = {
  start: string;
  calls: number;
  errors: number;
  p50Ms: number | null;
  p95Ms: number | null;
};
