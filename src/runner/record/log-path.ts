import { posix } from 'node:path';
import type { Pipeline } from '../pipeline/pipeline.ts';
import type { NodeId } from '../run-event.ts';
import { pathSegment } from '../storage/files/path-segment.ts';

/** Where the log of a step is, below the run's folder. `step` counts from 0. */
export type LogPath = (id: NodeId, step: number, name: string) => string;

/** `logs/<workflow>/<job>[/<node>]/<nn>-<step>.log`, with `nn` from 01 on; nodes only in jobs that run on several. */
export function logPaths(pipeline: Pipeline): LogPath {
  const parallel = new Set(
    pipeline.workflows.flatMap((workflow) =>
      workflow.jobs.filter(({ job }) => (job?.parallelism ?? 1) > 1).map(({ name }) => keyOf(workflow.name, name)),
    ),
  );
  return ({ workflow, job, node }, step, name) =>
    posix.join(
      'logs',
      pathSegment(workflow),
      pathSegment(job),
      ...(parallel.has(keyOf(workflow, job)) ? [String(node)] : []),
      `${String(step + 1).padStart(2, '0')}-${fileWords(name)}.log`,
    );
}

function keyOf(workflow: string, job: string): string {
  return JSON.stringify([workflow, job]);
}

const LONGEST = 50;

/** A step's name for a file that is typed and clicked: `run-the-tests`. The number in front makes it unique. */
function fileWords(name: string): string {
  const words = name.match(/[\p{L}\p{N}._]+/gu)?.join('-') ?? '';
  const short = [...words].slice(0, LONGEST).join('').toLowerCase();
  return short.replaceAll(/^[.-]+|[.-]+$/g, '') || 'step';
}
