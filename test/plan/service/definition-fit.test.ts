import { expect, it } from '@jest/globals';
import type { JsonObject } from '../../../src/core/json.ts';
import { fitProblems } from '../../../src/plan/service/definition-fit.ts';
import { ON_EC2, ON_FARGATE } from '../../support/task-definitions.ts';

const NETWORK: JsonObject = { awsvpcConfiguration: { subnets: ['subnet-1'] } };
const FARGATE_SERVICE: JsonObject = { launchType: 'FARGATE', networkConfiguration: NETWORK };

it.each<[string, JsonObject, JsonObject]>([
  ['on Fargate', ON_FARGATE, FARGATE_SERVICE],
  ['on EC2', ON_EC2, { launchType: 'EC2' }],
  [
    'behind a load balancer',
    ON_FARGATE,
    { ...FARGATE_SERVICE, loadBalancers: [{ targetGroupArn: 'arn:tg', containerName: 'web', containerPort: 8080 }] },
  ],
  [
    'with capacity providers',
    ON_FARGATE,
    { networkConfiguration: NETWORK, capacityProviderStrategy: [{ capacityProvider: 'FARGATE_SPOT' }] },
  ],
  ['as AWS describes it, with empty lists', ON_EC2, { launchType: 'EC2', loadBalancers: [], serviceRegistries: [] }],
])('a definition fits a service %s', (_what, definition, service) => {
  expect(fitProblems(definition, service)).toEqual([]);
});

it.each<[string, JsonObject, JsonObject, RegExp]>([
  [
    'a container that a load balancer sends to',
    ON_FARGATE,
    { ...FARGATE_SERVICE, loadBalancers: [{ containerName: 'app', containerPort: 8080 }] },
    /^The load balancer sends to the container app, which is not there \(containers: web, proxy\)\.$/,
  ],
  [
    'a port that a load balancer sends to',
    ON_FARGATE,
    { ...FARGATE_SERVICE, loadBalancers: [{ containerName: 'web', containerPort: 80 }] },
    /^The load balancer sends to port 80 of web, which has no such containerPort \(8080\)\.$/,
  ],
  [
    'a port that a registry names',
    ON_FARGATE,
    { ...FARGATE_SERVICE, serviceRegistries: [{ containerName: 'proxy', containerPort: 80 }] },
    /^The service registry sends to port 80 of proxy, which has no such containerPort \(none\)\.$/,
  ],
  ['subnets for awsvpc', ON_FARGATE, { launchType: 'FARGATE' }, /has no networkConfiguration with subnets/],
  ['awsvpc for subnets', ON_EC2, { launchType: 'EC2', networkConfiguration: NETWORK }, /needs networkMode awsvpc/],
  [
    'FARGATE among its compatibilities',
    { ...ON_FARGATE, requiresCompatibilities: ['EC2'] },
    FARGATE_SERVICE,
    /does not have FARGATE/,
  ],
  [
    'FARGATE for a capacity provider',
    { ...ON_FARGATE, requiresCompatibilities: [] },
    { networkConfiguration: NETWORK, capacityProviderStrategy: [{ capacityProvider: 'FARGATE' }] },
    /does not have FARGATE/,
  ],
])('a definition without %s does not fit', (_what, definition, service, problem) => {
  expect(fitProblems(definition, service)).toEqual([expect.stringMatching(problem)]);
});
