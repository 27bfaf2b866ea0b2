import type { Printer } from '../../src/cli/local/open-printer.ts';
import type { RunEvent } from '../../src/runner/run-event.ts';

/** What every job does around its own work: that it went well is all that there is to say. */
const AROUND =
  '(?:Checkout code|Setup a remote Docker engine|Install aws-deploy|Assume role|Persisting to workspace|Attaching workspace)';
const STEP_AROUND = new RegExp(`^${AROUND}$`);

/** A line that says of such a step only that it has begun. */
export const STARTS_AROUND = new RegExp(`^==> ${AROUND}$`);

/** Holds back what steps around the work of a job write, until they fail. */
export function briefly(printer: Printer): Printer {
  const held = new Map<string, RunEvent[]>();
  return {
    ...printer,
    listen(event) {
      if (event.kind === 'job' || event.kind === 'note') return printer.listen(event);
      const { workflow, job, node } = event.id;
      const key = JSON.stringify([workflow, job, node, event.step]);
      if (event.kind === 'step-started' && STEP_AROUND.test(event.name)) held.set(key, []);
      const output = held.get(key);
      if (output && event.kind === 'output') return void output.push(event);
      if (event.kind === 'step-ended' && event.end.status === 'failed') output?.forEach((each) => printer.listen(each));
      printer.listen(event);
    },
  };
}
