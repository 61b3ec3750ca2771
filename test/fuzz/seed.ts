/**
 * One seed for all properties of a run, so that a change is never refused for what it has nothing to do with;
 * HUB_FUZZ_SEED tries another.
 */
import fc from 'fast-check';

export const SEED = Number(process.env['HUB_FUZZ_SEED'] ?? 20_260_101);

fc.configureGlobal({ seed: SEED });
