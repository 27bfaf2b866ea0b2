import { imagesByContainer } from '../../plan/task-definition/containers.ts';
import type { ActionContext } from '../context.ts';
import type { Outcome } from '../define-action.ts';
import type { DeployInputs, DeployOutputs } from '../deploy-service.ts';
import { checkDeployInputs } from './check-deploy-inputs.ts';
import { changeOf, deployRevision, planDeploy, type DeployPlan } from './deploy-revision.ts';
import { revisionToDeploy, type RevisionToDeploy } from './revision-to-deploy.ts';
import { serviceToDeploy, type ServiceToDeploy } from './service-to-deploy.ts';

/** The work of deploy-service. */
export async function deployFromInputs(inputs: DeployInputs, context: ActionContext): Promise<Outcome<DeployOutputs>> {
  const checked = await checkDeployInputs(inputs, context);
  const session = await context.openSession(inputs);
  const target = await serviceToDeploy(checked, session, context.progress);
  const revision = await revisionToDeploy(checked, target, { dryRun: inputs.dryRun }, session, context);
  const plan = await planDeploy(revision, target, checked, session, context);
  if (inputs.dryRun) return dryRun(plan, revision, target, context);
  const { arn } = revision;
  if (arn === undefined) throw new Error('outside of a dry run there is a revision');
  const deployed = await deployRevision(plan, { ...revision, arn }, target, checked, inputs, session, context);
  const { outputs, failure, change } = deployed;
  return {
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
