import { ecsOf } from '../../aws/ecs/session-ecs.ts';
import type { ServicePlace } from '../../aws/ecs/services.ts';
import type { AwsSession } from '../../aws/session.ts';
import type { RecordEntry } from '../../circleci/release-record.ts';
import { DeployError } from '../../core/errors.ts';
import { EXIT } from '../../core/exit-codes.ts';
import type { Progress } from '../../core/progress.ts';
import {
  attachedTo,
  chooseDeployment,
  deploymentId,
  eventsOf,
  knownDeployments,
  type Attachment,
  type KnownDeployment,
  type RecordedDeployment,
} from '../../plan/rollout/attach.ts';
import type { ListedServiceDeployment, ServiceSnapshot } from '../../plan/rollout/observation.ts';
import type { BegunDeployment } from '../ecs/judge-deployment.ts';
import { drivableService } from './drivable.ts';
import { listedDeployments } from './listed-deployments.ts';

/** A deployment that is there already. */
export interface FoundDeployment extends BegunDeployment {
  service: ServiceSnapshot;
  /** ARN of the service deployment; undefined where AWS has none, or does not list it yet. */
  serviceDeploymentArn: string | undefined;
  /** The pause at which an earlier job of this workflow left it. */
  recordedHookId: string | undefined;
  /** Why it is not known what service deployment it has: they may not be listed. */
  denied: DeployError | undefined;
}

/**
 * The deployment that is meant: the one that is named, else the one that this workflow started, else the one in flight, else
 * the newest. Throws (exit code 5) when there is none of that name, with those that there are.
 * @param wanted id or ARN
 */
export async function findDeployment(
  place: ServicePlace,
  wanted: string | undefined,
  record: readonly RecordEntry[],
  session: AwsSession,
  progress: Progress,
): Promise<FoundDeployment> {
  const service = await drivableService(place, session);
  const { listed, denied } = await listedDeployments(place, service, session);
  const recorded = recordedDeployment(record, service);
  const found = chooseDeployment({ wanted, recorded, service, listed });
  if (found.kind !== 'found') throw denied ?? notFound(found, service, listed ?? []);
  const begun = await attach(found, service, listed ?? [], session);
  const revision = begun.ours.taskDefinition.split('/').at(-1);
  progress.step(`Deployment ${begun.ours.id} of ${service.name} (${revision}), ${HOW[found.how]}`);
  return {
    ...begun,
    service,
    serviceDeploymentArn: found.listed?.arn,
    recordedHookId: isRecorded(found, recorded) ? recorded?.hookId : undefined,
    denied,
  };
}

const HOW: Readonly<Record<(Attachment & { kind: 'found' })['how'], string>> = {
  named: 'as asked for',
  recorded: 'which an earlier job of this workflow has told of',
  'in-flight': 'which is in flight',
  newest: 'the newest; none is in flight',
};

/** What is needed to follow a deployment that AWS tells of. */
export async function attach(
  known: KnownDeployment,
  service: ServiceSnapshot,
  listed: readonly ListedServiceDeployment[],
  session: AwsSession,
): Promise<BegunDeployment> {
  const taskDefinition = known.snapshot?.taskDefinition ?? (await targetOf(known, session));
  const ours = attachedTo(known, taskDefinition, service);
  return { ours, told: eventsOf(ours, service, listed) };
}

/** ARN of the task definition that a service deployment brings out. */
async function targetOf({ listed }: KnownDeployment, session: AwsSession): Promise<string> {
  const arn = listed?.targetRevisionArn ?? '';
  const revision = await ecsOf(session).services.revision(arn);
  if (revision) return revision.taskDefinition;
  throw new DeployError({
    code: 'ecs.revision_not_found',
    title: `the service revision ${arn} is gone, so that it is not known what was deployed`,
    hints: ['AWS forgets old ones. Name a newer deployment.'],
    exitCode: EXIT.notFound,
  });
}

/** Actions that start a deployment, or go on with it. */
const STARTERS = new Set(['deploy-service', 'release-ecs-service', 'continue-deployment', 'rollback-service']);

/** The deployment of this very service that the newest entry tells of. */
export function recordedDeployment(
  record: readonly RecordEntry[],
  { arn }: Pick<ServiceSnapshot, 'arn'>,
): RecordedDeployment | undefined {
  const entry = record.findLast(
    ({ action, outputs }) =>
      STARTERS.has(action) && outputs['serviceArn'] === arn && outputs['deploymentId'] !== undefined,
  );
  if (!entry) return undefined;
  const text = (name: string): string | undefined => {
    const value = entry.outputs[name];
    return typeof value === 'string' ? value : undefined;
  };
  return { id: text('deploymentId'), arn: text('serviceDeploymentArn'), hookId: text('hookId') };
}

function isRecorded(found: KnownDeployment, recorded: RecordedDeployment | undefined): boolean {
  if (!recorded) return false;
  return recorded.id === deploymentId(found) || (recorded.arn !== undefined && recorded.arn === found.listed?.arn);
}

/** Deployments that are listed in an error. */
const MOST_LISTED = 10;

function notFound(
  found: Exclude<Attachment, { kind: 'found' }>,
  service: ServiceSnapshot,
  listed: readonly ListedServiceDeployment[],
): DeployError {
  if (found.kind === 'none') {
    return new DeployError({
      code: 'ecs.deployment_not_found',
      title: `the service ${service.name} has no deployment`,
      hints: ['Deploy to it first (deploy_service).'],
      exitCode: EXIT.notFound,
    });
  }
  const all = knownDeployments(service, listed);
  const lines = all.slice(0, MOST_LISTED).map((known) => {
    const status = known.listed?.status ?? known.snapshot?.rolloutState ?? known.snapshot?.status;
    return [deploymentId(known), status, known.listed?.arn].filter(Boolean).join(' ');
  });
  const told = found.how === 'recorded' ? ', which an earlier job of this workflow has told of' : '';
  return new DeployError({
    code: 'ecs.deployment_not_found',
    title: `the service ${service.name} has no deployment ${found.wanted}${told}`,
    message: ['The deployments that it has, the newest first:', ...lines].join('\n'),
    hints: [
      'Name one of these, or none, for the one in flight. AWS forgets service deployments after 90 days.',
      ...(all.length > MOST_LISTED ? [`${all.length - MOST_LISTED} older ones are not shown.`] : []),
    ],
    exitCode: EXIT.notFound,
  });
}
