import { t } from '../texts.ts';

export const roleOptions = (['builder', 'operator', 'admin'] as const).map((value) => ({
  value,
  label: t.roles[value],
}));
