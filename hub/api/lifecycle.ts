/** What the API asks of the workflows. It sees this and not Temporal. */
import type { RefreshResult, RefreshWish } from '../oauth/refresh-result.ts';
import type { TestResult } from '../oauth/test.ts';
import type { OldHistories, Rotation } from '../rotation/rotation.ts';

export type Subject = {
  id: string;
  integrationId: string;
  userId: string;
  /** Whose reconnection is under way is told of what the user does. */
  statusReason?: { code: string } | null;
};
export type AuthorizationResult = { outcome: string; message: string };
export type VerificationResult = { outcome: string; message: string; retryAfterMs?: number };

/** Each method throws HubError TEMPORAL_UNAVAILABLE where the workflow service does not answer. */
export type Lifecycle = {
  /** Waits for the callback from now on; authorizations it takes the place of are told. */
  authorize: (subject: Subject, authorizationId: string, superseded: string[]) => Promise<void>;
  /** The callback will be in the database in a moment. Done also where the workflow service does not answer. */
  announceCallback: (connectionId: string, authorizationId: string) => Promise<void>;
  /** The callback is in the database. @returns how it ended; null: not within `waitMs`, it goes on by itself */
  completeAuthorization: (
    subject: Subject,
    authorizationId: string,
    waitMs: number,
  ) => Promise<AuthorizationResult | null>;
  verify: (subject: Subject, authorizationId: string) => Promise<VerificationResult>;
  /** Callers for the same connection share one refresh; @throws PROVIDER_UNAVAILABLE to one who waits in vain. */
  refresh: (subject: Subject, wish: Omit<RefreshWish, 'connectionId'>) => Promise<RefreshResult>;
  test: (subject: Subject) => Promise<TestResult>;
  /** Returns once the credentials can no longer be used here. */
  disconnect: (subject: Subject) => Promise<void>;
  /** Brings everything sealed under this process's first key, or joins a rotation under way, whatever its key is. */
  rotateKeys: () => Promise<Rotation>;
  /** The last one. Null: there was none that the workflow service still knows of. */
  findRotation: () => Promise<Rotation | null>;
  findOldHistories: () => Promise<OldHistories>;
  /** @throws where the workflow service does not answer */
  ping: () => Promise<void>;
};
