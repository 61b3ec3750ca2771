/** A new webhook, or changes of one. */
import { useState, type SubmitEvent } from 'react';
import { call, problemIn } from '../api/client.ts';
import { useChange } from '../api/queries.ts';
import type { CreatedWebhook, Webhook } from '../api/types.ts';
import { Button, Trouble } from '../parts/basics.tsx';
import { Dialog } from '../parts/dialog.tsx';
import { Check, Choices, TextField } from '../parts/field.tsx';
import { faultsUnder } from '../parts/schema.ts';
import { t } from '../texts.ts';

type Props = {
  webhook: Webhook | null;
  onClose: () => void;
  onSaved: (saved: Webhook | CreatedWebhook) => void;
};

export function WebhookForm({ webhook, onClose, onSaved }: Props) {
  const before = webhook?.events ?? ['*'];
  const [url, setUrl] = useState(webhook?.url ?? '');
  const [name, setName] = useState(webhook?.name ?? '');
  const [scope, setScope] = useState<'all' | 'some'>(
    before.some((type) => type.endsWith('*')) ? 'all' : 'some',
  );
  const [events, setEvents] = useState(before.filter((type) => !type.endsWith('*')));
  const [tried, setTried] = useState(false);
  const body = {
    url: url.trim(),
    name: name.trim() === '' ? null : name.trim(),
    events: scope === 'all' ? ['*'] : events,
  };
  const save = useChange(
    () =>
      webhook
        ? call<Webhook>('PATCH', `/api/webhooks/${webhook.id}`, { body })
        : call<CreatedWebhook>('POST', '/api/webhooks', { body }),
    onSaved,
  );
  const faults = save.error ? faultsUnder('', problemIn(save.error).errors) : {};
  const noEvents = scope === 'some' && events.length === 0 ? t.form.required : undefined;
  const submit = (event: SubmitEvent) => {
    event.preventDefault();
    setTried(true);
    if (body.url !== '' && noEvents === undefined && !save.isPending) save.mutate(undefined);
  };
  return (
    <Dialog title={webhook ? t.webhooks.edit : t.webhooks.add} onClose={onClose}>
      <form onSubmit={submit} noValidate className="grid gap-4">
        <TextField
          label={t.webhooks.url}
          type="url"
          autoFocus
          maxLength={2000}
          placeholder="https://example.com/hooks/integration-hub"
          value={url}
          onText={setUrl}
          fault={tried && body.url === '' ? t.form.required : faults['url']}
        />
        <TextField
          label={t.webhooks.name}
          optional
          maxLength={200}
          value={name}
          onText={setName}
          hint={t.webhooks.nameHint}
        />
        <Choices
          legend={t.webhooks.events}
          value={scope}
          onChoose={setScope}
          options={[
            { value: 'all', label: t.webhooks.everything },
            { value: 'some', label: t.webhooks.chosen },
          ]}
        />
        {scope === 'some' && (
          <div role="group" aria-label={t.webhooks.chosen} className="grid gap-1.5 pl-1 sm:grid-cols-2">
            {Object.entries(t.events).map(([type, label]) => (
              <Check
                key={type}
                label={label}
                checked={events.includes(type)}
                onCheck={(checked) =>
                  setEvents(checked ? [...events, type] : events.filter((one) => one !== type))
                }
              />
            ))}
          </div>
        )}
        {tried && noEvents !== undefined && <p className="text-bad">{noEvents}</p>}
        <Trouble error={save.error} />
        <div className="flex justify-end gap-2">
          <Button onClick={onClose}>{t.cancel}</Button>
          <Button type="submit" look="main" busy={save.isPending}>
            {webhook ? t.connection.save : t.webhooks.add}
          </Button>
        </div>
      </form>
    </Dialog>
  );
}
