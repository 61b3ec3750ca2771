/** The sandbox in a process of its own; everybody consents at once. Says its apps to whoever started it. */
import { startSandbox } from '../hub/sandbox/sandbox.ts';

const sandbox = await startSandbox({ port: 0, consent: 'allow', stateFile: null });
process.send?.(sandbox.apps());
process.once('SIGTERM', () => process.exit(0));
process.once('disconnect', () => process.exit(0));
