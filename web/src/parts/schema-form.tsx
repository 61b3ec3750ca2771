/** The fields of a JSON Schema. */
import { t } from '../texts.ts';
import { AreaField, Check, SecretField, SelectField, TextField } from './field.tsx';
import type { Property, Typed } from './schema.ts';

type Props = {
  properties: readonly Property[];
  typed: Typed;
  faults: Record<string, string>;
  onType: (typed: Typed) => void;
};

export function SchemaFields({ properties, typed, faults, onType }: Props) {
  return (
    <div className="grid gap-4">
      {properties.map((property) => (
        <SchemaField
          key={property.name}
          property={property}
          value={typed[property.name] ?? ''}
          fault={faults[property.name]}
          onText={(value) => onType({ ...typed, [property.name]: value })}
        />
      ))}
    </div>
  );
}

type OneProps = {
  property: Property;
  value: string;
  fault: string | undefined;
  onText: (value: string) => void;
};

function SchemaField({ property, value, fault, onText }: OneProps) {
  const { title, description, kind, required, choices, fallback, example } = property;
  const common = {
    label: title,
    fault,
    optional: !required && kind !== 'choice',
    hint: description,
    value,
    onText,
  };
  switch (kind) {
    case 'secret':
      return <SecretField {...common} />;
    case 'choice':
      return (
        <SelectField
          {...common}
          options={[
            ...(required || fallback !== undefined ? [] : [{ value: '', label: '—' }]),
            ...choices.map((choice) => ({ value: choice, label: choice })),
          ]}
        />
      );
    case 'boolean':
      return (
        <Check
          label={title}
          hint={description}
          checked={value === 'true'}
          onCheck={(checked) => onText(String(checked))}
        />
      );
    case 'lines':
      return (
        <AreaField
          {...common}
          hint={[description, `${t.form.perLine}.`].filter(Boolean).join(' ')}
          rows={3}
        />
      );
    case 'json':
      return <AreaField {...common} />;
    default:
      return (
        <TextField
          {...common}
          inputMode={kind === 'text' ? 'text' : 'numeric'}
          placeholder={example === undefined ? undefined : t.form.example(example)}
        />
      );
  }
}
