import { ecsOf } from '../../aws/ecs/session-ecs.ts';
import type { AwsSession } from '../../aws/session.ts';
import type { JsonObject } from '../../core/json.ts';
import type { Progress } from '../../core/progress.ts';
import {
  isOfName,
  isSameTaskDefinition,
  parseTaskDefinitionReference,
} from '../../plan/schedule/definition-reference.ts';
import { whySuperseded, type RevisionAge } from '../../plan/schedule/move.ts';
import { withTaskDefinition } from '../../plan/scheduled-task/ecs-target.ts';
import type { ActionContext } from '../context.ts';
import { converge, targetOf, type Converged } from '../schedule/converge.ts';
import { superseded } from '../schedule/move-guard.ts';
import { revisionAge, type Destination } from './destination.ts';
import type { FoundTask, ScheduledTask } from './scheduled-task.ts';

export interface Repointing {
  task: ScheduledTask;
  to: Destination;
  allowOlder: boolean;
  dryRun: boolean;
}

/** Changes the task definition and nothing else, and proves it; see `converge`. */
export function repoint(
  { task, to, allowOlder, dryRun }: Repointing,
  session: AwsSession,
  context: Pick<ActionContext, 'clock' | 'progress' | 'signal'>,
): Promise<Converged<FoundTask>> {
  const subject = {
    label: task.label,
    deadLetterParameter: undefined,
    read: () => task.read(),
    asIs: ({ arn, whole }: FoundTask) => ({ arn, whole }),
    wanted: ({ whole }: FoundTask) => ({ ...whole, Target: withTaskDefinition(targetOf(whole), to.reference) }),
    guard: (found: FoundTask) => guardMove({ label: task.label, found, to, allowOlder }, session, context.progress),
    send: (_found: FoundTask, wanted: JsonObject) => task.send(wanted),
  };
  return converge(subject, dryRun, context);
}

interface Move {
  label: string;
  found: FoundTask;
  to: Destination;
  allowOlder: boolean;
}

/**
 * Lets it be moved, or throws (exit code 11) when that would be a step back: a pipeline that comes late must not undo what
 * a newer one has scheduled.
 */
async function guardMove(
  { label, found: { reference }, to, allowOlder }: Move,
  session: AwsSession,
  progress: Progress,
): Promise<void> {
  const from = parseTaskDefinitionReference(reference);
  if (!from || reference === undefined || isSameTaskDefinition(reference, to.reference)) return;
  if (!isOfName(from, to.family, `${session.region}:${session.identity.accountId}`)) {
    progress.warn(`${label} runs another task definition now: ${from.name}`);
    return;
  }
  if (allowOlder) return;
  const age = await ageOf(reference, session);
  const reason = age && whySuperseded(age, to.age);
  if (reason !== undefined) throw superseded(label, reference, reason);
}

/** How old the revision is that runs by a reference; without a number in it, that is the newest ACTIVE one. */
async function ageOf(reference: string, session: AwsSession): Promise<RevisionAge | undefined> {
  const described = await ecsOf(session).taskDefinitions.describe(reference);
  if (described) return revisionAge(described);
  const revision = parseTaskDefinitionReference(reference)?.revision;
  return revision === undefined ? undefined : { revision, pipeline: undefined };
}
