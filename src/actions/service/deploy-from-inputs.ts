import type { AwsSession } from '../../aws/session.ts';
import { imagesByContainer } from '../../plan/task-definition/containers.ts';
import type { ActionContext } from '../context.ts';
import type { Outcome } from '../define-action.ts';
import type { DeployInputs, DeployOutputs } from '../deploy-service.ts';
import type { JudgedDeployment } from '../ecs/judge-deployment.ts';
import { checkDeployInputs, type CheckedDeploy } from './check-deploy-inputs.ts';
import { changeOf, deployRevision, planDeploy, type DeployOptions, type DeployPlan } from './deploy-revision.ts';
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
  const plan = await planDeploy(revision, target, checked, session, context);
  if (options.dryRun) return { outcome: dryRun(plan, revision, target, context), judged: undefined };
  const { arn } = revision;
  if (arn === undefined) throw new Error('outside of a dry run there is a revision');
  const judged = await deployRevision(plan, { ...revision, arn }, target, checked, options, session, context);
  const { outputs, failure, change } = judged;
  const outcome: Outcome<DeployOutputs> = {
    component: nameOf(checked.place.service),
    status: change.kind === 'unchanged' && !revision.isNew ? 'unchanged' : 'changed',
    changes: [...(revision.change ? [revision.change] : []), change],
    outputs: {
      ...outputs,
      serviceArn: outputs.serviceArn ?? (target.kind === 'existing' ? target.service.arn : undefined),
      previousTaskDefinitionArn: previous(plan, target),
      images: imageTexts(revision),
    },
    ...(failure ? { failure } : {}),
  };
  return { outcome, judged };
}

/** What the service had before this deployment, whoever started it. */
function previous(plan: DeployPlan, target: ServiceToDeploy): string | undefined {
  if (plan.kind === 'attach' && plan.before !== undefined) return plan.before;
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
  { progress }: ActionContext,
): Outcome<DeployOutputs> {
  const name =
    target.kind === 'existing' ? target.service.name : String(plan.kind === 'create' && plan.input['serviceName']);
  switch (plan.kind) {
    case 'create':
      progress.step(`Would create the service ${name}`);
      break;
    case 'update':
      progress.step(`Would update the service ${name}`);
      if (plan.supersedes !== undefined)
        progress.warn(`Deployment ${plan.supersedes} is in flight; it would be superseded`);
      break;
    case 'attach':
      progress.step(
        plan.deployment.kind === 'there'
          ? `Would start nothing: ${name} has this revision`
          : `Would follow deployment ${plan.deployment.deployment.id}, which is on its way already`,
      );
      break;
  }
  for (const line of plan.kind === 'attach' ? [] : plan.diff) progress.info(`  ${line}`);
  const resource = target.kind === 'existing' ? target.service.arn : name;
  return {
    component: name,
    status: 'planned',
    changes: [...(revision.change ? [revision.change] : []), changeOf(plan, resource)],
    outputs: {
      serviceArn: target.kind === 'existing' ? target.service.arn : undefined,
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
