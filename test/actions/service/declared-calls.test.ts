import { writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { expect, it } from '@jest/globals';
import { deployService } from '../../../src/actions/deploy-service.ts';
import { DIGEST } from '../../support/definitions.ts';
import { webService } from '../../local-aws/ecs/ecs-stage.ts';
import { deployWorldForTests, PULL } from '../service-deploy/deploy-world.ts';

const world = deployWorldForTests();

/** Declared, and of no use for what is deployed here, or no operation of its own. */
const ELSEWHERE = [
  'ecr:BatchGetImage',
  'ecr:DescribeImages',
  'ecr:GetAuthorizationToken',
  'iam:PassRole',
  'logs:GetLogEvents',
];

it('deploy-service makes the calls that it declares, all of them and no others', async () => {
  const image = (digest: string): string[] => ['--image', `app=ghcr.io/acme/web@sha256:${digest.repeat(64)}`];
  await world().runningService({
    tasks: [{ match: 'web:2', failToStart: PULL, times: 3 }],
    deployments: [{ match: 'web:3', stuck: 'ROLLOUT' }],
  });
  await world().deploy(['--image', `app=ghcr.io/acme/web@${DIGEST}`]);
  await world().deploy(['--image', `app=ghcr.io/acme/web@${DIGEST}`]);
  await world().deploy([...image('3'), '--timeout', '1m', '--on-timeout', 'rollback']);
  await world().deploy(['--service', 'wbe']);
  await world().deploy(['--cluster', 'dmeo']);
  for (const taskDefinition of ['wbe', 'web']) {
    const service = { ...webService(), serviceName: 'api', taskDefinition };
    await writeFile(join(world().home, 'service.json'), JSON.stringify(service));
    await world().deploy(['--service', 'api', '--create-from', 'service.json']);
  }
  const called = new Set(world().calls());
  const declared = deployService.awsCalls.filter((call) => !ELSEWHERE.includes(call));
  expect([...called].toSorted()).toEqual([...new Set(declared)].toSorted());
});
