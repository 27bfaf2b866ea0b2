import { ecsOf } from '../../aws/ecs/session-ecs.ts';
import type { ServicePlace } from '../../aws/ecs/services.ts';
import { isAmbiguous } from '../../aws/errors.ts';
import type { AwsSession } from '../../aws/session.ts';
import { DeployError, retold } from '../../core/errors.ts';
import { EXIT } from '../../core/exit-codes.ts';
import type { JsonObject } from '../../core/json.ts';
import { attachedTo } from '../../plan/rollout/attach.ts';
import type { DeploymentSnapshot, ServiceSnapshot } from '../../plan/rollout/observation.ts';
import { serviceDeploymentOf, startedDeployment, type OurDeployment } from '../../plan/rollout/started-deployment.ts';
import { eventsBefore } from '../../plan/rollout/telling/service-events.ts';
import type { ActionContext } from '../context.ts';
import type { BegunDeployment } from '../ecs/judge-deployment.ts';

/** A call that starts a deployment. */
export interface StartRequest {
  place: ServicePlace;
  call: 'UpdateService' | 'CreateService';
  /** Its input, as it is sent. A CreateService has a clientToken. */
  input: JsonObject;
  /** ARN of the revision that is to be deployed. */
  taskDefinition: string;
  /** The service just before; undefined when it is created. */
  before: ServiceSnapshot | undefined;
}

const MOST_ATTEMPTS = 4;

/** A change may not be seen at once: so often it is looked for, with these pauses before, in milliseconds. */
const PAUSES_MS = [0, 1000, 3000];

/**
 * Starts a deployment exactly once: when the connection broke or the server failed, the service is looked at, and the call
 * is repeated only when nothing was started. An update that ECS needs no deployment for gives the one that the service has.
 */
export async function startDeployment(
  request: StartRequest,
  session: AwsSession,
  context: Pick<ActionContext, 'clock' | 'progress' | 'signal'>,
): Promise<BegunDeployment> {
  const { place, call, input, taskDefinition, before } = request;
  const { services } = ecsOf(session);
  for (let attempt = 1; ; attempt++) {
    let lost: DeployError | undefined;
    try {
      const after = await (call === 'CreateService' ? services.create(input) : services.update(input));
      const started = startedDeployment(before, after, taskDefinition);
      if (started.kind === 'started') return begun(started.deployment, before);
      if (started.kind === 'nothing') return begun(settled(started.primary), before);
    } catch (error) {
      const told = await services.told(call, place, error);
      if (!isAmbiguous(error)) throw told;
      lost = told;
      context.progress.warn(`The answer to ${call} was lost; looking whether it took effect`);
    }
    const seen = await findStarted(request, session, context).catch((error: unknown) => {
      throw error instanceof DeployError ? unknownWhether(error, request) : error;
    });
    if (seen) return seen;
    if (!lost) throw notSeen(request);
    if (attempt === MOST_ATTEMPTS) throw lost;
  }
}

/** Looks a few times for the deployment that a call has started. */
async function findStarted(
  request: StartRequest,
  session: AwsSession,
  { clock, signal }: Pick<ActionContext, 'clock' | 'signal'>,
): Promise<BegunDeployment | undefined> {
  const { services } = ecsOf(session);
  for (const pause of PAUSES_MS) {
    if (pause > 0) await clock.sleep(pause, signal);
    const found = startedIn(request, await services.describe(request.place));
    if (found) return found;
  }
  return findListed(request, session);
}

/**
 * Looks for it among the service deployments, which may show it while the service is still shown as it was. It is one that
 * the service did not have, younger than those that it had, by AWS's own clock.
 */
async function findListed(
  { place, taskDefinition, before }: StartRequest,
  session: AwsSession,
): Promise<BegunDeployment | undefined> {
  if (!before) return undefined;
  const { services } = ecsOf(session);
  const last = Math.max(...before.deployments.map(({ createdAt = 0 }) => createdAt));
  // Where they can't be listed, the service has told what there is.
  const listed = (await services.deployments(place, { most: 100 }).catch(() => undefined)) ?? [];
  const known = before.deployments.map((each) => serviceDeploymentOf({ ...each, announced: undefined }, listed));
  const newest = listed.find((each) => each.createdAt > last && !known.includes(each));
  const revision = newest && (await services.revision(newest.targetRevisionArn));
  if (!newest || revision?.taskDefinition !== taskDefinition) return undefined;
  const ours = attachedTo({ snapshot: undefined, listed: newest }, taskDefinition, before);
  return begun({ ...ours, before: before.taskDefinition }, before);
}

/** Looks once, for who has little time. */
export async function lookForStarted(request: StartRequest, session: AwsSession): Promise<BegunDeployment | undefined> {
  return startedIn(request, await ecsOf(session).services.poll.describe(request.place));
}

function startedIn(
  { before, taskDefinition }: StartRequest,
  after: ServiceSnapshot | undefined,
): BegunDeployment | undefined {
  if (after?.status !== 'ACTIVE') return undefined;
  const started = startedDeployment(before, after, taskDefinition);
  return started.kind === 'started' ? begun(started.deployment, before) : undefined;
}

function begun(ours: OurDeployment, before: ServiceSnapshot | undefined): BegunDeployment {
  return { ours, told: eventsBefore(before?.events ?? []) };
}

/** A deployment that the service has already. The service deployment that it names may be another one. */
export function settled({ id, taskDefinition, createdAt }: DeploymentSnapshot): OurDeployment {
  return { id, taskDefinition, createdAt, before: undefined, announced: undefined };
}

/** Does an error leave it open whether the deployment was started? */
export function mayBeStarted({ code }: DeployError): boolean {
  return code === NOT_SEEN || code === UNKNOWN;
}

const NOT_SEEN = 'ecs.deployment_not_seen';
const UNKNOWN = 'ecs.deployment_unknown';
const RUN_AGAIN = 'Run it again: a deployment of this revision that is on its way is followed.';

function unknownWhether(error: DeployError, { place }: StartRequest): DeployError {
  return retold(error, {
    code: UNKNOWN,
    title: `it is not known whether the deployment of ${place.service} was started: ${error.title}`,
    message: error.message,
    hints: [...error.hints, RUN_AGAIN],
  });
}

function notSeen({ place, call, taskDefinition }: StartRequest): DeployError {
  return new DeployError({
    code: NOT_SEEN,
    title: `${call} of ${place.service} was answered, but its deployment can not be seen`,
    message: `No deployment of ${taskDefinition} is listed with the service. Another deploy may have come right after.`,
    hints: [RUN_AGAIN],
    exitCode: EXIT.awsApi,
  });
}
