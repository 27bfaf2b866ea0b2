import { ecsOf } from '../../aws/ecs/session-ecs.ts';
import type { ServicePlace } from '../../aws/ecs/services.ts';
import type { EcsOperations } from '../../aws/ecs/open-ecs.ts';
import type { AwsSession } from '../../aws/session.ts';
import type { DeployError } from '../../core/errors.ts';
import { needsNewer } from '../../plan/rollout/judge-service-deployment.ts';
import type {
  LifecycleHook,
  ServiceDeployment,
  ServiceEvent,
  ServiceSnapshot,
} from '../../plan/rollout/observation.ts';
import { countsText, stillText, whatIsNew } from '../../plan/rollout/telling/progress-text.ts';
import { newEvents, type ToldEvents } from '../../plan/rollout/telling/service-events.ts';
import { primaryDeployment, serviceDeploymentOf, type OurDeployment } from '../../plan/rollout/started-deployment.ts';
import {
  beginRollout,
  observe,
  withServiceDeployment,
  type Observation,
  type Rollout,
} from '../../plan/rollout/track.ts';
import { timedOut } from '../../plan/rollout/verdict.ts';
import { missingTasks, waitEnd, type WaitEnd, type WaitGoal } from '../../plan/rollout/wait-goal.ts';
import { mayAskMore, nextPause, timeUntilCalls, withCalls, type CallTimes } from '../../plan/waiting/polling.ts';
import type { ActionContext } from '../context.ts';
import { PatientLook } from '../waiting/patient-look.ts';

export interface FollowRequest {
  place: ServicePlace;
  ours: OurDeployment;
  goal: WaitGoal;
  /** Which events are not to be told. */
  told: ToldEvents;
  /** Milliseconds. */
  timeout: number;
  /** Milliseconds between two looks; undefined: 5 s growing to 15 s. */
  pollInterval: number | undefined;
  /** A pause that was ended: an old answer may still show it. */
  endedHookId?: string | undefined;
}

export interface FollowedDeployment {
  /** With its verdict: TIMED_OUT when the time was over first. */
  rollout: Rollout;
  end: WaitEnd;
  waitedMs: number;
  /** What the service told since the call, the oldest first. */
  events: readonly ServiceEvent[];
  /** As they were seen last. */
  service: ServiceSnapshot | undefined;
  deployment: ServiceDeployment | undefined;
}

/**
 * Follows one deployment until it ends, or as far as it is to be waited for, and tells what happens. Throws when it can't
 * be seen (exit code 3 or 4); throttling and broken connections only make it ask less often.
 */
export async function followDeployment(
  request: FollowRequest,
  session: AwsSession,
  context: ActionContext,
): Promise<FollowedDeployment> {
  return new DeploymentFollower(request, session, ecsOf(session), context).follow();
}

type EcsCall = 'DescribeServices' | 'ListServiceDeployments' | 'DescribeServiceDeployments';

/** AWS's clocks may differ by so much from one answer to the next. */
const CLOCK_MARGIN_MS = 60_000;

class DeploymentFollower {
  readonly #request: FollowRequest;
  readonly #services: EcsOperations['services'];
  readonly #patient: PatientLook;
  #rollout: Rollout;
  #told: ToldEvents;
  #events: ServiceEvent[] = [];
  #service: ServiceSnapshot | undefined;
  #deployment: ServiceDeployment | undefined;
  #hasServiceDeployments = true;
  #made: CallTimes = [];
  #lastCall: EcsCall = 'DescribeServices';
  #looks = 0;
  /** Undefined when all tasks run, or nobody has asked for a count. */
  #missing: string | undefined;

  constructor(request: FollowRequest, session: AwsSession, ecs: EcsOperations, context: ActionContext) {
    this.#request = request;
    this.#services = ecs.services;
    this.#patient = new PatientLook(session, context, (waitedMs, isUnseen) => {
      const counts = countsText(request.ours, this.#service, this.#deployment);
      return stillText(this.#rollout, isUnseen ? 'it can not be looked at now' : counts, waitedMs);
    });
    this.#rollout = beginRollout(request.ours);
    this.#told = request.told;
  }

  async follow(): Promise<FollowedDeployment> {
    const { goal, timeout } = this.#request;
    for (;;) {
      await this.#look();
      const end = waitEnd(this.#rollout, goal);
      if (end) return this.#result(end);
      if (this.#patient.waitedMs >= timeout) return this.#timeOver();
      await this.#patient.pause(Math.min(timeout - this.#patient.waitedMs, this.#nextPause()));
    }
  }

  #timeOver(): Promise<FollowedDeployment> {
    const verdict = timedOut(this.#rollout.verdict, this.#patient.waitedMs);
    const [missing, cause] = [this.#missing, verdict.cause];
    const why = missing !== undefined && cause ? { ...cause, text: `${missing}, and ${cause.text}` } : cause;
    this.#rollout = { ...this.#rollout, verdict: { ...verdict, cause: why } };
    const end = waitEnd(this.#rollout, this.#request.goal);
    if (!end) throw new Error('a verdict that is final ends every wait');
    return this.#result(end);
  }

  async #result(end: WaitEnd): Promise<FollowedDeployment> {
    // The events of the end, which nobody has asked for yet.
    await this.#describe().then(
      (service) => this.#sayEvents(service),
      () => undefined,
    );
    const [rollout, service, deployment] = [this.#rollout, this.#service, this.#deployment];
    return { rollout, end, waitedMs: this.#patient.waitedMs, events: this.#events, service, deployment };
  }

  async #look(): Promise<void> {
    const look = async (): Promise<void> => {
      const before = this.#rollout;
      this.#rollout = this.#withoutMissing(observe(await this.#identify(), await this.#observation()));
      this.#looks += 1;
      for (const { level, text } of whatIsNew(before, this.#rollout)) this.#patient.say(text, level);
    };
    const { service } = this.#request.place;
    await this.#patient.look(
      look,
      () => `ecs:${this.#lastCall}`,
      service,
      (error) => this.#canDoWithout(error),
    );
  }

  /** What AWS calls a success is none before as many tasks run as were asked for. */
  #withoutMissing(rollout: Rollout): Rollout {
    const isSuccess = rollout.verdict.state === 'SUCCEEDED';
    const missing = isSuccess ? missingTasks(this.#request.goal, rollout.ours, this.#service) : undefined;
    if (missing !== undefined && missing !== this.#missing) this.#patient.say(missing);
    this.#missing = missing;
    return missing === undefined ? rollout : { ...rollout, verdict: { ...rollout.verdict, state: 'GOING' } };
  }

  /** Finds the service deployment that belongs to ours, as soon as AWS lists it. */
  async #identify(): Promise<Rollout> {
    if (!this.#hasServiceDeployments || this.#rollout.serviceDeploymentArn !== undefined) return this.#rollout;
    const listed = await this.#list();
    this.#hasServiceDeployments = listed !== undefined;
    const own = serviceDeploymentOf(this.#request.ours, listed ?? []);
    if (own) this.#rollout = withServiceDeployment(this.#rollout, own);
    return this.#rollout;
  }

  #sinceOurs(): { createdAfter?: number } {
    const { createdAt } = this.#request.ours;
    return createdAt === undefined ? {} : { createdAfter: createdAt - CLOCK_MARGIN_MS };
  }

  async #observation(): Promise<Observation> {
    const { endedHookId, goal, pollInterval } = this.#request;
    const arn = this.#rollout.serviceDeploymentArn;
    const { poll } = this.#services;
    const seen =
      arn === undefined ? undefined : await this.#ask('DescribeServiceDeployments', () => poll.deployment(arn));
    const isOld = ({ id, status }: LifecycleHook): boolean => id === endedHookId && status === 'AWAITING_ACTION';
    const found = seen && { ...seen, hooks: seen.hooks.filter((hook) => !isOld(hook)) };
    if (found) this.#deployment = found;
    const counts = found?.status === 'SUCCESSFUL' && goal.kind === 'stable' && goal.tasks !== undefined;
    const isNeeded =
      found === undefined || counts || mayAskMore(this.#made, this.#patient.waitedMs, this.#looks, pollInterval);
    const service = isNeeded ? await this.#describe() : undefined;
    this.#sayEvents(service);
    return {
      service: isNeeded ? (service ?? 'missing') : undefined,
      deployment: arn === undefined ? undefined : (found ?? 'missing'),
      newer: found && needsNewer(found) ? await this.#newer(found) : [],
    };
  }

  async #newer({ arn, createdAt = 0 }: ServiceDeployment): Promise<Observation['newer']> {
    const listed = await this.#list();
    return (listed ?? []).filter((other) => other.arn !== arn && other.createdAt > createdAt);
  }

  #describe(): Promise<ServiceSnapshot | undefined> {
    return this.#ask('DescribeServices', () => this.#services.poll.describe(this.#request.place));
  }

  #list(): ReturnType<EcsOperations['services']['poll']['deployments']> {
    const { place } = this.#request;
    return this.#ask('ListServiceDeployments', () => this.#services.poll.deployments(place, this.#sinceOurs()));
  }

  async #ask<T>(name: EcsCall, call: () => Promise<T>): Promise<T> {
    this.#made = withCalls(this.#made, this.#patient.waitedMs);
    this.#lastCall = name;
    return call();
  }

  /**
   * Who may not see service deployments still sees how a rolling update ends: AWS tells its rollout state with the service.
   * Of the other strategies, and behind a Classic Load Balancer, that would be no honest verdict.
   */
  async #canDoWithout({ code, title }: DeployError): Promise<boolean> {
    const { kind } = this.#request.goal;
    if (code !== 'aws.access_denied' || this.#lastCall === 'DescribeServices') return false;
    // Stages and pauses are seen in service deployments only.
    if (kind !== 'stable' && kind !== 'none') return false;
    const service = await this.#describe().catch(() => undefined);
    const primary = service && primaryDeployment(service);
    if (service?.strategy !== 'ROLLING' || primary?.rolloutState === undefined) return false;
    this.#hasServiceDeployments = false;
    this.#rollout = { ...this.#rollout, serviceDeploymentArn: undefined };
    this.#patient.say(`${title}; what ecs:DescribeServices tells of the rollout decides instead`, 'warn');
    return true;
  }

  #sayEvents(service: ServiceSnapshot | undefined): void {
    if (!service) return;
    this.#service = service;
    const { events, told } = newEvents(this.#told, service.events);
    this.#told = told;
    this.#events.push(...events);
    for (const { message } of events) this.#patient.say(message);
  }

  #nextPause(): number {
    const pause = nextPause(this.#looks, this.#patient.failures, Math.random(), this.#request.pollInterval);
    // While it is not known which service deployment is ours, it is looked for, too.
    const isUnidentified = this.#hasServiceDeployments && this.#rollout.serviceDeploymentArn === undefined;
    // And while tasks are missing, both the deployment and its counts.
    const needed = isUnidentified || this.#missing !== undefined ? 2 : 1;
    return pause + timeUntilCalls(this.#made, this.#patient.waitedMs + pause, needed);
  }
}
