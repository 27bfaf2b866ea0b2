import { within } from '../core/within.ts';

/** Far above what an answer takes. */
const LONGEST_MS = 30_000;

/**
 * A call that never comes back, as when a connection is lost without a sign, counts as one that broke. For calls that are
 * asked again anyway: without it, a wait would hang with them.
 */
export async function bounded<T>(call: Promise<T>, longestMs = LONGEST_MS): Promise<T> {
  const answered = await within(
    longestMs,
    call.then((answer) => ({ answer })),
  );
  if (answered) return answered.answer;
  throw Object.assign(new Error(`no answer in ${longestMs / 1000} s`), { name: 'TimeoutError' });
}
