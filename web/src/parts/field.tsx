/** Fields with their names, hints and faults, joined for those who hear them. */
import { Eye, EyeOff } from 'lucide-react';
import {
  useId,
  useState,
  type InputHTMLAttributes,
  type ReactNode,
  type SelectHTMLAttributes,
  type TextareaHTMLAttributes,
} from 'react';
import { t } from '../texts.ts';
import { cx, IconButton } from './basics.tsx';

export const inputLook =
  'h-8 w-full min-w-0 rounded-md border border-field bg-panel px-2.5 aria-invalid:border-bad disabled:opacity-60';

type Described = { id: string; 'aria-describedby'?: string; 'aria-invalid'?: boolean };
type FieldProps = {
  label: ReactNode;
  hint?: ReactNode;
  fault?: string | undefined;
  optional?: boolean;
  children: (described: Described) => ReactNode;
};

export function Field({ label, hint, fault, optional = false, children }: FieldProps) {
  const id = useId();
  const about = [fault && `${id}-fault`, hint && `${id}-hint`].filter(Boolean).join(' ');
  return (
    <div>
      <label htmlFor={id} className="mb-1 block font-medium">
        {label}
        {optional && <span className="ml-1.5 font-normal text-dim">{t.form.optional}</span>}
      </label>
      {children({
        id,
        ...(about ? { 'aria-describedby': about } : {}),
        ...(fault ? { 'aria-invalid': true } : {}),
      })}
      {fault !== undefined && (
        <p id={`${id}-fault`} className="mt-1 text-bad">
          {fault}
        </p>
      )}
      {hint !== undefined && (
        <p id={`${id}-hint`} className="mt-1 text-xs text-dim">
          {hint}
        </p>
      )}
    </div>
  );
}

type Common = { label: ReactNode; hint?: ReactNode; fault?: string | undefined; optional?: boolean };
type TextProps = Common &
  Omit<InputHTMLAttributes<HTMLInputElement>, 'onChange'> & { onText: (value: string) => void };

export function TextField({ label, hint, fault, optional, onText, className, ...rest }: TextProps) {
  return (
    <Field label={label} hint={hint} fault={fault} optional={optional ?? false}>
      {(described) => (
        <input
          {...described}
          type="text"
          spellCheck={false}
          {...rest}
          onChange={(event) => onText(event.target.value)}
          className={cx(inputLook, className)}
        />
      )}
    </Field>
  );
}

/** What is typed is hidden until it is asked for. Not a password of the browser's: nothing offers to keep it. */
export function SecretField({ label, hint, fault, optional, onText, className, ...rest }: TextProps) {
  const [shown, setShown] = useState(false);
  return (
    <Field label={label} hint={hint} fault={fault} optional={optional ?? false}>
      {(described) => (
        <div className="relative">
          <input
            {...described}
            spellCheck={false}
            autoComplete="off"
            {...rest}
            type={shown ? 'text' : 'password'}
            onChange={(event) => onText(event.target.value)}
            className={cx(inputLook, 'pr-9', className)}
          />
          <IconButton
            label={shown ? t.form.hide : t.form.show}
            aria-pressed={shown}
            onClick={() => setShown(!shown)}
            className="absolute top-0 right-0"
          >
            {shown ? <EyeOff aria-hidden className="size-4" /> : <Eye aria-hidden className="size-4" />}
          </IconButton>
        </div>
      )}
    </Field>
  );
}

type AreaProps = Common &
  Omit<TextareaHTMLAttributes<HTMLTextAreaElement>, 'onChange'> & { onText: (value: string) => void };

export function AreaField({ label, hint, fault, optional, onText, className, ...rest }: AreaProps) {
  return (
    <Field label={label} hint={hint} fault={fault} optional={optional ?? false}>
      {(described) => (
        <textarea
          {...described}
          spellCheck={false}
          rows={4}
          {...rest}
          onChange={(event) => onText(event.target.value)}
          className={cx(inputLook, 'h-auto py-1.5 font-mono text-xs leading-5', className)}
        />
      )}
    </Field>
  );
}

/** @param group under which heading it stands */
type Option = { value: string; label: string; group?: string };
type SelectProps = Common &
  Omit<SelectHTMLAttributes<HTMLSelectElement>, 'onChange'> & {
    options: readonly Option[];
    onText: (value: string) => void;
  };

export function SelectField({ label, hint, fault, optional, ...rest }: SelectProps) {
  return (
    <Field label={label} hint={hint} fault={fault} optional={optional ?? false}>
      {(described) => <Select {...described} {...rest} />}
    </Field>
  );
}

export function Select({ options, onText, className, ...rest }: Omit<SelectProps, 'label'>) {
  return (
    <select
      {...rest}
      onChange={(event) => onText(event.target.value)}
      className={cx(inputLook, 'pr-7', className)}
    >
      {[...Map.groupBy(options, ({ group }) => group)].map(([group, ones]) =>
        group === undefined ? (
          ones.map(optionOf)
        ) : (
          <optgroup key={group} label={group}>
            {ones.map(optionOf)}
          </optgroup>
        ),
      )}
    </select>
  );
}

const optionOf = ({ value, label }: Option) => (
  <option key={value} value={value}>
    {label}
  </option>
);

type CheckProps = Omit<InputHTMLAttributes<HTMLInputElement>, 'onChange' | 'type'> & {
  label: ReactNode;
  hint?: ReactNode;
  onCheck: (checked: boolean) => void;
};

export function Check({ label, hint, onCheck, ...rest }: CheckProps) {
  return (
    <label className="flex items-baseline gap-2">
      <input
        type="checkbox"
        {...rest}
        onChange={(event) => onCheck(event.target.checked)}
        className="size-3.5 shrink-0 translate-y-0.5 accent-fill"
      />
      <span className="min-w-0 break-words">
        {label}
        {hint !== undefined && <span className="block text-xs text-dim">{hint}</span>}
      </span>
    </label>
  );
}

/** One of a few, all of them seen. */
export function Choices<T extends string>({
  legend,
  value,
  options,
  onChoose,
}: {
  legend: string;
  value: T;
  options: readonly { value: T; label: string; hint?: string }[];
  onChoose: (value: T) => void;
}) {
  const name = useId();
  return (
    <fieldset>
      <legend className="mb-1 font-medium">{legend}</legend>
      <div className="grid gap-1.5">
        {options.map((option) => (
          <label
            key={option.value}
            className="flex items-baseline gap-2.5 rounded-md border border-line-strong px-3 py-2 has-checked:border-accent has-checked:bg-accent-soft"
          >
            <input
              type="radio"
              name={name}
              value={option.value}
              checked={option.value === value}
              onChange={() => onChoose(option.value)}
              className="translate-y-0.5 accent-fill"
            />
            <span>
              {option.label}
              {option.hint !== undefined && <span className="block text-xs text-dim">{option.hint}</span>}
            </span>
          </label>
        ))}
      </div>
    </fieldset>
  );
}
