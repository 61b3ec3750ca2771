import { describe, expect, it } from 'vitest';
import { calendars, contacts, custom } from './outlook/calendars-contacts.ts';
import { attachments, drafts } from './outlook/drafts-attachments.ts';
import { events } from './outlook/events.ts';
import { folders } from './outlook/folders.ts';
import { messages } from './outlook/messages.ts';
import { answer, got, listed, message, picked } from './outlook/shapes.ts';
import { attached, bigItems, send, sending, started, withFile } from './outlook/sending.ts';
import { describeOperations, WAYS } from './operations.ts';

describeOperations(
  { node: 'hubOutlook', integrationId: 'outlook' },
  [
    ...messages,
    ...sending,
    ...drafts,
    ...attachments,
    ...folders,
    ...events,
    ...calendars,
    ...contacts,
    custom,
  ],
  ({ run, script, asked, search, options, sandbox }) => {
    describe.each(WAYS)('lists to pick from (%s)', (way) => {
      it('messages, drafts, events and contacts, and what a word finds', async () => {
        await script([
          listed('/me/messages', [{ id: 'm1', subject: 'Offer', webLink: 'https://outlook.example/m1' }], {
            '@odata.nextLink': '{{api}}/me/messages?$skip=50',
          }),
          listed('/me/mailFolders/drafts/messages', [{ id: 'd1', subject: '' }]),
          listed('/me/events', [
            { id: 'e1', subject: 'Planning', start: { dateTime: '2026-03-10T09:00:00' } },
          ]),
          listed('/me/contacts', [
            { id: 'k1', displayName: 'Jo' },
            { id: 'k2', displayName: '', emailAddresses: [{ address: 'max@example.com' }] },
          ]),
        ]);
        expect(await search(way, 'searchMessages', {}, "jo's")).toEqual([
          { name: 'Offer', value: 'm1', url: 'https://outlook.example/m1' },
        ]);
        expect(await search(way, 'searchDrafts')).toEqual([{ name: '(no subject)', value: 'd1' }]);
        expect(await search(way, 'searchEvents')).toEqual([{ name: 'Planning (2026-03-10)', value: 'e1' }]);
        expect(await search(way, 'searchContacts', {}, 'J')).toEqual([
          { name: 'Jo', value: 'k1' },
          { name: 'max@example.com', value: 'k2' },
        ]);
        expect((await asked()).map(({ query }) => query)).toEqual([
          { $select: 'id,subject,webLink', $top: '50', $filter: "contains(subject,'jo''s')" },
          { $select: 'id,subject,webLink', $top: '50' },
          { $select: 'id,subject,start,webLink', $top: '50', $orderby: 'start/dateTime desc' },
          { $select: 'id,displayName,emailAddresses', $top: '50', $filter: "startswith(displayName,'J')" },
        ]);
      });

      it('folders by the way to them', async () => {
        const inbox = { id: 'inbox', displayName: 'Inbox', childFolderCount: 1 };
        const tree = [
          listed('/me/mailFolders', [inbox, { id: 'sent', displayName: 'Sent Items', childFolderCount: 0 }]),
          listed('/me/mailFolders/inbox/childFolders', [{ id: 'f1', displayName: 'Bills' }]),
        ];
        await script([...tree, ...tree]);
        expect(await search(way, 'searchFolders', {}, 'bill')).toEqual([
          { name: 'Inbox / Bills', value: 'f1' },
        ]);
        expect(await options(way, 'getFolders')).toEqual([
          { name: 'Inbox', value: 'inbox' },
          { name: 'Inbox / Bills', value: 'f1' },
          { name: 'Sent Items', value: 'sent' },
        ]);
      });

      it('calendars, attachments, categories, groups, folders of contacts and time zones', async () => {
        const zones =
          "/me/outlook/supportedTimeZones(TimeZoneStandard=microsoft.graph.timeZoneStandard'Iana')";
        await script([
          listed('/me/calendars', [{ id: 'c1', name: 'Calendar' }]),
          listed('/me/messages/m1/attachments', [{ id: 'a1', name: 'a.txt' }]),
          got('/me/outlook/masterCategories', {
            value: [
              { id: '1', displayName: 'Red' },
              { id: '2', displayName: 'Blue' },
            ],
          }),
          listed('/me/calendarGroups', [{ id: 'g1', name: 'My Calendars' }]),
          listed('/me/contactFolders', [{ id: 'f1', displayName: 'Friends' }]),
          got(zones, { value: [{ alias: 'Europe/Berlin' }, { alias: 'America/New_York' }] }),
        ]);
        expect(await search(way, 'searchCalendars')).toEqual([{ name: 'Calendar', value: 'c1' }]);
        expect(
          await search(way, 'searchAttachments', {
            resource: 'messageAttachment',
            operation: 'get',
            messageId: picked('m1'),
          }),
        ).toEqual([{ name: 'a.txt', value: 'a1' }]);
        expect(await options(way, 'getCategories')).toEqual([
          { name: 'Blue', value: 'Blue' },
          { name: 'Red', value: 'Red' },
        ]);
        expect(await options(way, 'getCalendarGroups')).toEqual([{ name: 'My Calendars', value: 'g1' }]);
        expect(await options(way, 'getContactFolders')).toEqual([{ name: 'Friends', value: 'f1' }]);
        expect(await options(way, 'getTimeZones')).toEqual([
          { name: 'America/New_York', value: 'America/New_York' },
          { name: 'Europe/Berlin', value: 'Europe/Berlin' },
        ]);
      });
    });

    it.each(WAYS)('no token goes to the address of an upload, and it is in no error (%s)', async (way) => {
      const gone = { ...attached, status: 404, headers: {} };
      await script([
        answer('POST', '/me/messages', { id: 'm1' }),
        started('/me/messages/m1'),
        gone,
        answer('DELETE', '/me/messages/m1', undefined, { status: 204 }),
      ]);
      const { error, run: kept } = await run(way, { parameters: send(withFile), items: bigItems });
      expect(error?.message).toBe('Outlook did not take “big.bin”: it answered with status 404');
      expect(JSON.stringify(kept)).not.toContain('secret-of-the-upload');
      const { requests } = await sandbox().control('GET', '/outlook/script');
      const put = requests.find(({ method }: { method: string }) => method === 'PUT');
      expect(put.headers).not.toHaveProperty('prefer');
      expect(put.headers).not.toHaveProperty('hub-integration');
    });

    it.each(WAYS)(
      'messages come out in their order, their files fetched a few at a time (%s)',
      async (way) => {
        const ids = Array.from({ length: 9 }, (_one, index) => `m${index}`);
        await script([
          listed(
            '/me/messages',
            ids.map((id) => ({ id })),
          ),
          ...ids.map((id) => listed(`/me/messages/${id}/attachments`, [])),
        ]);
        const { json } = await run(way, {
          parameters: message('getAll', {
            returnAll: true,
            output: 'raw',
            options: { downloadAttachments: true },
          }),
        });
        expect(json.map(({ id }) => id)).toEqual(ids);
      },
    );
  },
);
