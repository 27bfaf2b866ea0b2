import { join } from 'node:path';
import type { NodeId } from '../../run-event.ts';
import { pathSegment } from './path-segment.ts';

/**
 * The folder of one node of a job, below folders of a run: `<workflow>/<job>`, and `<node>` where there are several.
 * @param parallelism of the job
 */
export function nodeFolder({ workflow, job, node }: NodeId, parallelism: number): string {
  return join(pathSegment(workflow), pathSegment(job), ...(parallelism > 1 ? [String(node)] : []));
}
