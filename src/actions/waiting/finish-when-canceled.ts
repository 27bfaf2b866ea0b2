import { DeployError } from '../../core/errors.ts';
import { EXIT } from '../../core/exit-codes.ts';
import { within } from '../../core/within.ts';
import type { ActionContext } from '../context.ts';

/** A call that is under way may still reach AWS. */
const BEGIN_MS = 3000;

/** What an action works with and must not simply drop. */
export interface Cancelable<T> {
  /** Title of the error when nothing was begun; `unseen` when it was, and nothing is found. */
  before: string;
  unseen?: string;
  /** Looks for it when no answer comes; when this rejects, nothing is found. */
  find(): Promise<T | undefined>;
  /** Ends it or lets it go on, as was chosen, and tells what became of it. Does not reject. */
  leave(begun: T): Promise<{ title: string; hints: readonly string[] }>;
}

/**
 * Does work with something that it begins on AWS. When the action is canceled meanwhile, that is ended or left, also when
 * the answer to the call that begins it is still on the way.
 * @param work tells by `begun` that it begins it
 */
export async function finishWhenCanceled<T, R>(
  { before, unseen = before, find, leave }: Cancelable<T>,
  context: ActionContext,
  work: (begun: (beginning: Promise<T>) => Promise<T>) => Promise<R>,
): Promise<R> {
  let beginning: Promise<T> | undefined;
  const done = context.whenCanceled(async () => {
    const answered = beginning?.catch(() => undefined);
    const begun = answered && ((await within(BEGIN_MS, answered)) ?? (await find().catch(() => undefined)));
    const title = beginning ? unseen : before;
    return new DeployError({
      code: 'canceled',
      ...(begun === undefined ? { title } : await leave(begun)),
      exitCode: EXIT.canceled,
    });
  });
  try {
    return await work((begun) => (beginning = begun));
  } finally {
    // After a cancel it is what the run ends with.
    if (!context.signal.aborted) done();
  }
}
