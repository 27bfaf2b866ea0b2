import { fileURLToPath } from 'node:url';
import { TagResourceCommand, type DeploymentConfiguration } from '@aws-sdk/client-ecs';
import { PutRuleCommand, PutTargetsCommand } from '@aws-sdk/client-eventbridge';
import type { ExitCode } from '../../../../src/core/exit-codes.ts';
import type { JsonObject } from '../../../../src/core/json.ts';
import { type EcsStage } from '../../../local-aws/ecs/ecs-stage.ts';
import { eventsClient } from '../../../local-aws/events/events-client.ts';
import { arnOf, ruleTarget, TOPIC } from '../../../actions/scheduled-task/scheduled-task-world.ts';
import { DEPLOY, SELDOM } from './run.ts';
import { NEW_IMAGE } from './world.ts';

/** What an action is asked to do beside the deployment of a service that is there, in which world, and how that ends. */
export interface Undertaking {
  name: string;
  argv: readonly string[];
  prepare(stage: EcsStage): Promise<void>;
  exitCode: ExitCode;
  /** The same when what it does after a failure is refused. */
  refused?: ExitCode;
  outputs: JsonObject;
  /** What there is then, beside what everything has in common, as everythingIn tells it. */
  leaves: readonly string[];
}

const PLACE = ['--cluster', 'demo', '--service', 'web', ...SELDOM];
const IMAGE = ['--image', `app=${NEW_IMAGE}`];
const PAUSE: DeploymentConfiguration = {
  strategy: 'BLUE_GREEN',
  lifecycleHooks: [{ targetType: 'PAUSE', lifecycleStages: ['POST_TEST_TRAFFIC_SHIFT'] }],
};
const BREAKER: DeploymentConfiguration = { deploymentCircuitBreaker: { enable: true, rollback: true } };
const STEADY = 900;

/** A service that runs revision 1, which is verified, and what a scenario has come then. */
function steady(deploymentConfiguration: DeploymentConfiguration = {}, ecs: JsonObject = {}) {
  return async (stage: EcsStage): Promise<void> => {
    await stage.restart();
    await stage.createService();
    await stage.pass(STEADY);
    const resourceArn = (await stage.service()).taskDefinition;
    await stage.ecs.send(new TagResourceCommand({ resourceArn, tags: [{ key: 'aws-deploy:verified', value: 'now' }] }));
    await stage.update({ deploymentConfiguration });
    stage.localAws.control.setScenario({ ecs });
  };
}

/** Then somebody deploys revision 2, so long ago, in seconds. */
function deployed(seconds: number, deploymentConfiguration: DeploymentConfiguration = {}, ecs: JsonObject = {}) {
  return async (stage: EcsStage): Promise<void> => {
    await steady(deploymentConfiguration, ecs)(stage);
    await stage.update({ taskDefinition: await stage.register({ cpu: '512', memory: '1024' }) });
    await stage.pass(seconds);
  };
}

/** Somebody has a rule run revision 1 every night. */
async function scheduled(stage: EcsStage): Promise<void> {
  await stage.restart();
  const events = eventsClient(stage.localAws);
  await events.send(new PutRuleCommand({ Name: 'nightly', ScheduleExpression: 'rate(1 day)' }));
  await events.send(new PutTargetsCommand({ Rule: 'nightly', Targets: [ruleTarget(), TOPIC] }));
  events.destroy();
}

const RUN_TASK = [
  'run-task',
  '--cluster',
  'demo',
  '--task-definition',
  'web',
  '--service',
  'web',
  '--container',
  'app',
];
const ONCE = ['--idempotency-key', 'migration-1', '--poll-interval', '15s'];
const CREATE = ['--create-from', fileURLToPath(new URL('service.json', import.meta.url))];
const RELEASE = ['release-ecs-service', ...PLACE, ...IMAGE];
const MIGRATION = ['--migration-command', 'migrate', '--migration-container', 'app'];
const runsTask = (rule: JsonObject) => steady({}, { tasks: [{ match: 'web', cluster: 'demo', ...rule }] });

/** The service as a revision serves it, after a first deployment that succeeded and others that ended so. */
const SERVED_BY = (revision: string, ...later: string[]): string[] => [
  `service web is to have 2 of ${revision}`,
  `service web has ${revision} RUNNING`,
  ...['SUCCESSFUL', ...later].map((status, index) => `service web deployment ${index + 1} ${status}`),
];
const VERIFIED_1 = 'revision web:1 aws-deploy:verified';

export const UNDERTAKINGS: readonly Undertaking[] = [
  {
    name: 'deploy-service: creates the service',
    argv: [...DEPLOY, ...SELDOM, ...CREATE],
    prepare: (stage) => stage.restart(),
    exitCode: 0,
    outputs: { deploymentStatus: 'SUCCEEDED' },
    leaves: ['revision web:1', 'revision web:2 aws-deploy:verified', ...SERVED_BY('web:2')],
  },
  {
    name: 'deploy-service: creates a service that never runs',
    argv: [...DEPLOY, ...SELDOM, ...CREATE],
    prepare: (stage) => stage.restart({ ecs: { tasks: [{ match: 'web:2', exit: { after: '2s', exitCode: 3 } }] } }),
    exitCode: 10,
    outputs: { deploymentStatus: 'FAILED' },
    leaves: [
      'revision web:1',
      'revision web:2 aws-deploy:rejected',
      'service web is to have 2 of web:2',
      'service web deployment 1 ROLLBACK_FAILED',
    ],
  },
  {
    name: 'continue-deployment: goes on to the end',
    argv: ['continue-deployment', ...PLACE],
    prepare: deployed(300, PAUSE),
    exitCode: 0,
    outputs: { deploymentStatus: 'SUCCEEDED' },
    leaves: [VERIFIED_1, 'revision web:2 aws-deploy:verified', ...SERVED_BY('web:2', 'SUCCESSFUL')],
  },
  {
    name: 'continue-deployment: rejects',
    argv: ['continue-deployment', ...PLACE, '--decision', 'reject'],
    prepare: deployed(300, PAUSE),
    exitCode: 0,
    outputs: { deploymentStatus: 'ROLLED_BACK' },
    leaves: [VERIFIED_1, 'revision web:2 aws-deploy:rejected', ...SERVED_BY('web:1', 'ROLLBACK_SUCCESSFUL')],
  },
  {
    name: 'watch-deployment: sees it succeed',
    argv: ['watch-deployment', ...PLACE],
    prepare: deployed(10),
    exitCode: 0,
    outputs: { deploymentStatus: 'SUCCEEDED' },
    leaves: [VERIFIED_1, 'revision web:2', ...SERVED_BY('web:2', 'SUCCESSFUL')],
  },
  {
    name: 'watch-deployment: sees it rolled back',
    argv: ['watch-deployment', ...PLACE],
    prepare: deployed(10, BREAKER, { tasks: [{ match: 'web:2', exit: { after: '2s', exitCode: 3 } }] }),
    exitCode: 9,
    outputs: { deploymentStatus: 'ROLLED_BACK' },
    leaves: [VERIFIED_1, 'revision web:2', ...SERVED_BY('web:1', 'ROLLBACK_SUCCESSFUL')],
  },
  {
    name: 'rollback-service: what is in flight',
    argv: ['rollback-service', ...PLACE],
    prepare: deployed(20),
    exitCode: 0,
    outputs: { deploymentStatus: 'ROLLED_BACK' },
    leaves: [VERIFIED_1, 'revision web:2 aws-deploy:rejected', ...SERVED_BY('web:1', 'ROLLBACK_SUCCESSFUL')],
  },
  {
    name: 'rollback-service: to the revision before',
    argv: ['rollback-service', ...PLACE],
    prepare: deployed(STEADY),
    exitCode: 0,
    outputs: { deploymentStatus: 'SUCCEEDED' },
    leaves: [VERIFIED_1, 'revision web:2 aws-deploy:rejected', ...SERVED_BY('web:1', 'SUCCESSFUL', 'SUCCESSFUL')],
  },
  {
    name: 'rollback-service: nothing to go back to',
    argv: ['rollback-service', ...PLACE],
    prepare: steady(),
    exitCode: 5,
    outputs: {},
    leaves: [VERIFIED_1, ...SERVED_BY('web:1')],
  },
  {
    name: 'run-task: ends well',
    argv: [...RUN_TASK, ...ONCE],
    prepare: steady(),
    exitCode: 0,
    outputs: { taskStatus: 'SUCCEEDED', exitCode: 0 },
    leaves: [VERIFIED_1, ...SERVED_BY('web:1'), 'task of web:1 STOPPED 0'],
  },
  {
    name: 'run-task: its container fails',
    argv: [...RUN_TASK, ...ONCE],
    prepare: runsTask({ exit: { after: '5s', exitCode: 3 } }),
    exitCode: 10,
    outputs: { taskStatus: 'FAILED', exitCode: 3 },
    leaves: [VERIFIED_1, ...SERVED_BY('web:1'), 'task of web:1 STOPPED 3'],
  },
  {
    name: 'run-task: its image can’t be pulled',
    argv: [...RUN_TASK, ...ONCE],
    prepare: runsTask({ failToStart: 'CannotPullContainerError: not found' }),
    exitCode: 10,
    outputs: { taskStatus: 'FAILED' },
    leaves: [VERIFIED_1, ...SERVED_BY('web:1'), 'task of web:1 STOPPED'],
  },
  {
    name: 'run-task: there is no place for it',
    argv: [...RUN_TASK, ...ONCE],
    prepare: runsTask({ noCapacity: 'RESOURCE:MEMORY' }),
    exitCode: 4,
    outputs: {},
    leaves: [VERIFIED_1, ...SERVED_BY('web:1')],
  },
  {
    name: 'run-task: its time is over',
    argv: [...RUN_TASK, ...ONCE, '--timeout', '5m'],
    prepare: runsTask({ stuck: 'PENDING' }),
    exitCode: 8,
    outputs: {},
    leaves: [VERIFIED_1, ...SERVED_BY('web:1'), 'task of web:1 STOPPED'],
  },
  {
    name: 'release-ecs-service: with a migration',
    argv: [...RELEASE, ...MIGRATION],
    prepare: steady(),
    exitCode: 0,
    // A run that finds the migration done does not tell its exit code.
    outputs: { deploymentStatus: 'SUCCEEDED' },
    leaves: [
      VERIFIED_1,
      'revision web:2 aws-deploy:verified',
      ...SERVED_BY('web:2', 'SUCCESSFUL'),
      'task of web:2 STOPPED 0',
    ],
  },
  {
    name: 'release-ecs-service: whose migration fails',
    argv: [...RELEASE, ...MIGRATION],
    prepare: steady({}, { tasks: [{ match: 'web:2', exit: { after: '2s', exitCode: 3 } }] }),
    exitCode: 10,
    outputs: { migrationExitCode: 3 },
    leaves: [VERIFIED_1, 'revision web:2 aws-deploy:rejected', ...SERVED_BY('web:1'), 'task of web:2 STOPPED 3'],
  },
  {
    name: 'release-ecs-service: that ECS rolls back',
    argv: RELEASE,
    prepare: steady(BREAKER, { tasks: [{ match: 'web:2', exit: { after: '2s', exitCode: 3 } }] }),
    exitCode: 9,
    outputs: { deploymentStatus: 'ROLLED_BACK' },
    leaves: [VERIFIED_1, 'revision web:2 aws-deploy:rejected', ...SERVED_BY('web:1', 'ROLLBACK_SUCCESSFUL')],
  },
  {
    name: 'release-ecs-service: that ECS leaves as it failed',
    argv: RELEASE,
    prepare: steady(
      { deploymentCircuitBreaker: { enable: true, rollback: false } },
      { tasks: [{ match: 'web:2', exit: { after: '2s', exitCode: 3 } }] },
    ),
    exitCode: 9,
    refused: 10,
    outputs: { rolledBackTo: arnOf('web:1') },
    leaves: [VERIFIED_1, 'revision web:2 aws-deploy:rejected', ...SERVED_BY('web:1', 'STOPPED', 'SUCCESSFUL')],
  },
  {
    name: 'register-task-definition: a revision',
    argv: ['register-task-definition', '--family', 'web', ...IMAGE],
    prepare: steady(),
    exitCode: 0,
    outputs: { revision: 2 },
    leaves: [VERIFIED_1, 'revision web:2', ...SERVED_BY('web:1')],
  },
  {
    name: 'deploy-scheduled-task: moves a rule',
    argv: ['deploy-scheduled-task', '--rule-name', 'nightly', ...IMAGE],
    prepare: scheduled,
    exitCode: 0,
    outputs: { taskDefinitionArn: arnOf('web:2') },
    leaves: ['revision web:1', 'revision web:2', 'rule nightly tasks web:2', 'rule nightly tell'],
  },
];
