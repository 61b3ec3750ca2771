import tseslint from 'typescript-eslint';
import { rules } from '../lint/rules.mjs';

/** The hub's rules, for files with JSX as well. What is made by `vite build` is not ours to judge. */
export default tseslint.config(
  { ignores: ['dist/'] },
  ...rules,
  ...rules
    .filter(({ files }) => files?.includes('**/*.ts'))
    .map((block) => ({ ...block, files: ['**/*.tsx'] })),
  { files: ['public/**'], languageOptions: { globals: { document: 'readonly', localStorage: 'readonly' } } },
  {
    files: ['vite.config.ts'],
    // A tool reads it, and wants it so.
    rules: { 'no-restricted-exports': 'off' },
  },
);
