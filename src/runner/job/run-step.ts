import { durationText } from '../../core/duration-text.ts';
import type { RunStep } from '../pipeline/pipeline.ts';
import { runAttempt, type AttemptEnd, type StepContext } from './run-attempt.ts';

export interface RunStepEnd extends AttemptEnd {
  readonly reruns: number;
}

/** Runs a step, and again when it fails and says `max_auto_reruns`. Never rejects. */
export async function runStep(step: RunStep, context: StepContext): Promise<RunStepEnd> {
  for (let reruns = 0; ; reruns++) {
    const end = await runAttempt(step, context);
    await context.bashEnv.stepEnded(step.name);
    if (end.status !== 'failed' || reruns >= step.maxAutoReruns) return { ...end, reruns };
    const wait = step.autoRerunDelayMs;
    const when = wait > 0 ? ` in ${durationText(wait)}` : '';
    context.output.say(`The step failed and runs again${when}: rerun ${reruns + 1} of ${step.maxAutoReruns}.`);
    if (wait > 0) await context.clock.sleep(wait, context.signal).catch(() => {});
    if (context.signal.aborted) return { status: 'canceled', reruns };
  }
}
