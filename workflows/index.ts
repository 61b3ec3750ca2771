/** The bundle's one entry: each exported function is a workflow type, under the name an operator reads. */
export { authorizeConnection } from './authorize-connection.ts';
export { deliverWebhook } from './deliver-webhook.ts';
export { disconnectConnection } from './disconnect-connection.ts';
export { reconnectConnection } from './reconnect-connection.ts';
export { refreshCredentials } from './refresh-credentials.ts';
export { rollUpUsage } from './roll-up-usage.ts';
export { rotateEncryptionKey } from './rotate-encryption-key.ts';
export { healthSweep, refreshSweep } from './sweeps.ts';
export { testConnection } from './test-connection.ts';
export { verifyCredentials } from './verify-credentials.ts';
