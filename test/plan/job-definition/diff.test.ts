import { describe, expect, it } from '@jest/globals';
import type { JsonObject } from '../../../src/core/json.ts';
import { diffDefinitions } from '../../../src/plan/job-definition/diff.ts';
import { CONTAINER, EKS, withContainer } from '../../support/definitions.ts';

function environment(...pairs: [string, string][]): JsonObject {
  return withContainer(CONTAINER, { environment: pairs.map(([name, value]) => ({ name, value })) });
}

function pod(...env: JsonObject[]): JsonObject {
  return { eksProperties: { podProperties: { containers: [{ name: 'main', image: 'a', env }] } } };
}

describe('diffDefinitions', () => {
  it('is empty for what AWS would make equal', () => {
    expect(diffDefinitions({ ...CONTAINER, parameters: {}, revision: 3 }, CONTAINER)).toEqual([]);
  });

  it('shows what was and what will be', () => {
    expect(diffDefinitions(CONTAINER, withContainer(CONTAINER, { image: 'ghcr.io/acme/crawl:2' }))).toEqual([
      '- containerProperties.image: "ghcr.io/acme/crawl:1"',
      '+ containerProperties.image: "ghcr.io/acme/crawl:2"',
    ]);
  });

  it('a first revision is all new', () => {
    expect(diffDefinitions(undefined, { jobDefinitionName: 'crawl', type: 'container' })).toEqual([
      '+ jobDefinitionName: "crawl"',
      '+ type: "container"',
    ]);
  });

  it('knows variables by name, so that one that came in between is one line', () => {
    expect(
      diffDefinitions(environment(['A', '1'], ['C', '3']), environment(['A', '1'], ['B', '2'], ['C', '3'])),
    ).toEqual(['+ containerProperties.environment[B]: "2"']);
  });

  it('knows resources by type and lists of plain values as a whole', () => {
    const after = withContainer(CONTAINER, {
      command: ['a', 'b'],
      resourceRequirements: [
        { type: 'VCPU', value: '2' },
        { type: 'MEMORY', value: '512' },
      ],
    });
    expect(diffDefinitions(CONTAINER, after)).toEqual([
      '+ containerProperties.command: ["a","b"]',
      '- containerProperties.resourceRequirements[VCPU].value: "1"',
      '+ containerProperties.resourceRequirements[VCPU].value: "2"',
    ]);
  });

  it('tells when variables of a pod changed places', () => {
    const variable = (name: string): JsonObject => ({ name, value: '1' });
    const [a, b, c] = [variable('A'), variable('B'), variable('C')];
    expect(diffDefinitions(pod(a, b), pod(b, c, a))).toEqual([
      '+ eksProperties.podProperties.containers[main].env[C]: "1"',
      '- eksProperties.podProperties.containers[main].env in the order A, B',
      '+ eksProperties.podProperties.containers[main].env in the order B, A',
    ]);
  });

  it('sees a change in the first of two variables of one name', () => {
    const second = { name: 'A', value: '2' };
    expect(diffDefinitions(pod({ name: 'A', value: '1' }, second), pod({ name: 'A', value: '3' }, second))).toEqual([
      '- eksProperties.podProperties.containers[main].env[A]: "1"',
      '+ eksProperties.podProperties.containers[main].env[A]: "3"',
    ]);
  });

  it('sees what is there without content', () => {
    const volumes = (volume: JsonObject): JsonObject => ({ eksProperties: { podProperties: { volumes: [volume] } } });
    expect(diffDefinitions(volumes({ name: 'tmp' }), volumes({ name: 'tmp', emptyDir: {} }))).toEqual([
      '+ eksProperties.podProperties.volumes[tmp].emptyDir: {}',
    ]);
  });

  it('is empty between a definition and itself, for every kind of list', () => {
    expect(diffDefinitions(EKS, structuredClone(EKS))).toEqual([]);
  });
});

describe('secrets are masked', () => {
  it.each<[string, JsonObject, JsonObject, string]>([
    [
      'a variable',
      environment(['DB_PASSWORD', 'old']),
      environment(['DB_PASSWORD', 'new']),
      'containerProperties.environment[DB_PASSWORD]',
    ],
    [
      'a variable with dots in its name',
      environment(['db.password.main', 'old']),
      environment(['db.password.main', 'new']),
      'containerProperties.environment[db.password.main]',
    ],
    [
      'a variable with a member that this code has never heard of',
      withContainer(CONTAINER, { environment: [{ name: 'API_TOKEN', value: 'old', brandNew: true }] }),
      withContainer(CONTAINER, { environment: [{ name: 'API_TOKEN', value: 'new', brandNew: true }] }),
      'containerProperties.environment[API_TOKEN].value',
    ],
    ['a parameter', { parameters: { apiToken: 'old' } }, { parameters: { apiToken: 'new' } }, 'parameters.apiToken'],
    [
      'an option of the log driver',
      withContainer(CONTAINER, { logConfiguration: { options: { 'splunk-token': 'old' } } }),
      withContainer(CONTAINER, { logConfiguration: { options: { 'splunk-token': 'new' } } }),
      'containerProperties.logConfiguration.options.splunk-token',
    ],
  ])('%s', (_what, before, after, path) => {
    expect(diffDefinitions(before, after)).toEqual([`- ${path}: ****`, `+ ${path}: ****`]);
  });

  it('but not where a secret is only referred to', () => {
    const valueFrom = 'arn:aws:ssm:eu-west-1:123456789012:parameter/db';
    expect(
      diffDefinitions(CONTAINER, withContainer(CONTAINER, { secrets: [{ name: 'DB_PASSWORD', valueFrom }] })),
    ).toContain(`+ containerProperties.secrets[DB_PASSWORD].valueFrom: "${valueFrom}"`);
  });
});
