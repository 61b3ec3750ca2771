/** What columns of many tables have in common. */
import { text, timestamp } from 'drizzle-orm/pg-core';
import type { Envelope } from '../vault/vault.ts';

export const at = (name: string) => timestamp(name, { withTimezone: true, precision: 3 });

/**
 * An envelope of the vault, at the place `<table>/<id of the row>/<name after sealed_>`. Whatever is declared so is
 * counted, and rewrapped when keys are changed (hub/database/sealed.ts).
 */
export const sealed = (name: `sealed_${string}`) => text(name).$type<Envelope>();
