import type { JsonObject } from '../../../core/json.ts';
import { DEPLOYMENT_RULE } from './deployment-rules.ts';
import { listProblems } from './shape.ts';
import { TASK_RULE } from './task-rules.ts';

/** What is wrong with the `ecs` part of a scenario, a sentence each. */
export function ecsScenarioProblems({ tasks, deployments, unknownMembers, ...others }: JsonObject): string[] {
  const problems = Object.keys(others).map(
    (member) => `"ecs" has no member "${member}", only "deployments", "tasks" and "unknownMembers".`,
  );
  if (unknownMembers !== undefined && unknownMembers !== 'keep' && unknownMembers !== 'drop') {
    problems.push('"ecs.unknownMembers" must be "drop" or "keep".');
  }
  return [
    ...problems,
    ...listProblems(tasks, TASK_RULE, 'ecs.tasks'),
    ...listProblems(deployments, DEPLOYMENT_RULE, 'ecs.deployments'),
  ];
}
