import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import {
  CreateClusterCommand,
  CreateServiceCommand,
  DescribeServiceDeploymentsCommand,
  ECSClient,
  RegisterTaskDefinitionCommand,
  type DeploymentConfiguration,
} from '@aws-sdk/client-ecs';
import { catalog } from '../../src/actions/catalog.ts';
import { runProgram } from '../../src/cli/program.ts';
import type { Clock } from '../../src/core/clock.ts';
import type { JsonObject } from '../../src/core/json.ts';
import type { Result } from '../../src/core/result.ts';
import { startLocalAws, type LocalAws } from '../../src/local-aws/server.ts';
import type { Row } from './table.ts';

/** One poll interval, which grows from 5 s to 15 s, and a second; and what ECS is asked in any minute of a wait. */
const GOALS = { seconds: 15 + 1, calls: 12 };

/** Deployments that end at as many moments between two looks. */
const ENDS = 24;
const LONG_WAIT = '30m';

const BLUE_GREEN: DeploymentConfiguration = { strategy: 'BLUE_GREEN', bakeTimeInMinutes: 5 };

/**
 * How a deployment of ECS is waited for, on the virtual time of a local AWS: so that it is what is asked and when that
 * counts, and not this machine. What the machine takes from the last look to the exit is added.
 */
export async function ecsWaitRows(): Promise<Row[]> {
  process.env['AWS_SDK_JS_NODE_VERSION_SUPPORT_WARNING_DISABLED'] = 'true';
  const stage = await openEcs();
  try {
    const lags: number[] = [];
    for (let end = 0; end < ENDS; end++) {
      const scenario = { deployments: [{ match: 'web:2', durations: { PENDING: `${2000 + end * 2300}ms` } }] };
      lags.push(await stage.lagOf(scenario, end % 2 === 0 ? {} : BLUE_GREEN));
    }
    const calls: number[] = [];
    for (const configuration of [{}, BLUE_GREEN]) calls.push(await stage.callsOf(configuration));
    const [lag, most] = [Math.max(...lags), Math.max(...calls)];
    return [
      {
        what: `Wait for a deployment of ECS: from its end there to our exit, the longest of ${ENDS}`,
        ours: `${lag.toFixed(1)} s (${Math.min(...lags).toFixed(1)})`,
        theirs: '',
        measured: { value: lag, goal: GOALS.seconds, unit: 'seconds' },
      },
      {
        what: `the same for ${LONG_WAIT}: calls of AWS in any minute`,
        ours: `${most} calls`,
        theirs: '',
        measured: { value: most, goal: GOALS.calls, unit: 'calls' },
      },
    ];
  } finally {
    await stage.close();
  }
}

interface EcsBench {
  /** Seconds from the end of a deployment on AWS to our exit. */
  lagOf(scenario: JsonObject, configuration: DeploymentConfiguration): Promise<number>;
  /** Most calls in any minute of a wait for a deployment that never ends. */
  callsOf(configuration: DeploymentConfiguration): Promise<number>;
  close(): Promise<void>;
}

async function openEcs(): Promise<EcsBench> {
  const home = await mkdtemp(join(tmpdir(), 'aws-deploy-bench-ecs-'));
  const localAws = await startLocalAws();
  const credentials = { accessKeyId: 'AKIATEST', secretAccessKey: 'secret' };
  const ecs = new ECSClient({ endpoint: localAws.endpoint, region: 'eu-central-1', credentials });
  const { control } = localAws;

  async function start(scenario: JsonObject, deploymentConfiguration: DeploymentConfiguration): Promise<void> {
    control.reset();
    control.setRate(0);
    control.setScenario({ ecs: scenario });
    await ecs.send(new CreateClusterCommand({ clusterName: 'demo' }));
    await ecs.send(
      new RegisterTaskDefinitionCommand({
        family: 'web',
        containerDefinitions: [{ name: 'app', image: 'ghcr.io/acme/web:1', memory: 128 }],
      }),
    );
    const service = { cluster: 'demo', serviceName: 'web', taskDefinition: 'web', launchType: 'EC2' as const };
    await ecs.send(new CreateServiceCommand({ ...service, desiredCount: 2, deploymentConfiguration }));
    await control.advance(3_600_000);
    control.clearRequests();
  }

  return {
    async lagOf(scenario, configuration) {
      await start(scenario, configuration);
      const { result, sinceLastSleep } = await deploy(localAws, home, []);
      if (result.exitCode !== 0) throw new Error(`the deployment did not succeed: ${result.error?.title}`);
      const arn = String(result.outputs['serviceDeploymentArn']);
      const answer = await ecs.send(new DescribeServiceDeploymentsCommand({ serviceDeploymentArns: [arn] }));
      const end = answer.serviceDeployments?.[0]?.finishedAt;
      if (!end) throw new Error(`the deployment ${arn} has no end`);
      return (control.now().getTime() - end.getTime() + sinceLastSleep) / 1000;
    },
    async callsOf(configuration) {
      const strategy = configuration.strategy ?? 'ROLLING';
      const stuck = strategy === 'ROLLING' ? 'ROLLOUT' : 'SCALE_UP';
      await start({ deployments: [{ match: 'web:2', stuck }] }, configuration);
      const { result, lastSleptAt } = await deploy(localAws, home, ['--timeout', LONG_WAIT]);
      if (result.exitCode !== 8) throw new Error(`the deployment has ended: exit code ${result.exitCode}`);
      const requests = control.requests();
      const from = requests.findIndex(({ operation }) => operation === 'ecs:UpdateService') + 1;
      // What is asked for the explanation comes when the wait is over.
      const times = requests
        .slice(from)
        .map(({ time }) => Date.parse(time))
        .filter((time) => time < lastSleptAt);
      return Math.max(...times.map((first) => times.filter((time) => time >= first && time < first + 60_000).length));
    },
    async close() {
      ecs.destroy();
      await localAws.close();
      await rm(home, { recursive: true, force: true });
    },
  };
}

interface Deployed {
  result: Result;
  /** Milliseconds of this machine from the last pause to the exit. */
  sinceLastSleep: number;
  /** When the last pause was over, by the local AWS's clock. */
  lastSleptAt: number;
}

/** Deploys a new revision as the command line does, while the time of the local AWS passes in the pauses. */
async function deploy({ control, endpoint }: LocalAws, home: string, args: readonly string[]): Promise<Deployed> {
  let awakeSince = performance.now();
  let lastSleptAt = 0;
  const clock: Clock = {
    now: () => control.now(),
    async sleep(ms) {
      await control.advance(ms, { settle: true });
      awakeSince = performance.now();
      lastSleptAt = control.now().getTime();
    },
  };
  let stdout = '';
  await runProgram(
    [
      'deploy-service',
      '--cluster',
      'demo',
      '--service',
      'web',
      '--image',
      'ghcr.io/acme/web:2',
      '--output',
      'json',
      ...args,
    ],
    {
      env: {
        HOME: home,
        AWS_ENDPOINT_URL: endpoint,
        AWS_REGION: 'eu-central-1',
        AWS_ACCESS_KEY_ID: 'AKIATEST',
        AWS_SECRET_ACCESS_KEY: 'secret',
      },
      cwd: home,
      clock,
      signal: new AbortController().signal,
      stdout: (text) => (stdout += text),
      stderr: () => undefined,
    },
    catalog,
    [],
  );
  return { result: JSON.parse(stdout) as Result, sinceLastSleep: performance.now() - awakeSince, lastSleptAt };
}
