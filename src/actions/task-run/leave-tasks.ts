import { ecsOf } from '../../aws/ecs/session-ecs.ts';
import type { AwsSession } from '../../aws/session.ts';
import { DeployError } from '../../core/errors.ts';
import { lookCommand, stopCommand } from '../../plan/task-run/follow-up-commands.ts';
import type { Cancelable } from '../waiting/finish-when-canceled.ts';
import type { TaskRunPlan } from './plan-task-run.ts';
import type { StartedTasks } from './start-once.ts';
import type { LeaveTasks } from './task-run-request.ts';

/** What became of tasks that are no longer waited for. */
export interface LeftTasks {
  /** Ends a sentence about them: `it was told to stop`. */
  fate: string;
  hints: readonly string[];
}

/** What the reasons begin with that AWS keeps of tasks which were stopped here. */
const OUR_REASON = 'aws-deploy: ';

/** Stops tasks that are no longer waited for, or lets them run, as was chosen. Does not reject. */
export async function leaveTasks(
  arns: readonly string[],
  reason: string,
  choice: LeaveTasks,
  plan: TaskRunPlan,
  session: AwsSession,
): Promise<LeftTasks> {
  const it = arns.length === 1 ? 'it' : 'they';
  const goesOn = arns.length === 1 ? 'goes on' : 'go on';
  if (choice === 'leave') return { fate: `${it} ${goesOn}`, hints: goesOnHints(arns, plan, session) };
  const { cluster } = plan.input;
  const { tasks } = ecsOf(session);
  const stops = await Promise.allSettled(arns.map((arn) => tasks.stop(cluster, arn, `${OUR_REASON}${reason}`)));
  const refused = stops.flatMap((stop) => (stop.status === 'rejected' ? [whyNot(stop.reason)] : []));
  if (refused.length === 0) {
    const look = `To see how ${it} ended: ${lookCommand(cluster, arns, session.region)}`;
    return { fate: `${it} ${arns.length === 1 ? 'was' : 'were'} told to stop`, hints: [look] };
  }
  const which = refused.length === arns.length ? it : `${refused.length} of them`;
  return {
    fate: `${which} could not be stopped and ${goesOn} (${refused[0]})`,
    hints: goesOnHints(arns, plan, session),
  };
}

/** Tasks that are started, for a cancel that comes meanwhile. */
export function cancelableTasks(choice: LeaveTasks, plan: TaskRunPlan, session: AwsSession): Cancelable<StartedTasks> {
  const { cluster, startedBy } = plan.input;
  const before = 'canceled before a task was started';
  return {
    before,
    async find() {
      const found = await ecsOf(session).tasks.startedBy(cluster, startedBy);
      return { arns: found.map(({ arn }) => arn), failures: [], isNew: true };
    },
    async leave({ arns }) {
      if (arns.length === 0) return { title: before, hints: [] };
      const { fate, hints } = await leaveTasks(arns, 'the step that waits for it was canceled', choice, plan, session);
      return { title: `canceled; task ${plan.family}: ${fate}`, hints };
    },
  };
}

/** What to type about tasks that were left alone. Their overrides are in none of it: they may hold secrets. */
export function goesOnHints(
  arns: readonly string[],
  { input: { cluster }, key }: TaskRunPlan,
  { region }: AwsSession,
): string[] {
  return [
    `To look at ${arns.length === 1 ? 'it' : 'them'}: ${lookCommand(cluster, arns, region)}`,
    ...arns.map((arn) => `To stop it: ${stopCommand(cluster, arn, region)}`),
    `To follow ${arns.length === 1 ? 'it' : 'them'} again, run the same with idempotency_key ${key}`,
  ];
}

function whyNot(error: unknown): string {
  return error instanceof DeployError ? error.title : String(error);
}
