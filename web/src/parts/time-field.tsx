/** A field for a time, to the minute. */
import { useEffect, useState } from 'react';
import { TextField } from './field.tsx';

const TYPED_AFTER_MS = 500;

/**
 * Shown as it is here; given and told as the API has it. It is typed in parts, which are no time yet, so it is told
 * a moment later.
 */
export function TimeField({
  label,
  value,
  fault,
  onChoose,
}: {
  label: string;
  value: string | undefined;
  fault?: string | undefined;
  onChoose: (value: string | undefined) => void;
}) {
  const asked = localOf(value);
  const [typed, setTyped] = useState(asked);
  const [known, setKnown] = useState(value);
  if (value !== known) {
    setKnown(value);
    setTyped(asked);
  }
  useEffect(() => {
    if (typed === asked) return;
    const timer = setTimeout(() => onChoose(timeOf(typed)), TYPED_AFTER_MS);
    return () => clearTimeout(timer);
  });
  return (
    <TextField
      label={label}
      type="datetime-local"
      max="9999-12-31T23:59"
      value={typed}
      fault={fault}
      onText={setTyped}
    />
  );
}

function timeOf(typed: string): string | undefined {
  const date = new Date(typed);
  return Number.isNaN(date.getTime()) ? undefined : date.toISOString();
}

function localOf(time: string | undefined): string {
  const date = new Date(time ?? '');
  if (Number.isNaN(date.getTime())) return '';
  return new Date(date.getTime() - date.getTimezoneOffset() * 60_000).toISOString().slice(0, 16);
}
