import { describe, expect, it } from '@jest/globals';
import type { JsonObject } from '../../../src/core/json.ts';
import { jobRequest, type JobChanges } from '../../../src/plan/job-run/job-request.ts';
import { requestLines } from '../../../src/plan/job-run/request-lines.ts';
import { CONTAINER, ECS, EKS, MULTINODE } from '../../support/definitions.ts';
import { failureOf } from '../../support/failures.ts';

const IDENTITY = { jobName: 'crawl-0123456789ab', jobQueue: 'nightly', jobDefinition: 'crawl:7' };
const NOTHING: JobChanges = {
  container: undefined,
  command: undefined,
  environment: undefined,
  parameters: undefined,
  arraySize: undefined,
  shareIdentifier: undefined,
};
const request = (definition: JsonObject, changes: Partial<JobChanges>): JsonObject =>
  jobRequest(IDENTITY, definition, { ...NOTHING, ...changes });

it('without changes the definition says everything', () => {
  expect(request(ECS, { command: [], environment: {}, parameters: {} })).toEqual(IDENTITY);
});

describe('command and environment reach the container, in the overrides of its kind', () => {
  const change = { command: ['sh', '-c', 'x'], environment: { A: '1' } };
  const pairs = [{ name: 'A', value: '1' }];

  it.each<[string, JsonObject, string | undefined, JsonObject]>([
    [
      'containerProperties',
      CONTAINER,
      undefined,
      { containerOverrides: { command: change.command, environment: pairs } },
    ],
    [
      'ecsProperties',
      ECS,
      'proxy',
      {
        ecsPropertiesOverride: {
          taskProperties: [{ containers: [{ name: 'proxy', command: change.command, environment: pairs }] }],
        },
      },
    ],
    [
      'eksProperties',
      EKS,
      'main',
      {
        eksPropertiesOverride: {
          podProperties: { containers: [{ name: 'main', command: change.command, env: pairs }] },
        },
      },
    ],
    [
      'an init container of eksProperties',
      EKS,
      'prepare',
      {
        eksPropertiesOverride: {
          podProperties: { initContainers: [{ name: 'prepare', command: change.command, env: pairs }] },
        },
      },
    ],
    [
      'a container of nodes',
      MULTINODE,
      '0',
      {
        nodeOverrides: {
          nodePropertyOverrides: [
            { targetNodes: '0', containerOverrides: { command: change.command, environment: pairs } },
          ],
        },
      },
    ],
    [
      'a task of nodes',
      MULTINODE,
      '1:2/main',
      {
        nodeOverrides: {
          nodePropertyOverrides: [
            {
              targetNodes: '1:2',
              ecsPropertiesOverride: {
                taskProperties: [{ containers: [{ name: 'main', command: change.command, environment: pairs }] }],
              },
            },
          ],
        },
      },
    ],
  ])('%s', (_kind, definition, container, overrides) => {
    expect(request(definition, { container, ...change })).toEqual({ ...IDENTITY, ...overrides });
  });

  it('it has to be said which one, when there are several', () => {
    expect(failureOf(() => request(ECS, change))).toMatchObject({
      exitCode: 2,
      hints: ['Give container, one of: main, proxy.'],
    });
  });
});

it('parameters, size and share stand beside', () => {
  const changes = { parameters: { day: '$(date)' }, arraySize: 3, shareIdentifier: 'teamA' };
  expect(request(CONTAINER, changes)).toEqual({
    ...IDENTITY,
    parameters: { day: '$(date)' },
    arrayProperties: { size: 3 },
    shareIdentifier: 'teamA',
  });
});

it('more than the 30 KiB that SubmitJob takes is refused before it is sent', () => {
  const failure = failureOf(() => request(CONTAINER, { environment: { BIG: 'ä'.repeat(16 * 1024) } }));
  expect(failure).toMatchObject({ exitCode: 2, title: expect.stringMatching(/would be \d+ bytes .* takes 30720$/) });
});

it('a request is shown without values that are secret', () => {
  const changes = { environment: { API_TOKEN: 'hush-1', A: '1' }, parameters: { dbPassword: 'hush-2', B: '2' } };
  const shown = requestLines(request(CONTAINER, changes)).join('\n');
  expect(shown).not.toContain('hush');
  expect(shown).toContain('"value": "1"');
  expect(shown).toContain('"B": "2"');
});
