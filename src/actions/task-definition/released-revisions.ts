import type { RecordEntry } from '../../circleci/release-record.ts';
import { outputVariable } from '../../params/names.ts';
import { parseTaskDefinitionReference } from '../../plan/schedule/definition-reference.ts';
import type { ActionContext } from '../context.ts';

/** Actions that bring a revision out; what others tell of is only what they found. */
const REGISTERING = ['register-task-definition', 'deploy-service', 'deploy-scheduled-task', 'release-ecs-service'];

/**
 * ARNs of the revisions that this workflow has released, by their family; what came later counts, and this job's own is
 * the latest.
 */
export function releasedRevisions(record: readonly RecordEntry[], env: ActionContext['env']): Map<string, string> {
  const arns = [
    ...record.filter(({ action }) => REGISTERING.includes(action)).map(({ outputs }) => outputs['taskDefinitionArn']),
    env[outputVariable('taskDefinitionArn')],
  ];
  return new Map(
    arns.flatMap((arn) => {
      const reference = parseTaskDefinitionReference(arn);
      return reference?.revision === undefined ? [] : [[reference.name, String(arn)] as const];
    }),
  );
}
