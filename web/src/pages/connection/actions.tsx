/** What can be done with a connection. */
import { useQueryClient } from '@tanstack/react-query';
import { Copy, MoreHorizontal, Pencil, RefreshCw, Unplug } from 'lucide-react';
import { DropdownMenu } from 'radix-ui';
import { useState, type SubmitEvent } from 'react';
import { call } from '../../api/client.ts';
import { connection as connectionOf, useChange, useMe } from '../../api/queries.ts';
import type { Connection, Integration, TestResult } from '../../api/types.ts';
import { kindOf } from '../../connect/reconnect-dialog.tsx';
import { Button, copyText, cx, Note, Trouble } from '../../parts/basics.tsx';
import { Confirm, Dialog } from '../../parts/dialog.tsx';
import { TextField } from '../../parts/field.tsx';
import { MenuFrame } from '../../parts/menu-frame.tsx';
import { menuItem } from '../../parts/menu.ts';
import { toast } from '../../parts/toasts.tsx';
import { t } from '../../texts.ts';

type Props = { connection: Connection; integration: Integration };
type Open = 'rename' | 'disconnect' | null;

export function Actions({ connection, integration, onReconnect }: Props & { onReconnect: () => void }) {
  const client = useQueryClient();
  const { role } = useMe();
  const [open, setOpen] = useState<Open>(null);
  const close = () => setOpen(null);
  const { id } = connection;
  const hasCredentials = connection.credentials !== null;
  const lookAgain = () => client.invalidateQueries({ queryKey: ['connection', id] });
  const test = useChange(
    () => call<TestResult>('POST', `/api/connections/${id}/test`, { body: {} }),
    lookAgain,
  );
  const refresh = useChange(
    () => call<{ refreshed: boolean }>('POST', `/api/connections/${id}/refresh`, { body: {} }),
    async ({ refreshed }) => {
      toast(refreshed ? t.connection.refreshed : t.connection.notRefreshed);
      await lookAgain();
    },
  );
  const mayChange = role !== 'operator';
  return (
    <div className="flex w-full flex-wrap items-center gap-2 sm:w-auto">
      <Button busy={test.isPending} disabled={!hasCredentials} onClick={() => test.mutate(undefined)}>
        {test.isPending ? t.connection.testing : t.connection.test}
      </Button>
      <Button onClick={onReconnect}>{t.connection.reconnect}</Button>
      <DropdownMenu.Root modal={false}>
        <DropdownMenu.Trigger
          aria-label={t.connection.more}
          className="grid size-8 place-items-center rounded-md border border-line-strong bg-panel hover:bg-raised"
        >
          <MoreHorizontal aria-hidden className="size-4" />
        </DropdownMenu.Trigger>
        <MenuFrame align="end" width="w-52">
          {mayChange && (
            <DropdownMenu.Item className={menuItem} onSelect={() => setOpen('rename')}>
              <Pencil aria-hidden className="size-4 text-dim" />
              {t.connection.rename}
            </DropdownMenu.Item>
          )}
          {connection.credentials?.refreshable === true && (
            <DropdownMenu.Item className={menuItem} onSelect={() => refresh.mutate(undefined)}>
              <RefreshCw aria-hidden className="size-4 text-dim" />
              {t.connection.refresh}
            </DropdownMenu.Item>
          )}
          <DropdownMenu.Item
            className={menuItem}
            onSelect={() => void copyText(id).then(() => toast(t.connection.copied))}
          >
            <Copy aria-hidden className="size-4 text-dim" />
            {t.connection.copyId}
          </DropdownMenu.Item>
          {mayChange && hasCredentials && (
            <DropdownMenu.Item className={cx(menuItem, 'text-bad')} onSelect={() => setOpen('disconnect')}>
              <Unplug aria-hidden className="size-4" />
              {t.connection.disconnect}
            </DropdownMenu.Item>
          )}
        </MenuFrame>
      </DropdownMenu.Root>
      {open === 'rename' && <Rename connection={connection} onClose={close} />}
      {open === 'disconnect' && (
        <Disconnect connection={connection} integration={integration} onClose={close} />
      )}
      <div aria-live="polite" className="w-full empty:hidden">
        {test.data &&
          !test.isPending &&
          (test.data.ok ? (
            <Note tone="ok">{t.connection.testOk(Math.round(test.data.latencyMs))}</Note>
          ) : (
            <Note tone="bad">{test.data.message}</Note>
          ))}
        <Trouble error={test.error ?? refresh.error} />
      </div>
    </div>
  );
}

function Rename({ connection, onClose }: { connection: Connection; onClose: () => void }) {
  const client = useQueryClient();
  const [name, setName] = useState(connection.name);
  const rename = useChange(
    () => call<Connection>('PATCH', `/api/connections/${connection.id}`, { body: { name: name.trim() } }),
    (changed) => {
      client.setQueryData(connectionOf(connection.id).queryKey, changed);
      onClose();
    },
  );
  const submit = (event: SubmitEvent) => {
    event.preventDefault();
    if (name.trim() !== '' && !rename.isPending) rename.mutate(undefined);
  };
  return (
    <Dialog title={t.connection.renameTitle} onClose={onClose}>
      <form onSubmit={submit} className="grid gap-4">
        <TextField label={t.connect.name} required autoFocus maxLength={200} value={name} onText={setName} />
        <Trouble error={rename.error} />
        <div className="flex justify-end gap-2">
          <Button onClick={onClose}>{t.cancel}</Button>
          <Button type="submit" look="main" busy={rename.isPending}>
            {t.connection.rename}
          </Button>
        </div>
      </form>
    </Dialog>
  );
}

function Disconnect({ connection, integration, onClose }: Props & { onClose: () => void }) {
  const client = useQueryClient();
  const disconnect = useChange(
    () => call('DELETE', `/api/connections/${connection.id}`),
    async () => {
      await client.invalidateQueries({ queryKey: ['connection', connection.id] });
      void client.invalidateQueries({ queryKey: ['connections'] });
      toast(t.connection.disconnected);
      onClose();
    },
  );
  const isOAuth = kindOf(connection, integration) === 'oauth2';
  return (
    <Confirm
      title={t.connection.disconnectTitle(connection.name)}
      action={t.connection.disconnect}
      busy={disconnect.isPending}
      error={disconnect.error}
      onConfirm={() => disconnect.mutate(undefined)}
      onClose={onClose}
    >
      <p>{t.connection.disconnectText}</p>
      <ul className="my-2 grid list-disc gap-1 pl-5">
        {t.connection.disconnectStops(integration.name).map((line) => (
          <li key={line}>{line}</li>
        ))}
      </ul>
      {isOAuth && <p>{t.connection.disconnectAfter}</p>}
    </Confirm>
  );
}
