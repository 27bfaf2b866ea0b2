import { badArgument } from '../../core/errors.ts';
import { isJsonObject } from '../../core/json.ts';
import type { ModelFinding } from '../../aws/schema-findings.ts';
import type { TaskRunWish } from './task-run-request.ts';

/** A second below is a flood of calls that AWS answers by refusing them. */
const SHORTEST_POLL_MS = 1000;

/** Throws (exit code 2) for what is wrong whatever AWS has: contradictions, and JSON of another shape than RunTask's. */
export async function checkTaskRunRequest(wish: TaskRunWish): Promise<void> {
  const { taskDefinition, service, launchType = 'keep', platformVersion, pollInterval } = wish;
  if (taskDefinition === undefined && service === undefined) {
    throw badArgument('it is not said what to run', [
      'Give task_definition, or service to run what a service runs, or run register_task_definition before.',
    ]);
  }
  if (pollInterval < SHORTEST_POLL_MS) throw badArgument('poll_interval must be at least 1s');
  if (launchType !== 'keep' && wish.capacityProviderStrategy !== undefined) {
    throw badArgument('launch_type and capacity_provider_strategy contradict each other: give one of them');
  }
  if (platformVersion !== undefined && (launchType === 'EC2' || launchType === 'EXTERNAL')) {
    throw badArgument(`platform_version is for Fargate, and launch_type is ${launchType}`);
  }
  await checkShapes(wish);
}

async function checkShapes({ overrides, capacityProviderStrategy }: TaskRunWish): Promise<void> {
  if (overrides !== undefined && !isJsonObject(overrides)) throw badArgument('overrides must be a JSON object');
  if (capacityProviderStrategy !== undefined && !Array.isArray(capacityProviderStrategy)) {
    throw badArgument('capacity_provider_strategy must be a JSON array');
  }
  if (overrides === undefined && capacityProviderStrategy === undefined) return;
  const { runTaskFindings } = await import('../../aws/ecs/run-task-model.ts');
  const [finding, ...more] = runTaskFindings({
    ...(overrides === undefined ? {} : { overrides }),
    ...(capacityProviderStrategy === undefined ? {} : { capacityProviderStrategy }),
  });
  if (finding) throw badArgument(findingText(finding), more.map(findingText));
}

/** AWS passes over members that it does not know: a misspelt one would run something else than was meant. */
function findingText({ path: [parameter, ...rest], message }: ModelFinding): string {
  const name = parameter === 'overrides' ? 'overrides' : 'capacity_provider_strategy';
  return [name, ...rest.map((step) => (typeof step === 'number' ? `[${step}]` : `.${step}`)), ` ${message}`].join('');
}
