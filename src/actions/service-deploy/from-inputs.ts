import type { AwsSession } from '../../aws/session.ts';
import { imagesByContainer } from '../../plan/task-definition/containers.ts';
import type { ActionContext } from '../context.ts';
import type { Outcome } from '../define-action.ts';
import type { DeployInputs, DeployOutputs } from '../deploy-service.ts';
import type { JudgedDeployment } from '../ecs/judge-deployment.ts';
import { checkDeployInputs, type CheckedDeploy } from './check-inputs.ts';
import { changeOf, deployRevision, type DeployOptions } from './deploy-revision.ts';
import { stopOnNewer } from './newer-release.ts';
import { planDeploy, type DeployPlan } from './plan-deploy.ts';
import { revisionToDeploy, type RevisionToDeploy } from './revision-to-deploy.ts';
import { serviceToDeploy, type ServiceToDeploy } from './service-to-deploy.ts';

/** The work of deploy-service. */
export async function deployFromInputs(inputs: DeployInputs, context: ActionContext): Promise<Outcome<DeployOutputs>> {
  const checked = await checkDeployInputs(inputs, context);
  const session = await context.openSession(inputs);
  const target = await serviceToDeploy(checked, session, context.progress);
  const revision = await revisionToDeploy(checked, target, { dryRun: inputs.dryRun }, session, context);
  return (await deployTo(revision, target, checked, inputs, session, context)).outcome;
}

/**
 * Brings a service to a revision and judges what comes of it; in a dry run says what would be done.
 * @returns what is told of it, and of how it was judged unless it is a dry run
 */
export async function deployTo(
  revision: RevisionToDeploy,
  target: ServiceToDeploy,
  checked: CheckedDeploy,
  options: DeployOptions & { dryRun: boolean },
  session: AwsSession,
  context: ActionContext,
): Promise<{ outcome: Outcome<DeployOutputs>; judged: JudgedDeployment | undefined }> {
  if (target.kind === 'existing') await stopOnNewer(target.service.taskDefinition, revision, checked, session);
  const plan = await planDeploy(revision, target, checked, session, context);
  if (options.dryRun) return { outcome: dryRun(plan, revision, target, checked, context), judged: undefined };
  const judged = await deployRevision(plan, revision, checked, options, session, context);
  const { outputs, failure } = judged;
  const serviceArn = outputs.serviceArn ?? (target.kind === 'existing' ? target.service.arn : undefined);
  const change = changeOf(plan, serviceArn ?? checked.place.service);
  const outcome: Outcome<DeployOutputs> = {
    component: nameOf(checked.place.service),
    status: plan.kind === 'attach' && !revision.isNew ? 'unchanged' : 'changed',
    changes: [...(revision.change ? [revision.change] : []), change],
    outputs: {
      ...outputs,
      serviceArn,
      previousTaskDefinitionArn: previous(plan, target),
      images: imageTexts(revision),
    },
    ...(failure ? { failure } : {}),
  };
  return { outcome, judged };
}

/** What the service had before this deployment, whoever started it. */
function previous(plan: DeployPlan, target: ServiceToDeploy): string | undefined {
  const isOnItsWay = plan.kind === 'attach' && plan.begun.ours.before !== undefined;
  if (isOnItsWay) return plan.begun.ours.before;
  return target.kind === 'existing' ? target.service.taskDefinition : undefined;
}

/** `CONTAINER=IMAGE` of every container. */
function imageTexts({ definition }: RevisionToDeploy): string[] {
  return Object.entries(imagesByContainer(definition)).map(([name, image]) => `${name}=${image}`);
}

function dryRun(
  plan: DeployPlan,
  revision: RevisionToDeploy,
  target: ServiceToDeploy,
  { place }: CheckedDeploy,
  { progress }: ActionContext,
): Outcome<DeployOutputs> {
  const name = nameOf(place.service);
  if (plan.kind === 'start') {
    progress.step(`Would ${plan.request.call === 'CreateService' ? 'create' : 'update'} the service ${name}`);
    for (const line of plan.diff) progress.info(`  ${line}`);
    if (plan.supersedes !== undefined) {
      progress.warn(`Deployment ${plan.supersedes} is in flight; it would be superseded`);
    }
  } else {
    progress.step(
      plan.isThere
        ? `Would start nothing: ${name} has this revision`
        : `Would follow deployment ${plan.begun.ours.id}, which is on its way already`,
    );
  }
  const serviceArn = target.kind === 'existing' ? target.service.arn : undefined;
  return {
    component: name,
    status: 'planned',
    changes: [...(revision.change ? [revision.change] : []), changeOf(plan, serviceArn ?? name)],
    outputs: {
      serviceArn,
      taskDefinitionArn: revision.arn,
      previousTaskDefinitionArn: previous(plan, target),
      images: imageTexts(revision),
    },
  };
}

/** Names and ARNs end in the name. */
function nameOf(nameOrArn: string): string {
  return nameOrArn.split('/').at(-1) ?? nameOrArn;
}
