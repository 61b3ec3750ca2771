export { rules as default } from '../lint/rules.mjs';
