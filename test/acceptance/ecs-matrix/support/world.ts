import { DescribeTaskDefinitionCommand, ListTaskDefinitionsCommand, type Service } from '@aws-sdk/client-ecs';
import { afterAll, beforeAll, jest } from '@jest/globals';
import { type EcsStage, startEcsStage } from '../../../local-aws/ecs/ecs-stage.ts';
import type { End } from './ends.ts';
import { CONFIGURATIONS, type Strategy } from './strategies.ts';

const NEW_DIGEST = `sha256:${'2'.repeat(64)}`;
export const NEW_IMAGE = `ghcr.io/acme/web@${NEW_DIGEST}`;

/** More than it was created with, as autoscaling does it: nobody is to take that back. */
export const DESIRED = 3;
const UNTIL_STEADY = 900;

/**
 * A local AWS for the tests of a file. The SDK waits in real time before it repeats a call, up to a time that it picks at
 * random: here it picks none.
 */
export function stageForTests(): () => EcsStage {
  let stage: EcsStage;
  beforeAll(async () => {
    jest.spyOn(Math, 'random').mockReturnValue(0);
    stage = await startEcsStage();
  });
  afterAll(async () => {
    jest.restoreAllMocks();
    await stage.close();
  });
  return () => stage;
}

/** A service `web` that runs well with revision 1; the next deployment goes as the end says. */
export async function prepare(stage: EcsStage, strategy: Strategy, end: End): Promise<void> {
  await stage.restart();
  await stage.createService({ deploymentConfiguration: CONFIGURATIONS[strategy] });
  await stage.pass(UNTIL_STEADY);
  await stage.update({ desiredCount: DESIRED, deploymentConfiguration: end.configuration?.(strategy) ?? {} });
  await stage.pass(UNTIL_STEADY);
  stage.localAws.control.setScenario({ ecs: end.scenario?.(strategy) ?? {} });
  stage.localAws.control.clearRequests();
}

/** What the local AWS holds, as far as a release is to change it or to leave it. */
export interface Holds {
  /** Revisions of the family. */
  revisions: number;
  /** Tags that revision 2 has from us by how it went. */
  tags: string[];
  /** The statuses of deployments, the oldest first, without that from before. */
  deployments: string[];
  /** Which revisions run, and whether those of revision 2 run the image that was asked for. */
  runs: string[];
  /** Which revision is PRIMARY, and how many tasks there are to be; undefined for a service that is gone. */
  primary: string | undefined;
  desiredCount: number | undefined;
}

export async function holdings(stage: EcsStage): Promise<Holds> {
  const { taskDefinitionArns = [] } = await stage.ecs.send(new ListTaskDefinitionsCommand({ familyPrefix: 'web' }));
  const service = await stage.service();
  const running = (await stage.tasks()).filter(({ lastStatus }) => lastStatus === 'RUNNING');
  const runs = running.map(({ taskDefinitionArn = '', containers = [] }) => {
    const revision = nameOf(taskDefinitionArn);
    const isAsked = containers.find(({ name }) => name === 'app')?.imageDigest === NEW_DIGEST;
    return revision === 'web:1' || isAsked ? revision : `${revision} with another image`;
  });
  return {
    revisions: taskDefinitionArns.length,
    tags: taskDefinitionArns.length > 1 ? await tagsOf(stage, 'web:2') : [],
    runs: [...new Set(runs)].toSorted(),
    ...(service.status === 'ACTIVE' ? await serviceHoldings(stage, service) : GONE),
  };
}

const GONE = { deployments: [], primary: undefined, desiredCount: undefined };

async function serviceHoldings(
  stage: EcsStage,
  { deployments = [], desiredCount }: Service,
): Promise<Pick<Holds, 'deployments' | 'primary' | 'desiredCount'>> {
  const [primary] = deployments.filter(({ status }) => status === 'PRIMARY');
  return { deployments: await statusesOf(stage), primary: nameOf(primary?.taskDefinition ?? ''), desiredCount };
}

async function tagsOf(stage: EcsStage, taskDefinition: string): Promise<string[]> {
  const { tags = [] } = await stage.ecs.send(new DescribeTaskDefinitionCommand({ taskDefinition, include: ['TAGS'] }));
  const names = tags.map(({ key }) => key?.replace('aws-deploy:', ''));
  return ['verified', 'rejected'].filter((name) => names.includes(name));
}

async function statusesOf(stage: EcsStage): Promise<string[]> {
  const deployments = await stage.deployments();
  return deployments
    .toReversed()
    .slice(1)
    .map(({ status }) => status ?? '');
}

/** `web:2` */
function nameOf(arn: string): string {
  return arn.split('/').at(-1) ?? arn;
}
