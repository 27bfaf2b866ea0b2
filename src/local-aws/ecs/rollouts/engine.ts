import { AwsError } from '../../aws-error.ts';
import { deploymentPlay } from '../scenario/deployment-rules.ts';
import type { Rules } from '../scenario/rules.ts';
import type { EcsService } from '../services/service-record.ts';
import { type EcsState, lastPart } from '../state.ts';
import { findDefinition } from '../task-definitions/definition.ts';
import { subjectOf } from '../tasks/run-task.ts';
import { TaskRunner, type TaskWatcher } from '../tasks/task-runner.ts';
import type { EcsTask, TaskEnd } from '../tasks/task.ts';
import { advance, type ByOthers, deploymentTimes } from './advance.ts';
import { beginDeployment } from './begin-deployment.ts';
import type { ServiceDeploymentRecord } from './deployment-record.ts';
import { failRollout } from './endings.ts';
import { countFailure, countHealthy } from './failures.ts';
import { failedChecks, registrationEvent } from './health-events.ts';
import { afterAction } from './hooks.ts';
import { moveTasks } from './service-moves.ts';
import { ServiceView } from './service-view.ts';
import { settledTasks } from './settled-service.ts';
import { stageHookTimes, stageTimes } from './traffic-shifting.ts';

export interface ScenarioRules {
  tasks: Rules;
  deployments: Rules;
}

/** Keeps services as they are to be: the service scheduler and the deployments of ECS. */
export class Engine implements TaskWatcher {
  readonly #state: EcsState;
  readonly #rules: ScenarioRules;
  readonly runner: TaskRunner;
  /** What takes back the next look at a service, by its ARN. */
  readonly #timers = new Map<string, () => void>();
  /** Services that are being looked at: what their tasks tell meanwhile is looked at then. */
  readonly #busy = new Set<EcsService>();

  constructor(state: EcsState, rules: ScenarioRules) {
    this.#state = state;
    this.#rules = rules;
    this.runner = new TaskRunner(state, this);
  }

  /** Brings out the service as it is set now. `plain` is for a deployment that the scenario itself makes. */
  deploy(service: EcsService, { plain = false } = {}): ServiceDeploymentRecord {
    const view = this.#view(service);
    const region = this.#state.region(service.region);
    const cluster = region.clusters.get(lastPart(service.clusterArn))!;
    const definition = findDefinition(region, service.settings.taskDefinition!)!;
    const subject = { ...subjectOf(cluster, definition), service: service.serviceName };
    const play = deploymentPlay(plain ? undefined : this.#rules.deployments.take(subject));
    const record = beginDeployment(view, play);
    this.check(service);
    return record;
  }

  /** Has the service be as it is after a deployment that ended well. Rejects with AwsError for an image that is not there. */
  async settle(service: EcsService): Promise<void> {
    for (const task of await settledTasks(this.#view(service), this)) this.runner.begin(task);
    this.check(service);
  }

  /** Looks at everything that may have become possible or necessary for a service. */
  check(service: EcsService): void {
    if (this.#busy.has(service)) return;
    this.#busy.add(service);
    try {
      while (this.#step(service));
    } finally {
      this.#busy.delete(service);
    }
    this.#arm(service);
  }

  /** StopServiceDeployment of one that has not come to its end. */
  stopDeployment(record: ServiceDeploymentRecord, stopType: 'ROLLBACK' | 'ABORT'): void {
    const service = this.#serviceOf(record.region, record.serviceArn)!;
    if (record.status === 'PENDING' || record.status === 'IN_PROGRESS') {
      record.status = stopType === 'ROLLBACK' ? 'ROLLBACK_REQUESTED' : 'STOP_REQUESTED';
      record.statusReason = 'Service deployment was stopped by the user.';
      record.updatedAt = this.#state.now();
      const rollout = service.rollouts.find(({ id }) => id === record.rolloutId);
      if (rollout !== undefined) failRollout(rollout, record.statusReason, record.updatedAt);
    }
    this.check(service);
  }

  /** ContinueServiceDeployment. Throws AwsError when the hook does not wait for it. */
  continueDeployment(record: ServiceDeploymentRecord, hookId: string, action: 'CONTINUE' | 'ROLLBACK'): void {
    const hook = record.hooks.find((one) => one.hookId === hookId);
    if (hook === undefined) throw new AwsError('InvalidParameterException', 'The specified hookId was not found.');
    if (record.status !== 'IN_PROGRESS' || hook.status !== 'AWAITING_ACTION') {
      throw new AwsError('ConflictException', 'The lifecycle hook is not awaiting an action.');
    }
    record.hooks = record.hooks.map((one) => (one === hook ? afterAction(hook, action) : one));
    record.updatedAt = this.#state.now();
    this.check(this.#serviceOf(record.region, record.serviceArn)!);
  }

  /** Its tasks are stopped, and it is INACTIVE when the last of them is. Its deployments are gone with it. */
  deleteService(service: EcsService): void {
    service.status = 'DRAINING';
    service.desiredCount = 0;
    delete service.currentDeployment;
    const { serviceDeployments } = this.#state.region(service.region);
    for (const [arn, record] of serviceDeployments) {
      if (record.serviceArn === service.serviceArn) serviceDeployments.delete(arn);
    }
    this.check(service);
  }

  /** Takes up what the restored services and tasks were waiting for. */
  resume(): void {
    this.runner.resume();
    for (const [, { services }] of this.#state.regions()) for (const service of services.values()) this.#arm(service);
  }

  forget(): void {
    for (const takeBack of this.#timers.values()) takeBack();
    this.#timers.clear();
    this.runner.forget();
  }

  ending(task: EcsTask, end: TaskEnd): void {
    this.#withService(task, (view) => {
      if (end.isFailure)
        countFailure(
          view,
          view.service.rollouts.find(({ id }) => id === task.owner!.rolloutId),
        );
      view.service.isSteady = false;
    });
  }

  ready(task: EcsTask): void {
    this.#withService(task, (view) => {
      countHealthy(
        view,
        view.service.rollouts.find(({ id }) => id === task.owner!.rolloutId),
      );
    });
  }

  unhealthy(task: EcsTask): void {
    const service = this.#ownerOf(task);
    if (service === undefined) return;
    const { event, stoppedReason } = failedChecks(service, task);
    this.#view(service).event(event);
    this.runner.stop(task, { stopCode: 'ServiceSchedulerInitiated', stoppedReason, isFailure: true });
  }

  changed(task: EcsTask): void {
    this.#withService(task, (view) => {
      const event = registrationEvent(view.service, task);
      if (event !== undefined) view.event(event);
    });
  }

  pinnedDigest(task: EcsTask, container: string): string | undefined {
    return this.#imageOf(task, container)?.imageDigest;
  }

  pinDigest(task: EcsTask, container: string, digest: string): void {
    const image = this.#imageOf(task, container);
    if (image !== undefined) image.imageDigest = digest;
  }

  /** One step; false when there is nothing more to do now. */
  #step(service: EcsService): boolean {
    const view = this.#view(service);
    for (const record of view.inFlight()) {
      const step = advance(view, record);
      if (typeof step === 'object') this.#byOthers(service, step);
      if (step !== false) return true;
    }
    const mover = {
      rules: this.#rules.tasks,
      begin: (task: EcsTask) => this.runner.begin(task),
      stop: (task: EcsTask, end: TaskEnd) => this.runner.stop(task, end),
    };
    if (moveTasks(view, mover)) return true;
    this.#tidy(view);
    return false;
  }

  /** What somebody else does, by the scenario. */
  #byOthers(service: EcsService, step: ByOthers): void {
    if (step.what === 'delete') return this.deleteService(service);
    const region = this.#state.region(service.region);
    const definition = findDefinition(region, step.taskDefinition ?? service.settings.taskDefinition!);
    if (definition !== undefined) service.settings.taskDefinition = definition.taskDefinitionArn;
    this.deploy(service, { plain: true });
  }

  /** Drops rollouts that have been replaced, and tells of a steady state. */
  #tidy(view: ServiceView): void {
    const { service } = view;
    service.rollouts = service.rollouts.filter(
      (rollout) => (rollout.status === 'PRIMARY' && service.status === 'ACTIVE') || view.tasksOf(rollout).length > 0,
    );
    if (service.status === 'DRAINING' && view.tasks().length === 0) service.status = 'INACTIVE';
    if (service.status !== 'ACTIVE' || service.isSteady || view.inFlight().length > 0 || !view.isSettled()) return;
    service.isSteady = true;
    view.event('has reached a steady state.');
  }

  #withService(task: EcsTask, change: (view: ServiceView) => void): void {
    const service = this.#ownerOf(task);
    if (service === undefined) return;
    change(this.#view(service));
    this.check(service);
  }

  #imageOf({ owner, region }: EcsTask, container: string) {
    const revision = this.#state.region(region).serviceRevisions.get(owner?.revisionArn ?? '');
    return revision?.containerImages.find(({ containerName }) => containerName === container);
  }

  #ownerOf({ owner, region }: EcsTask): EcsService | undefined {
    return owner && this.#serviceOf(region, owner.serviceArn);
  }

  #serviceOf(region: string, arn: string): EcsService | undefined {
    return this.#state.region(region).services.get(arn);
  }

  #view(service: EcsService): ServiceView {
    return new ServiceView(this.#state, service);
  }

  #arm(service: EcsService): void {
    this.#timers.get(service.serviceArn)?.();
    this.#timers.delete(service.serviceArn);
    const view = this.#view(service);
    const inFlight = view.inFlight();
    const steps = inFlight.flatMap((record) => [...deploymentTimes(record), ...stageTimes(record)]);
    // Hooks wait for others; and who skipped the waits of a service whose tasks always fail would never come to an end.
    const appointments = [
      ...inFlight.flatMap(stageHookTimes),
      ...(service.launchAfter === undefined ? [] : [service.launchAfter]),
    ];
    const next = Math.min(...[...steps, ...appointments].filter((time) => time > view.now));
    if (next === Infinity) return;
    const look = (): void => {
      this.#timers.delete(service.serviceArn);
      this.check(service);
    };
    const kind = steps.includes(next) ? 'progress' : 'appointment';
    this.#timers.set(service.serviceArn, this.#state.world.timeline.at(new Date(next), look, kind));
  }
}
