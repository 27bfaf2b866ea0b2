import { DeployError } from '../../src/core/errors.ts';

/** The error that a call is to end in. Anything but a DeployError is a bug, and passed on. */
export function failureOf(run: () => unknown): DeployError {
  try {
    run();
  } catch (error) {
    if (error instanceof DeployError) return error;
    throw error;
  }
  throw new Error('nothing was thrown');
}

/** The same for what fails later. */
export async function rejectionOf(work: Promise<unknown>): Promise<DeployError> {
  try {
    await work;
  } catch (error) {
    if (error instanceof DeployError) return error;
    throw error;
  }
  throw new Error('nothing was thrown');
}
