export { rules as default } from './rules.mjs';
