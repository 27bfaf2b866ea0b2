import { posix } from 'node:path';
import type { Pipeline } from '../pipeline/pipeline.ts';
import type { NodeId } from '../run-event.ts';
import { jobKey } from '../run-keys.ts';
import { nodeFolder } from '../storage/files/node-folder.ts';

/** Where the log of a step is, below the run's folder. `step` counts from 0. */
export type LogPath = (id: NodeId, step: number, name: string) => string;

/** `logs/<workflow>/<job>[/<node>]/<nn>-<step>.log`, with `nn` from 01 on; nodes only in jobs that run on several. */
export function logPaths(pipeline: Pipeline): LogPath {
  const parallelism = new Map(
    pipeline.workflows.flatMap((workflow) =>
      workflow.jobs.map(({ name, job }) => [jobKey(workflow.name, name), job?.parallelism ?? 1] as const),
    ),
  );
  return (id, step, name) => {
    const folder = nodeFolder(id, parallelism.get(jobKey(id.workflow, id.job)) ?? 1);
    return posix.join('logs', folder, `${String(step + 1).padStart(2, '0')}-${fileWords(name)}.log`);
  };
}

const LONGEST = 50;

/** A step's name for a file that is typed and clicked: `run-the-tests`. The number in front makes it unique. */
function fileWords(name: string): string {
  const words = name.match(/[\p{L}\p{N}._]+/gu)?.join('-') ?? '';
  const short = [...words].slice(0, LONGEST).join('').toLowerCase();
  return short.replaceAll(/^[.-]+|[.-]+$/g, '') || 'step';
}
