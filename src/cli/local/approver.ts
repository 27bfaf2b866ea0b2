import { createInterface } from 'node:readline/promises';
import type { WorkflowJob } from '../../runner/pipeline/pipeline.ts';

export interface ApproverOptions {
  /** Approvals that are given without asking. */
  readonly given: readonly string[];
  /** Where to ask; undefined where nobody is there to answer. */
  readonly questioner: Questioner | undefined;
  readonly signal: AbortSignal;
}

/** Somebody who can be asked. */
export interface Questioner {
  readonly input: NodeJS.ReadableStream;
  readonly write: (text: string) => void;
  /** Takes away what is shown live; it is back when the function that this returns is called. */
  readonly pause: () => () => void;
}

/** Decides approvals, one at a time: by the flags, else by asking. Not decided is not given. */
export function approver({ given, questioner, signal }: ApproverOptions): (job: WorkflowJob) => Promise<boolean> {
  let asking: Promise<unknown> = Promise.resolve();
  return async (job) => {
    if (given.includes(job.name)) return true;
    if (!questioner) return false;
    const answer = asking.then(() => ask(job.name, questioner, signal));
    asking = answer;
    return answer;
  };
}

async function ask(name: string, { input, write, pause }: Questioner, signal: AbortSignal): Promise<boolean> {
  if (signal.aborted) return false;
  const resume = pause();
  write(`Approve ${name}? [y/N] `);
  const reader = createInterface({ input });
  try {
    const answer = await reader.question('', { signal });
    return /^y(es)?$/i.test(answer.trim());
  } catch {
    // Canceled meanwhile, or the input has ended.
    return false;
  } finally {
    reader.close();
    resume();
  }
}
