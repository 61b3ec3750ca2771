/** n8n's engine with the package that was compiled for this run of the tests. */
import { inject } from 'vitest';
import { usePackage } from './n8n-engine.ts';

usePackage(() => inject('n8nPackage'));

export * from './n8n-engine.ts';
