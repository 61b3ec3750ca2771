import { defineConfig } from 'vitest/config';

export default defineConfig({
  test: {
    include: ['test/**/*.test.ts'],
    exclude: ['test/real-n8n/**'],
    pool: 'forks',
    // Each file may have workers of its own; more at once than cores only makes all of them slow.
    maxWorkers: 2,
    globalSetup: ['test/setup/servers.ts'],
    testTimeout: 60_000,
    hookTimeout: 60_000,
    // What is waited for is an event, not a time: this is only when to stop hoping.
    expect: { poll: { timeout: 20_000, interval: 50 } },
    reporters: ['default', './test/setup/count-reporter.ts'],
  },
});
