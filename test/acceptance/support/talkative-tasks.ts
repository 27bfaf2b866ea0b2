import type { JsonObject } from '../../../src/core/json.ts';
import { webDefinition } from '../../local-aws/ecs/ecs-stage.ts';
import { PAUSING } from './ecs-world.ts';
import { REGION, type LocalCloud } from './local-cloud.ts';
import { IN_DEFINITION, TALKATIVE_LOG, VARIABLES } from './planted-secrets.ts';

const EXECUTION_ROLE = 'arn:aws:iam::123456789012:role/execution';
const TO_CLOUDWATCH = {
  logDriver: 'awslogs',
  options: {
    'awslogs-group': '/ecs/web',
    'awslogs-region': REGION,
    'awslogs-stream-prefix': 'ecs',
    'awslogs-create-group': 'true',
  },
};
export const SECRET_TASK_FILE = 'secret-task.json';

/** A task definition that holds secrets, as a project would have it in a file. */
export function secretTaskDefinition(environment: JsonObject[]): JsonObject {
  const [app, sidecar] = webDefinition().containerDefinitions ?? [];
  const containerDefinitions = [{ ...app, environment, logConfiguration: TO_CLOUDWATCH }, { ...sidecar }];
  return { ...webDefinition(), executionRoleArn: EXECUTION_ROLE, containerDefinitions } as object as JsonObject;
}

export const TASK_DEFINITION = [
  'register-task-definition',
  '--task-definition',
  SECRET_TASK_FILE,
  '--container',
  'app',
];
const PLACE = ['--cluster', 'demo', '--service', 'web'];
export const MIGRATION = ['run-task', ...PLACE, '--task-definition', 'web', '--command', 'migrate'];

type Run = (args: readonly string[]) => Promise<void>;

/** The actions for ECS; tasks tell all that they know, and for a while all of them fail. */
export async function runOnEcs({ control }: LocalCloud, run: Run, runAsText: Run): Promise<void> {
  const exit = { exitCode: 1, reason: VARIABLES.SLACK_TOKEN, stoppedReason: `it had ${VARIABLES.NPM_TOKEN}` };
  const play = (...tasks: JsonObject[]) => control.setScenario({ ecs: { tasks } });
  const talking = { match: '*', log: TALKATIVE_LOG };
  const failing = { ...talking, exit };
  const environment = ['--container', 'app', '--environment', `API_TOKEN=${IN_DEFINITION}`];
  const variant = (value: string) => ['--container', 'app', '--environment', `VARIANT=${value}`];
  const overrides = JSON.stringify({
    containerOverrides: [{ name: 'app', environment: [{ name: 'API_TOKEN', value: IN_DEFINITION }] }],
  });
  const breaking = ['--deployment-configuration', '{"deploymentCircuitBreaker": {"enable": true, "rollback": true}}'];
  const pausing = ['--deployment-configuration', JSON.stringify(PAUSING), '--wait-until', 'paused'];

  play(talking);
  await run(TASK_DEFINITION);
  await runAsText([...TASK_DEFINITION, '--environment', 'API_TOKEN=another', '--dry-run']);
  await run(['deploy-service', ...PLACE, '--dry-run', ...environment]);
  await run(['deploy-service', ...PLACE, ...environment, ...breaking]);
  await runAsText([...MIGRATION, ...environment]);
  await run([...MIGRATION, '--overrides', overrides]);
  await run([...MIGRATION, ...environment, '--dry-run']);
  play(failing);
  await run([...MIGRATION, ...environment]);
  await run(['release-ecs-service', ...PLACE, ...variant('1'), '--migration-command', 'migrate']);
  await run(['deploy-service', ...PLACE, ...variant('2')]);
  play(talking);
  await run(['deploy-service', ...PLACE, ...variant('3'), ...pausing]);
  await run(['continue-deployment', ...PLACE, '--decision', 'reject']);
  await run(['watch-deployment', ...PLACE]);
  await run(['rollback-service', ...PLACE]);
  await run(['deploy-scheduled-task', '--schedule-name', 'nightly', '--group-name', 'tasks', ...environment]);
}
