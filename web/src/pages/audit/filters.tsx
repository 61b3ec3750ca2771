/** What of the audit log is looked at. It stands in the address, to be passed on. */
import { useQuery } from '@tanstack/react-query';
import { useNavigate, useSearch } from '@tanstack/react-router';
import { X } from 'lucide-react';
import { integrations, keys, useMe, users } from '../../api/queries.ts';
import { Button, IconButton } from '../../parts/basics.tsx';
import { Select } from '../../parts/field.tsx';
import { TimeField } from '../../parts/time-field.tsx';
import { t } from '../../texts.ts';
import { actionOf, type NameOf } from './words.ts';

type Option = { value: string; label: string; group?: string };

// Of what workflows do; the routine of it is in the event log alone.
const BY_ITSELF = [
  'connection.created',
  'connection.connected',
  'connection.error',
  'connection.recovered',
  'connection.reauthorization_required',
  'connection.disconnected',
  'connection.config_changed',
  'connection.credentials_rotated',
];
const ACTIONS: Option[] = [
  ...Object.keys(t.audit.subjects).flatMap((subject) =>
    Object.keys(t.audit.actions)
      .filter((action) => action.startsWith(`${subject}.`))
      .map((value) => ({ value, label: actionOf(value), group: t.audit.subjects[subject] ?? subject })),
  ),
  ...BY_ITSELF.map((value) => ({ value, label: actionOf(value), group: t.audit.byItself })),
];

export function Filters({ nameOf, isFiltered }: { nameOf: NameOf; isFiltered: boolean }) {
  const search = useSearch({ from: '/inside/audit' });
  const navigate = useNavigate({ from: '/audit' });
  const { data: catalogue } = useQuery(integrations);
  const set = (change: Partial<typeof search>) =>
    void navigate({ search: (before) => ({ ...before, cursor: undefined, ...change }), replace: true });
  const { connectionId, from, to } = search;
  const isBackwards = from !== undefined && to !== undefined && Date.parse(from) >= Date.parse(to);
  return (
    <div className="mb-4 grid gap-2">
      <div className="grid grid-cols-2 items-start gap-2 sm:flex sm:flex-wrap">
        <Choice
          name={t.audit.action}
          className="sm:w-52"
          any={t.audit.anyAction}
          value={search.action}
          options={ACTIONS}
          onChoose={(action) => set({ action })}
        />
        <Actors value={search.actor} nameOf={nameOf} onChoose={(actor) => set({ actor })} />
        <Choice
          name={t.audit.integration}
          className="sm:w-44"
          any={t.audit.anyIntegration}
          value={search.integrationId}
          options={(catalogue?.data ?? []).map(({ id, name }) => ({ value: id, label: name }))}
          onChoose={(integrationId) => set({ integrationId })}
        />
        <Choice
          name={t.audit.outcome}
          className="sm:w-40"
          any={t.audit.anyOutcome}
          value={search.outcome}
          options={Object.entries(t.audit.outcomes).map(([value, label]) => ({ value, label }))}
          onChoose={(outcome) => set({ outcome })}
        />
        <Select
          aria-label={t.audit.order}
          className="col-span-2 sm:w-36"
          value={search.order === 'asc' ? 'asc' : 'desc'}
          onText={(order) => set({ order: order === 'asc' ? order : undefined })}
          options={Object.entries(t.audit.orders).map(([value, label]) => ({ value, label }))}
        />
      </div>
      <div className="grid grid-cols-2 items-start gap-2 sm:grid-cols-[13rem_13rem]">
        <TimeField label={t.audit.from} value={from} onChoose={(time) => set({ from: time })} />
        <TimeField
          label={t.audit.to}
          value={to}
          fault={isBackwards ? t.audit.backwards : undefined}
          onChoose={(time) => set({ to: time })}
        />
      </div>
      {isFiltered && (
        <div className="flex flex-wrap items-center gap-2">
          {connectionId !== undefined && (
            <OnlyOf
              name={nameOf('connection', connectionId) ?? connectionId}
              onRemove={() => set({ connectionId: undefined })}
            />
          )}
          <Button look="quiet" onClick={() => void navigate({ search: {}, replace: true })}>
            {t.audit.clear}
          </Button>
        </div>
      )}
    </div>
  );
}

type ChoiceProps = {
  name: string;
  any: string;
  value: string | undefined;
  options: Option[];
  className: string;
  onChoose: (value: string | undefined) => void;
};

/** What an address asks for and no list has, is shown as it is. */
function Choice({ name, any, value, options, className, onChoose }: ChoiceProps) {
  const unlisted =
    value === undefined || options.some((one) => one.value === value) ? [] : [{ value, label: value }];
  return (
    <Select
      aria-label={name}
      className={className}
      value={value ?? ''}
      onText={(chosen) => onChoose(chosen === '' ? undefined : chosen)}
      options={[{ value: '', label: any }, ...unlisted, ...options]}
    />
  );
}

function Actors({ value, nameOf, onChoose }: Pick<ChoiceProps, 'value' | 'onChoose'> & { nameOf: NameOf }) {
  const me = useMe();
  const { data: people } = useQuery(users);
  const { data: programs } = useQuery(keys);
  const options = [
    ...(people?.data ?? []).map(({ id, name }) => ({
      value: id,
      label: id === me.id ? `${name} (${t.people.you})` : name,
      group: t.people.title,
    })),
    ...(programs?.data ?? []).map(({ id, name }) => ({ value: id, label: name, group: t.keys.title })),
  ];
  const listed = options.some((one) => one.value === value);
  const name = ['user', 'key', 'client', 'link']
    .map((type) => nameOf(type, value ?? null))
    .find((one) => one !== null);
  return (
    <Choice
      name={t.audit.actor}
      className="sm:w-44"
      any={t.audit.anyActor}
      value={value}
      options={value === undefined || listed ? options : [{ value, label: name ?? value }, ...options]}
      onChoose={onChoose}
    />
  );
}

const OnlyOf = ({ name, onRemove }: { name: string; onRemove: () => void }) => (
  <span className="inline-flex min-w-0 items-center gap-1 rounded-full bg-accent-soft pl-3 text-accent">
    <span className="min-w-0 wrap-anywhere">
      {t.audit.onlyOf}: <span className="font-medium">{name}</span>
    </span>
    <IconButton label={t.audit.notOnlyOf(name)} onClick={onRemove} className="text-accent">
      <X aria-hidden className="size-3.5" />
    </IconButton>
  </span>
);
