import { newId } from '../ids.ts';
import { addEvent, type EcsService, primaryOf, type Rollout } from '../services/service-record.ts';
import type { EcsRegion, EcsState } from '../state.ts';
import { type EcsTask, isActive, isStopped } from '../tasks/task.ts';
import { isInFlight, type ServiceDeploymentRecord } from './deployment-record.ts';
import type { Counts } from './scheduler.ts';

/** A service with what belongs to it, at one moment. */
export class ServiceView {
  readonly state: EcsState;
  readonly service: EcsService;
  readonly now: number;

  constructor(state: EcsState, service: EcsService) {
    this.state = state;
    this.service = service;
    this.now = state.now();
  }

  get region(): EcsRegion {
    return this.state.region(this.service.region);
  }

  /** All that have not come to their end. */
  tasks(): EcsTask[] {
    const { serviceArn } = this.service;
    return [...this.region.tasks.values()].filter((task) => task.owner?.serviceArn === serviceArn && !isStopped(task));
  }

  tasksOf({ id }: Pick<Rollout, 'id'>): EcsTask[] {
    return this.tasks().filter(({ owner }) => owner!.rolloutId === id);
  }

  /** Of the rollouts together. */
  counts(...rollouts: Rollout[]): Counts {
    const tasks = rollouts.flatMap((rollout) => this.tasksOf(rollout)).filter(isActive);
    return { active: tasks.length, ready: tasks.filter(({ isReady }) => isReady).length };
  }

  primary(): Rollout | undefined {
    return primaryOf(this.service);
  }

  old(): Rollout[] {
    return this.service.rollouts.filter(({ status }) => status !== 'PRIMARY');
  }

  /** The primary has all its tasks, healthy, and nothing is left of any others. */
  isSettled(): boolean {
    const primary = this.primary();
    if (primary === undefined) return this.tasks().length === 0;
    const { desiredCount } = this.service;
    return this.counts(primary).ready === desiredCount && this.tasks().length === desiredCount;
  }

  /** Service deployments that go on, the latest one last. */
  inFlight(): ServiceDeploymentRecord[] {
    const { serviceArn } = this.service;
    return [...this.region.serviceDeployments.values()].filter(
      (record) => record.serviceArn === serviceArn && isInFlight(record),
    );
  }

  /** The deployment that decides what happens; undefined when none is in flight. */
  current(): ServiceDeploymentRecord | undefined {
    const record = this.region.serviceDeployments.get(this.service.currentDeployment ?? '');
    return record !== undefined && isInFlight(record) ? record : undefined;
  }

  /** `message` follows the service's name: `has reached a steady state.` */
  event(message: string): void {
    const { uuid } = newId(this.region, this.service.region);
    addEvent(this.service, {
      id: uuid,
      createdAt: this.now,
      message: `(service ${this.service.serviceName}) ${message}`,
    });
  }
}
