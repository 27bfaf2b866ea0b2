import { isJsonObject, type JsonObject } from '../../core/json.ts';
import type { JobContainer } from '../job-run/job-description.ts';
import type { TaskSnapshot } from '../rollout/observation.ts';
import { shortId } from '../rollout/proof.ts';
import { containerLogPlace } from '../rollout/telling/container-log.ts';
import { containerName, containersOf } from '../task-definition/containers.ts';

/** Of the 32 digits of a task's id: enough to tell tasks of one run apart. */
const SHOWN_DIGITS = 8;

/** `1a2b3c4d` of a task's ARN. */
export function taskLabel(taskArn: string): string {
  return shortId(taskArn).slice(0, SHOWN_DIGITS);
}

/** The containers whose output is followed, as far as their tasks have started; named as the lines are to be marked. */
export function loggingContainers(
  tasks: readonly TaskSnapshot[],
  shown: readonly string[],
  definition: JsonObject,
): JobContainer[] {
  return tasks
    .filter(({ startedAt }) => startedAt !== undefined)
    .flatMap((task) =>
      shown.flatMap((container) => {
        const place = containerLogPlace(definition, container, task.arn);
        if (!place) return [];
        const names = [
          ...(shown.length > 1 ? [container] : []),
          ...(tasks.length > 1 ? [`(${taskLabel(task.arn)})`] : []),
        ];
        const { exitCode, reason } = task.containers.find(({ name }) => name === container) ?? {};
        return [{ name: names.join(' '), exitCode, reason, log: { kind: 'stream', ...place } as const }];
      }),
    );
}

/** Which output can't be shown and why, a sentence each. */
export function hiddenLogs(shown: readonly string[], definition: JsonObject): string[] {
  return shown.flatMap((container) => {
    if (containerLogPlace(definition, container, '')) return [];
    const own = containersOf(definition).find((each) => containerName(each) === container);
    return [`The output of container ${container} is not shown: ${whyHidden(own?.['logConfiguration'])}`];
  });
}

function whyHidden(logging: unknown): string {
  if (!isJsonObject(logging)) return 'its task definition has no logConfiguration';
  const { logDriver } = logging;
  if (logDriver !== 'awslogs') return `it goes to ${String(logDriver)} and not to CloudWatch Logs`;
  return 'awslogs has no awslogs-stream-prefix, so that only its instance knows the name of the stream';
}
