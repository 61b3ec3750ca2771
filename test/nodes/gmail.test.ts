import { expect, it } from 'vitest';
import { binary } from '../setup/n8n.ts';
import { ME, SENDERS, SENT, original } from './gmail/answers.ts';
import { sendText, messages } from './gmail/messages.ts';
import { drafts, LABEL, labels, threads, custom } from './gmail/drafts-labels-threads.ts';
import { describeOperations, WAYS } from './operations.ts';

describeOperations(
  { node: 'hubGmail', integrationId: 'gmail' },
  [...messages, ...drafts, ...labels, ...threads, custom],
  ({ run, script, asked, search, options }) => {
    it.each(WAYS)('messages of a list come out in its order, asked for a few at a time (%s)', async (way) => {
      const ids = Array.from({ length: 12 }, (_one, index) => `m${index}`);
      await script([
        { method: 'GET', path: `${ME}/messages`, body: { messages: ids.map((one) => ({ id: one })) } },
        ...ids.map((one) => ({ method: 'GET', path: `${ME}/messages/${one}`, body: { id: one } })),
      ]);
      const { json } = await run(way, {
        parameters: {
          resource: 'message',
          operation: 'getAll',
          returnAll: true,
          simple: false,
          format: 'minimal',
        },
      });
      expect(json.map((one) => one['id'])).toEqual(ids);
      expect((await asked()).map(({ path }) => path).sort()).toEqual(
        [`${ME}/messages`, ...ids.map((one) => `${ME}/messages/${one}`)].sort(),
      );
    });

    it.each(WAYS)('a large message goes by the upload address, in its thread (%s)', async (way) => {
      const content = Buffer.alloc(3 * 1024 * 1024, 'x');
      await script([
        { ...original },
        SENDERS,
        { method: 'POST', path: `/upload${ME}/messages/send`, body: SENT },
      ]);
      const { error, json } = await run(way, {
        parameters: {
          resource: 'message',
          operation: 'reply',
          messageId: 'm1',
          emailType: 'text',
          message: 'Yes',
          options: { attachmentsUi: { attachmentsBinary: [{ property: 'data' }] } },
        },
        items: [{ json: {}, binary: { data: binary(content, 'big.bin', 'application/octet-stream') } }],
      });
      expect(error).toBeNull();
      expect(json).toEqual([SENT]);
      const call = (await asked()).at(-1);
      expect(call).toMatchObject({
        path: `/upload${ME}/messages/send`,
        query: { uploadType: 'multipart' },
        headers: { 'content-type': 'multipart/related; boundary="=_upload"' },
      });
      const { text } = call?.body as { text: string };
      expect(text.slice(0, 200)).toContain(
        '--=_upload\r\nContent-Type: application/json; charset=UTF-8\r\n\r\n{"threadId":"t1"}\r\n--=_upload\r\nContent-Type: message/rfc822\r\n\r\nTo: Jo',
      );
      expect(text.endsWith('\r\n--=_mixed--\r\n\r\n--=_upload--\r\n')).toBe(true);
      const file = text.split('filename="big.bin"')[1]?.split('\r\n\r\n')[1]?.split('--')[0] ?? '';
      expect(Buffer.from(file, 'base64').equals(content)).toBe(true);
    });

    it.each(WAYS)('a message too large for Gmail is refused here (%s)', async (way) => {
      await script([]);
      const content = Buffer.alloc(27 * 1024 * 1024);
      const { error } = await run(way, {
        parameters: sendText({ options: { attachmentsUi: { attachmentsBinary: [{ property: 'data' }] } } }),
        items: [{ json: {}, binary: { data: binary(content, 'big.bin', 'application/octet-stream') } }],
      });
      expect(error?.message).toBe('The message has 37 MB, Gmail takes 35 MB');
      expect(await asked()).toEqual([]);
    });

    it.each(WAYS)('lists to pick from (%s)', async (way) => {
      await script([
        {
          method: 'GET',
          path: `${ME}/labels`,
          body: {
            labels: [{ id: 'INBOX', name: 'INBOX', type: 'system' }, { id: 'Label_2', name: 'Zoo' }, LABEL],
          },
        },
        { method: 'GET', path: `${ME}/labels`, body: { labels: [LABEL, { id: 'Label_2', name: 'Zoo' }] } },
        SENDERS,
        {
          method: 'GET',
          path: `${ME}/threads/t1`,
          body: {
            messages: [
              { id: 'm1', snippet: 'Hello' },
              { id: 'm2', snippet: '' },
            ],
          },
        },
      ]);
      expect(await options(way, 'getLabels')).toEqual([
        { name: 'Bills', value: 'Label_1' },
        { name: 'Zoo', value: 'Label_2' },
        { name: 'INBOX', value: 'INBOX' },
      ]);
      expect(await search(way, 'searchLabels', {}, 'bil')).toEqual([{ name: 'Bills', value: 'Label_1' }]);
      expect(await options(way, 'getSenders')).toEqual([
        { name: 'Me, Myself (me@example.com)', value: 'me@example.com' },
        { name: 'Alias (alias@example.com)', value: 'alias@example.com' },
      ]);
      expect(
        await options(way, 'getThreadMessages', { resource: 'thread', operation: 'reply', threadId: 't1' }),
      ).toEqual([
        { name: 'Hello', value: 'm1' },
        { name: 'm2', value: 'm2' },
      ]);
    });
  },
);
