export { testRules as default } from '../lint/rules.mjs';
