import type { Config } from 'drizzle-kit';

// `npx drizzle-kit generate` writes the migration for a change of the schema; `hub migrate` applies it.
export default {
  dialect: 'postgresql',
  schema: './database/schema.ts',
  out: './database/migrations',
} satisfies Config;
