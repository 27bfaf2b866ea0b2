import { ecsOf } from '../../aws/ecs/session-ecs.ts';
import type { AwsSession } from '../../aws/session.ts';
import { DeployError } from '../../core/errors.ts';
import { EXIT } from '../../core/exit-codes.ts';
import { chooseTarget, nameOf, type Candidate, type Choice } from '../../plan/service-rollback/candidates.ts';
import type { RollbackSituation } from '../../plan/service-rollback/decide.ts';
import type { DescribedTaskDefinition } from '../../plan/task-definition/described.ts';
import { definitionOf } from './situation.ts';

/** So many deployments, and so many revisions of the family, are looked at; each costs a call or two. */
const MOST_DEPLOYMENTS = 50;
const MOST_REVISIONS = 50;

/**
 * The last revision that was verified, by a deployment to this service or else by its tag. Throws (exit code 5) with what
 * was looked at when there is none.
 */
export async function findTarget(situation: RollbackSituation, session: AwsSession): Promise<DescribedTaskDefinition> {
  const candidates: Candidate[] = [];
  let choice: Choice = { target: undefined, passed: [] };
  for await (const candidate of candidatesOf(situation, session)) {
    candidates.push(candidate);
    choice = chooseTarget(situation.current, candidates);
    if (choice.target) return choice.target.described;
  }
  throw situation.denied ?? nothingToGoBackTo(situation, choice);
}

/** The best first, each revision once, looked up only when it is asked for. */
async function* candidatesOf({ current, listed }: RollbackSituation, session: AwsSession): AsyncGenerator<Candidate> {
  const { taskDefinitions } = ecsOf(session);
  const seen = new Set<string>();
  for await (const described of deployed(listed ?? [], session)) {
    if (seen.has(described.arn)) continue;
    seen.add(described.arn);
    yield { described, source: 'deployment' };
  }
  const arns = await taskDefinitions.revisions(current.family, 'ACTIVE', MOST_REVISIONS);
  const others = arns.filter((arn) => !seen.has(arn) && arn !== current.arn);
  for (const arn of others.slice(0, MOST_REVISIONS)) {
    const described = await taskDefinitions.describe(arn);
    if (described) yield { described, source: 'tag' };
  }
}

/** What came out with the deployments, the newest first. After one that ECS rolled back that is what it went back to. */
async function* deployed(
  listed: NonNullable<RollbackSituation['listed']>,
  session: AwsSession,
): AsyncGenerator<DescribedTaskDefinition> {
  const ended = listed.filter(({ status }) => status === 'SUCCESSFUL' || status === 'ROLLBACK_SUCCESSFUL');
  for (const { arn, status, targetRevisionArn } of ended.slice(0, MOST_DEPLOYMENTS)) {
    const revision = status === 'SUCCESSFUL' ? targetRevisionArn : await wentBackTo(arn, session);
    const described = revision === undefined ? undefined : await definitionOf(revision, session);
    if (described) yield described;
  }
}

async function wentBackTo(arn: string, session: AwsSession): Promise<string | undefined> {
  return (await ecsOf(session).services.deployment(arn))?.rollback?.revisionArn;
}

function nothingToGoBackTo({ service, current }: RollbackSituation, { passed }: Choice): DeployError {
  const lines = passed.map(({ arn, why }) => `${arn.split('/').at(-1)} ${why}`);
  return new DeployError({
    code: 'ecs.nothing_to_roll_back_to',
    title: `there is no verified revision that ${service.name} could go back to from ${nameOf(current)}`,
    message:
      lines.length === 0
        ? `No other deployment of the service succeeded, and ${current.family} has no other ACTIVE revision.`
        : ['Looked at:', ...lines].join('\n'),
    hints: [
      'Name a revision with to_task_definition. Revisions are verified by a deployment that succeeded.',
      'Nothing was changed.',
    ],
    exitCode: EXIT.notFound,
  });
}
