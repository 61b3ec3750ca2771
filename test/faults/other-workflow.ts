/** A workflow of a name that the hub has, made by other code: its history must not replay. */
import { sleep } from '@temporalio/workflow';

export const testConnection = (): Promise<void> => sleep(1);
