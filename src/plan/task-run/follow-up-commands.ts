import { shellWords } from '../job-run/follow-up-commands.ts';

/** The command that tells how tasks are, and what they ended with. */
export function lookCommand(cluster: string, arns: readonly string[], region: string): string {
  return shellWords(['aws', 'ecs', 'describe-tasks', '--cluster', cluster, '--tasks', ...arns, '--region', region]);
}

export function stopCommand(cluster: string, arn: string, region: string): string {
  return shellWords(['aws', 'ecs', 'stop-task', '--cluster', cluster, '--task', arn, '--region', region]);
}

/** The command that finds tasks whose ARNs nobody knows. */
export function findCommand(cluster: string, startedBy: string, region: string): string {
  return shellWords(['aws', 'ecs', 'list-tasks', '--cluster', cluster, '--started-by', startedBy, '--region', region]);
}
