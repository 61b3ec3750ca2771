/** A crash loses at most this much of `lastUsed` and of usage. Milliseconds. */
export const USE_WRITTEN_EVERY_MS = 5_000;
