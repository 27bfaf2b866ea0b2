import type { NodeId, RunEvent } from '../../../../src/runner/run-event.ts';
import type { JobStatus, StepRecord } from '../../../../src/runner/run-record.ts';

/** Events of one workflow, `main`; times are seconds after the beginning. */
export const jobIs = (job: string, status: JobStatus, at: number, reason?: string): RunEvent => ({
  kind: 'job',
  workflow: 'main',
  job,
  status,
  at: at * 1000,
  ...(reason === undefined ? {} : { reason }),
});

export const stepStarts = (job: string, step: number, name: string, at: number, node = 0): RunEvent => ({
  kind: 'step-started',
  id: idOf(job, node),
  step,
  name,
  at: at * 1000,
});

export const says = (job: string, step: number, text: string, node = 0): RunEvent => ({
  kind: 'output',
  id: idOf(job, node),
  step,
  text,
  at: 0,
});

export const stepEnds = (
  job: string,
  step: number,
  at: number,
  end: Partial<StepRecord> & Pick<StepRecord, 'name'>,
  node = 0,
): RunEvent => ({
  kind: 'step-ended',
  id: idOf(job, node),
  step,
  end: { kind: 'run', status: 'success', startedAt: '', reruns: 0, ...end },
  at: at * 1000,
});

function idOf(job: string, node: number): NodeId {
  return { workflow: 'main', job, node };
}
