/** What leaves the hub for other programs: cells that no spreadsheet runs, and messages that anybody's library verifies. */
import { createHmac } from 'node:crypto';
import { parse } from 'csv-parse/sync';
import fc from 'fast-check';
import { Webhook } from 'standardwebhooks';
import { describe, expect, it } from 'vitest';
import { csvOf } from '../../hub/csv.ts';
import type { EventRow } from '../../hub/database/events.ts';
import { newSecret, rotated, signedMessage } from '../../hub/notifications/signing.ts';
import './seed.ts';

const FORMULA = /^[=+\-@\t\r\n＝＋－＠]/;
const cell = fc.oneof(
  fc.string({ unit: 'binary', maxLength: 20 }).map((text) => text.toWellFormed()),
  fc
    .tuple(
      fc.constantFrom('=', '+', '-', '@', '\t', '\r', '\n', '＝', '＋', '－', '＠', '"', "'", ','),
      fc.constantFrom('', '1+1', 'HYPERLINK("http://x")', "cmd|' /C calc'!A0", '\n=1', '"'),
    )
    .map((parts) => parts.join('')),
);

describe('CSV', () => {
  it('has no cell that begins like a formula, whatever is in it, and loses nothing of it', () => {
    fc.assert(
      fc.property(fc.array(fc.tuple(cell, cell, fc.integer()), { minLength: 1, maxLength: 5 }), (rows) => {
        const csv = csvOf(
          rows.map(([a, b, n]) => ({ a, b, n })),
          ['a', 'b', 'n'],
        );
        const read: string[][] = parse(csv, { relax_column_count: false, record_delimiter: '\n' });
        expect(read).toHaveLength(rows.length);
        for (const [at, [a, b, n]] of rows.entries()) {
          for (const [given, shown] of [
            [a, read[at]?.[0]],
            [b, read[at]?.[1]],
          ]) {
            expect(shown).not.toMatch(FORMULA);
            expect(shown).toBe(FORMULA.test(given ?? '') ? `'${given}` : given);
          }
          // A number is none.
          expect(read[at]?.[2]).toBe(String(n));
        }
      }),
      { numRuns: 500 },
    );
  });
});

const text = fc.string({ unit: 'binary', maxLength: 60 });
const event: fc.Arbitrary<EventRow> = fc.record({
  ...{ id: text, type: text, connectionId: text, integrationId: text, userId: text },
  at: fc.date({ noInvalidDate: true, min: new Date(0), max: new Date('9999-01-01') }),
  sequence: fc.nat(),
  ...{ reason: fc.option(text), workflowId: fc.option(text), runId: fc.option(text) },
}) as fc.Arbitrary<unknown> as fc.Arbitrary<EventRow>;
const messageId = fc.uuid();

describe('a message of a webhook', () => {
  const now = new Date();
  // As it goes out: the egress door writes the same value once more.
  const sent = (one: EventRow, id: string, secrets = [newSecret()]) => {
    const { body, headers } = signedMessage(id, one, secrets, now);
    return { wire: JSON.stringify(body), headers, secrets };
  };

  it('is verified by the specification’s own library and by its text, whatever the event holds', () => {
    fc.assert(
      fc.property(event, messageId, (one, id) => {
        const { wire, headers, secrets } = sent(one, id, rotated([newSecret()], now, 60_000));
        expect(secrets).toHaveLength(2);
        for (const { secret } of secrets)
          expect(new Webhook(secret).verify(wire, headers)).toEqual(JSON.parse(wire));
        // https://github.com/standard-webhooks/standard-webhooks/blob/main/spec/standard-webhooks.md
        const signatures = secrets.map(({ secret }) => {
          const key = Buffer.from(secret.replace('whsec_', ''), 'base64');
          const signed = `${id}.${headers['webhook-timestamp']}.${wire}`;
          return `v1,${createHmac('sha256', key).update(signed).digest('base64')}`;
        });
        expect(headers['webhook-signature']).toBe(signatures.join(' '));
      }),
      { numRuns: 300 },
    );
  });

  it('is verified no more where one byte, the id, the time or the secret is another', () => {
    fc.assert(
      fc.property(event, messageId, fc.nat(), (one, id, at) => {
        const { wire, headers, secrets } = sent(one, id);
        const webhook = new Webhook(secrets[0]?.secret ?? '');
        const bytes = Buffer.from(wire);
        bytes[at % bytes.length]! ^= 1;
        const later = String(Number(headers['webhook-timestamp']) + 1);
        for (const forged of [
          () => webhook.verify(bytes, headers),
          () => webhook.verify(wire, { ...headers, 'webhook-id': `${id}0` }),
          () => webhook.verify(wire, { ...headers, 'webhook-timestamp': later }),
          () => new Webhook(newSecret().secret).verify(wire, headers),
        ])
          expect(forged).toThrow();
      }),
      { numRuns: 200 },
    );
  });
});
