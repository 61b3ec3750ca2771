/**
 * Links that carry a secret. It stands behind the `#`: browsers send that part to no server, so it is in no access
 * log and in no Referer.
 */
export const invitationUrl = (publicUrl: string, token: string) => `${publicUrl}/welcome#token=${token}`;
export const connectUrl = (publicUrl: string, token: string) => `${publicUrl}/connect#token=${token}`;
