/** Messages and stack traces of failures go through the codec too; without this they travel in the clear. */
import { DefaultFailureConverter } from '@temporalio/common';

export const failureConverter = new DefaultFailureConverter({ encodeCommonAttributes: true });
