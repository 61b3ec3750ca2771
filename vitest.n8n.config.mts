/** Tests that need a full n8n and a browser: `npm run test:n8n`. */
import { defineConfig, mergeConfig } from 'vitest/config';
import base from './vitest.config.mts';

const config = mergeConfig(base, defineConfig({ test: { testTimeout: 180_000, hookTimeout: 600_000 } }));
config.test = {
  ...config.test,
  include: ['test/real-n8n/**/*.test.ts'],
  exclude: [],
  maxWorkers: 1,
  // The steps of a file build on each other.
  bail: 1,
};
export default config;
