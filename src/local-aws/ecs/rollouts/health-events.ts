import type { EcsService } from '../services/service-record.ts';
import type { EcsTask } from '../tasks/task.ts';

/** How ECS tells of a task whose health checks have failed: those of its containers, or of the load balancer. */
export function failedChecks(service: EcsService, task: EcsTask): { event: string; stoppedReason: string } {
  const [loadBalancer] = service.settings.loadBalancers ?? [];
  const group = loadBalancer?.targetGroupArn;
  if (group === undefined || task.containers.some(({ hasHealthCheck }) => hasHealthCheck)) {
    return {
      event: `(task ${task.id}) failed container health checks.`,
      stoppedReason: 'Task failed container health checks',
    };
  }
  return {
    event: `(task ${task.id}) (port ${loadBalancer!.containerPort}) is unhealthy in (target-group ${group}) due to (reason Health checks failed).`,
    stoppedReason: `Task failed ELB health checks in (target-group ${group})`,
  };
}

/** What the service's events say when a task has come to or left its load balancer. */
export function registrationEvent({ settings }: EcsService, task: EcsTask): string | undefined {
  const [group] = (settings.loadBalancers ?? []).flatMap(({ targetGroupArn }) => targetGroupArn ?? []);
  if (!task.isRegistered || group === undefined) return undefined;
  if (task.lastStatus === 'RUNNING') return `registered 1 targets in (target-group ${group})`;
  return task.lastStatus === 'STOPPING' ? `deregistered 1 targets in (target-group ${group})` : undefined;
}
