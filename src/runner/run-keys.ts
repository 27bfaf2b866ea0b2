import type { NodeId } from './run-event.ts';

/** Names may hold anything, so that joining them makes one of two. */
export function jobKey(workflow: string, job: string): string {
  return JSON.stringify([workflow, job]);
}

export function stepKey({ workflow, job, node }: NodeId, step: number): string {
  return JSON.stringify([workflow, job, node, step]);
}
