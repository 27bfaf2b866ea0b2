import { isAmbiguous } from '../../aws/errors.ts';
import type { DeployError } from '../../core/errors.ts';
import type { ActionContext } from '../context.ts';

const MOST_ATTEMPTS = 4;
const MOST_WHILE_BUSY = 6;

/** A registration for which AWS has no token. */
export interface Registration<T> {
  /** The operation: RegisterTaskDefinition. */
  operation: string;
  /** Sends it; not repeated, and the SDK's error is thrown as it came. */
  register(): Promise<T>;
  /** The revision that was sent, when it is there. */
  find(): Promise<T | undefined>;
  told(error: unknown): DeployError;
  /** What is said when AWS is busy with other revisions, and has made none of this; undefined for every other error. */
  busy?(error: unknown): string | undefined;
}

/**
 * Registers a definition exactly once: when the connection broke or the server failed, the revisions are looked at, and
 * the call is repeated only when none is the one that was sent.
 */
export async function registerOnce<T>(
  { operation, register, find, told, busy = () => undefined }: Registration<T>,
  { clock, progress, signal }: Pick<ActionContext, 'clock' | 'progress' | 'signal'>,
): Promise<T> {
  for (let attempt = 1; ; attempt++) {
    try {
      return await register();
    } catch (error) {
      const whileBusy = busy(error);
      if (whileBusy === undefined && !isAmbiguous(error)) throw told(error);
      progress.warn(whileBusy ?? `The answer to ${operation} was lost; looking whether the revision exists`);
      const sent = whileBusy === undefined ? await find() : undefined;
      if (sent !== undefined) return sent;
      if (attempt === (whileBusy === undefined ? MOST_ATTEMPTS : MOST_WHILE_BUSY)) throw told(error);
      await clock.sleep(200 * 2 ** attempt * (0.5 + Math.random()), signal);
    }
  }
}
