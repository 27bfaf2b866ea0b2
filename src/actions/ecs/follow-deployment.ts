import { ecsOf } from '../../aws/ecs/session-ecs.ts';
import type { ServicePlace } from '../../aws/ecs/services.ts';
import type { EcsOperations } from '../../aws/ecs/open-ecs.ts';
import { deployError, isAmbiguous, isThrottling } from '../../aws/errors.ts';
import type { AwsSession } from '../../aws/session.ts';
import type { DeployError } from '../../core/errors.ts';
import { crediblePassed } from '../../plan/job-run/patience.ts';
import { needsNewer } from '../../plan/rollout/judge-service-deployment.ts';
import type { ServiceDeployment, ServiceEvent, ServiceSnapshot } from '../../plan/rollout/observation.ts';
import {
  afterFailure,
  mayAskMore,
  nextPause,
  timeUntilCalls,
  untilHeartbeat,
  withCalls,
  type CallTimes,
} from '../../plan/rollout/polling.ts';
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
import { waitEnd, type WaitEnd, type WaitGoal } from '../../plan/rollout/wait-goal.ts';
import type { ActionContext } from '../context.ts';

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
  readonly #session: AwsSession;
  readonly #services: EcsOperations['services'];
  readonly #context: ActionContext;
  #rollout: Rollout;
  #told: ToldEvents;
  #events: ServiceEvent[] = [];
  #service: ServiceSnapshot | undefined;
  #deployment: ServiceDeployment | undefined;
  #hasServiceDeployments = true;
  #made: CallTimes = [];
  #lastCall: EcsCall = 'DescribeServices';
  #waitedMs = 0;
  #silentMs = 0;
  #looks = 0;
  #failures = 0;
  #isRenewed = false;

  constructor(request: FollowRequest, session: AwsSession, ecs: EcsOperations, context: ActionContext) {
    this.#request = request;
    this.#session = session;
    this.#services = ecs.services;
    this.#context = context;
    this.#rollout = beginRollout(request.ours);
    this.#told = request.told;
  }

  async follow(): Promise<FollowedDeployment> {
    const { clock } = this.#context;
    const { goal, timeout } = this.#request;
    for (;;) {
      const began = clock.now().getTime();
      await this.#look();
      const end = waitEnd(this.#rollout, goal);
      if (end) return this.#result(end);
      if (this.#waitedMs >= timeout) return this.#timeOver();
      const pause = Math.min(timeout - this.#waitedMs, this.#nextPause());
      await this.#pause(pause);
      this.#waitedMs += crediblePassed(clock.now().getTime() - began, pause);
    }
  }

  #timeOver(): Promise<FollowedDeployment> {
    this.#rollout = { ...this.#rollout, verdict: timedOut(this.#rollout.verdict, this.#waitedMs) };
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
    return { rollout, end, waitedMs: this.#waitedMs, events: this.#events, service, deployment };
  }

  async #look(): Promise<void> {
    try {
      const before = this.#rollout;
      this.#rollout = observe(await this.#identify(), await this.#observation());
      this.#looks += 1;
      this.#failures = 0;
      this.#isRenewed = false;
      for (const { level, text } of whatIsNew(before, this.#rollout)) this.#say(text, level);
    } catch (error) {
      if (await this.#survives(error)) return this.#look();
    }
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
    const { pollInterval } = this.#request;
    const arn = this.#rollout.serviceDeploymentArn;
    const { poll } = this.#services;
    const found =
      arn === undefined ? undefined : await this.#ask('DescribeServiceDeployments', () => poll.deployment(arn));
    if (found) this.#deployment = found;
    const isNeeded = found === undefined || mayAskMore(this.#made, this.#waitedMs, this.#looks, pollInterval);
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
    this.#made = withCalls(this.#made, this.#waitedMs);
    this.#lastCall = name;
    return call();
  }

  /** Whether to look again at once; throws when looking again does not help. */
  async #survives(error: unknown): Promise<boolean> {
    const { service } = this.#request.place;
    const told = deployError(error, `ecs:${this.#lastCall}`, service);
    switch (afterFailure(this.#failureKind(error, told), this.#isRenewed)) {
      case 'again-later':
        this.#failures += 1;
        if (this.#failures === 1) this.#say(`${told.title.replace(/: gave up.*/, '')}; asking less often`);
        return false;
      case 'renew-and-again':
        if (!(await this.#session.renewCredentials())) throw told;
        this.#isRenewed = true;
        this.#say('The AWS credentials had expired and were renewed');
        return true;
      case 'end':
        if (await this.#canDoWithout(told)) return true;
        throw told;
    }
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
    this.#say(`${title}; what ecs:DescribeServices tells of the rollout decides instead`, 'warn');
    return true;
  }

  #failureKind(error: unknown, { code }: DeployError): Parameters<typeof afterFailure>[0] {
    if (isThrottling(error) || isAmbiguous(error)) return 'passing';
    return code === 'aws.expired_credentials' ? 'expired' : 'lasting';
  }

  #sayEvents(service: ServiceSnapshot | undefined): void {
    if (!service) return;
    this.#service = service;
    const { events, told } = newEvents(this.#told, service.events);
    this.#told = told;
    this.#events.push(...events);
    for (const { message } of events) this.#say(message);
  }

  #nextPause(): number {
    const pause = nextPause(this.#looks, this.#failures, Math.random(), this.#request.pollInterval);
    // While it is not known which service deployment is ours, it is looked for, too.
    const needed = this.#hasServiceDeployments && this.#rollout.serviceDeploymentArn === undefined ? 2 : 1;
    return pause + timeUntilCalls(this.#made, this.#waitedMs + pause, needed);
  }

  async #pause(ms: number): Promise<void> {
    const { clock, signal } = this.#context;
    let left = ms;
    while (left > 0) {
      const slice = Math.min(left, untilHeartbeat(this.#silentMs));
      await clock.sleep(slice, signal);
      left -= slice;
      this.#silentMs += slice;
      if (untilHeartbeat(this.#silentMs) === 0) this.#beat(this.#waitedMs + ms - left);
    }
  }

  #beat(waitedMs: number): void {
    const counts = countsText(this.#request.ours, this.#service, this.#deployment);
    this.#say(stillText(this.#rollout, this.#failures > 0 ? 'it can not be looked at now' : counts, waitedMs));
  }

  #say(text: string, level: 'info' | 'warn' = 'info'): void {
    this.#silentMs = 0;
    this.#context.progress[level](text);
  }
}
