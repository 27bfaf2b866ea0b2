import { writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import type { ActionContext } from '../../../src/actions/context.ts';
import type { checkTaskDefinitionInputs } from '../../../src/actions/task-definition/check-inputs.ts';
import { jobEnvironment } from '../../../src/circleci/job-environment.ts';
import type { JsonObject } from '../../../src/core/json.ts';
import type { DescribedTaskDefinition } from '../../../src/plan/task-definition/described.ts';
import { systemClock } from '../../../src/core/clock.ts';
import { ecsWorldForTests, type EcsWorld } from '../../support/ecs-world.ts';
import { awsEnvironment } from '../../support/local-aws-world.ts';
import { runCli, type CliRun } from '../../support/run-cli.ts';
import { tempFolder } from '../../support/temp-folder.ts';

/** A file, what is put beside it, and where the CLI calls. */
export interface Release {
  file?: JsonObject | string;
  env?: Readonly<Record<string, string>>;
  /** The pipeline that releases. */
  pipeline?: number;
  /** Instead of the local AWS itself. */
  through?: { endpoint: string };
}

export interface TaskDefinitionWorld extends EcsWorld {
  /** Runs register-task-definition in an environment of its own. Waits take no time. */
  register(args: readonly string[], release?: Release): Promise<CliRun>;
  /** ACTIVE revisions, the oldest first. */
  revisions(family?: string): Promise<DescribedTaskDefinition[]>;
  newest(family?: string): Promise<DescribedTaskDefinition>;
}

type Inputs = Parameters<typeof checkTaskDefinitionInputs>[0];

/** Inputs that ask for nothing. */
export const NOTHING: Inputs = {
  taskDefinition: undefined,
  image: undefined,
  container: undefined,
  environment: undefined,
  secrets: undefined,
  removeEnvironment: undefined,
  containers: undefined,
  cpu: undefined,
  memory: undefined,
  tags: undefined,
  allowOlder: false,
  record: false,
};

/** For parts that are called by other actions; what they say is in `said`. Waits take no time. */
export function quietContext(members: Partial<ActionContext> = {}): { context: ActionContext; said: string[] } {
  const said: string[] = [];
  const say = (text: string): void => void said.push(text);
  const context: Partial<ActionContext> = {
    clock: { ...systemClock, sleep: () => Promise.resolve() },
    cwd: '/',
    job: jobEnvironment({}),
    signal: new AbortController().signal,
    progress: { step: say, info: say, warn: say, output: say },
    readRecord: () => Promise.resolve([]),
    ...members,
  };
  return { context: context as ActionContext, said };
}

/** The ECS of the tests, with revision 1 of `web`, and the CLI to register more. */
export function taskDefinitionsForTests(): () => TaskDefinitionWorld {
  const ecsWorld = ecsWorldForTests();
  return () => {
    const world = ecsWorld();
    const { taskDefinitions } = world.ecs;
    const revisions = async (family = 'web'): Promise<DescribedTaskDefinition[]> => {
      const arns = (await taskDefinitions.revisions(family, 'ACTIVE')).toReversed();
      return Promise.all(arns.map(async (arn) => (await taskDefinitions.describe(arn))!));
    };
    return {
      ...world,
      revisions,
      newest: async (family) => (await revisions(family)).at(-1)!,
      async register(args, { file, env = {}, pipeline, through } = {}) {
        const aws = await awsEnvironment(through ?? world.stage.localAws, { AWS_REGION: 'eu-central-1' });
        const cwd = await tempFolder();
        if (file !== undefined) {
          await writeFile(join(cwd, 'task.yml'), typeof file === 'string' ? file : JSON.stringify(file, null, 2));
        }
        const number: Record<string, string> =
          pipeline === undefined ? {} : { AWS_DEPLOY_PIPELINE_NUMBER: String(pipeline) };
        const what = file === undefined ? [] : ['--task-definition', 'task.yml'];
        return runCli(['register-task-definition', '--output', 'json', ...what, ...args], {
          env: { ...aws, ...number, ...env },
          cwd,
          clock: { ...systemClock, sleep: () => Promise.resolve() },
        });
      },
    };
  };
}
