import { ecsOf } from '../../aws/ecs/session-ecs.ts';
import type { AwsSession } from '../../aws/session.ts';
import { badArgument } from '../../core/errors.ts';
import type { Change } from '../../core/result.ts';
import { judgeServiceDeployment } from '../../plan/rollout/judge-service-deployment.ts';
import type { LifecycleHook, ServiceDeployment } from '../../plan/rollout/observation.ts';
import { choosePause, decidedBy, pauseText, type PauseChoice } from '../../plan/rollout/pause.ts';
import { eventsBefore } from '../../plan/rollout/telling/service-events.ts';
import { isFinal } from '../../plan/rollout/verdict.ts';
import type { ActionContext } from '../context.ts';
import type { ContinueInputs, ContinueOutputs } from '../continue-deployment.ts';
import type { Outcome } from '../define-action.ts';
import {
  judgeDeployment,
  type BegunDeployment,
  type JudgedDeployment,
  type JudgeRequest,
} from '../ecs/judge-deployment.ts';
import { endPause } from './end-pause.ts';
import { findDeployment, type FoundDeployment } from './find-deployment.ts';
import { followRequest } from './follow-inputs.ts';

/** The work of continue-deployment. */
export async function continueFromInputs(
  inputs: ContinueInputs,
  context: ActionContext,
): Promise<Outcome<ContinueOutputs>> {
  const { cluster, service, decision, onTimeout, onCancel, markVerified } = inputs;
  const following = followRequest(inputs);
  const record = await context.readRecord(inputs.record);
  const session = await context.openSession(inputs);
  const place = { cluster, service };
  const found = await findDeployment(place, inputs.deployment, record, session, context.progress);
  // Pauses are seen in service deployments only.
  if (found.denied) throw found.denied;
  const request: JudgeRequest = {
    place,
    ...following,
    wanted: decision === 'reject' ? 'rolled-back' : 'deployed',
    markVerified,
    onTimeout,
    onCancel,
  };
  // What was approved is the pause that the workflow stopped at: run again, this must not end one further on.
  const wish = { decision, hookId: inputs.hookId ?? found.recordedHookId };
  const asked: Asked = { found, wish, request, session, context };
  const now = await seenNow(found.serviceDeploymentArn, asked);
  return inputs.dryRun ? plan(now, asked) : carryOut(now, asked);
}

/** Everything that stays the same while it is worked on. */
interface Asked {
  found: FoundDeployment;
  wish: { decision: ContinueInputs['decision']; hookId: string | undefined };
  request: JudgeRequest;
  session: AwsSession;
  context: ActionContext;
}

/** Ends the pause, waiting for it when the deployment has not come there yet, and follows what comes after it. */
async function carryOut(now: ServiceDeployment | undefined, asked: Asked): Promise<Outcome<ContinueOutputs>> {
  const { request, context } = asked;
  const choice = choiceOf(now, asked);
  if (choice.kind !== 'none') return decide(now, choice, request, asked);
  if (!hasEnded(now)) context.progress.info('Nothing waits for a decision now; following it until something does');
  const beganAt = context.clock.now().getTime();
  const judged = await judgeDeployment(
    async () => asked.found,
    { ...request, goal: { kind: 'paused' } },
    asked.session,
    context,
  );
  if (judged.failure || judged.rollout.verdict.state !== 'PAUSED') return outcomeOf(judged, [], asked);
  const paused = await seenNow(judged.rollout.serviceDeploymentArn, asked);
  const timeout = Math.max(0, request.timeout - (context.clock.now().getTime() - beganAt));
  return decide(paused, choiceOf(paused, asked), { ...request, timeout }, asked);
}

async function decide(
  now: ServiceDeployment | undefined,
  choice: PauseChoice,
  request: JudgeRequest,
  asked: Asked,
): Promise<Outcome<ContinueOutputs>> {
  const { found, wish, session, context } = asked;
  const changes: Change[] = [];
  const begin = async (): Promise<BegunDeployment> => {
    // What the service told before was told by who started it.
    const service = await ecsOf(session).services.describe(request.place);
    if (now && choice.kind === 'end') {
      const verb = wish.decision === 'reject' ? 'Rejecting' : 'Continuing';
      context.progress.step(`${verb} at ${pauseText(choice.hook, now)}; decided by ${decidedBy(context.job)}`);
      const isOurs = await endPause(now.arn, choice.hook, actionOf(wish), session, context);
      if (isOurs) changes.push(changeOf(now, choice.hook, wish));
    } else if (choice.kind === 'passed') {
      context.progress.info(`The pause ${choice.hookId} does not wait any more; following what comes after it`);
    }
    return { ours: found.ours, told: eventsBefore(service?.events ?? []) };
  };
  const endedHookId = choice.kind === 'end' ? choice.hook.id : undefined;
  const following: JudgeRequest = { ...request, endedHookId, findBegun: async () => found };
  const judged = await judgeDeployment(begin, following, session, context);
  return outcomeOf(judged, changes, asked);
}

function plan(now: ServiceDeployment | undefined, asked: Asked): Outcome<ContinueOutputs> {
  const { found, wish, context } = asked;
  const choice = choiceOf(now, asked);
  const verdict = now && judgeServiceDeployment(now, []);
  const isEnd = now !== undefined && choice.kind === 'end';
  const verb = wish.decision === 'reject' ? 'reject' : 'continue';
  context.progress.step(
    isEnd
      ? `Would ${verb} at ${pauseText(choice.hook, now)}`
      : choice.kind === 'passed'
        ? `Would change nothing: the pause ${choice.hookId} does not wait (any more)`
        : hasEnded(now)
          ? `Would change nothing: the deployment has ended (${verdict?.state})`
          : `Would wait until something waits for a decision, and ${verb} there`,
  );
  return {
    component: found.service.name,
    status: 'planned',
    changes: isEnd ? [changeOf(now, choice.hook, wish)] : [],
    outputs: {
      serviceArn: found.service.arn,
      deploymentId: found.ours.id,
      serviceDeploymentArn: now?.arn,
      deploymentStatus: verdict?.state,
      stage: verdict?.stage,
      taskDefinitionArn: found.ours.taskDefinition,
      hookId: verdict?.hook?.id,
    },
  };
}

async function seenNow(arn: string | undefined, { session }: Asked): Promise<ServiceDeployment | undefined> {
  return arn === undefined ? undefined : ecsOf(session).services.deployment(arn);
}

/** Throws (exit code 2) with the ids when several wait and none is named. */
function choiceOf(now: ServiceDeployment | undefined, { wish }: Asked): PauseChoice {
  const isPaused = now !== undefined && judgeServiceDeployment(now, []).state === 'PAUSED';
  const choice = choosePause({ hooks: isPaused ? now.hooks : [] }, wish.hookId);
  if (choice.kind !== 'several') return choice;
  throw badArgument(`${choice.hooks.length} pauses of the deployment wait: say with hook_id which one is meant`, [
    `They are ${choice.hooks.map(({ id }) => id).join(', ')}.`,
    'Nothing was changed.',
  ]);
}

function hasEnded(now: ServiceDeployment | undefined): boolean {
  return now !== undefined && isFinal(judgeServiceDeployment(now, []));
}

function actionOf({ decision }: Asked['wish']): 'CONTINUE' | 'ROLLBACK' {
  return decision === 'reject' ? 'ROLLBACK' : 'CONTINUE';
}

function changeOf({ arn }: ServiceDeployment, { id, status }: LifecycleHook, wish: Asked['wish']): Change {
  return { resource: arn, kind: 'updated', diff: [`- ${id}: ${status}`, `+ ${id}: ${actionOf(wish)}`] };
}

function outcomeOf(
  { outputs, failure }: JudgedDeployment,
  changes: readonly Change[],
  { found: { service } }: Asked,
): Outcome<ContinueOutputs> {
  return {
    component: service.name,
    status: changes.length > 0 ? 'changed' : 'unchanged',
    changes,
    outputs: { ...outputs, serviceArn: outputs.serviceArn ?? service.arn },
    ...(failure ? { failure } : {}),
  };
}
