import { beforeAll, describe, expect, it } from '@jest/globals';
import { existsSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { isJsonObject } from '../../src/core/json.ts';
import { checkDockerfile } from '../../src/image/check-dockerfile.ts';
import { orbReference } from '../../src/orb/package-facts.ts';
import { taskDefinitionProblems } from '../../src/plan/task-definition/checks.ts';
import { containerName, containersOf } from '../../src/plan/task-definition/containers.ts';
import { compileJob, type CompilerOptions } from '../acceptance/support/orb-compiler.ts';
import { currentOrb } from '../acceptance/support/orb-under-test.ts';
import { sources } from '../orb/orb-sources.ts';
import { readJson, setupInput, standInNames } from './ecs-samples.ts';
import { readSampleConfig, workflowJobs } from './sample-config.ts';

/** Describes what a sample of ECS has: a config, a task definition, an image, and a service that is there before. */
export function describeEcsSample(sample: string): void {
  const config = readSampleConfig(join(sample, '.circleci/config.yml'));
  const jobs = Object.keys(config.workflows).flatMap((workflow) => workflowJobs(config, workflow));
  const orbJobs = jobs.flatMap(({ orbJob, ...job }) => (orbJob === undefined ? [] : [{ ...job, orbJob }]));
  const definition = readJson(join(sample, 'task-definition.json'));
  const service = setupInput(sample, 'ecs:CreateService');

  let compiler: CompilerOptions;
  beforeAll(async () => {
    compiler = { orb: await currentOrb(), prefix: 'aws-deploy', pipelineNumber: 1, booleans: 'words' };
  });

  describe('the config', () => {
    it('imports the orb of this version', () => {
      expect(config.orbs).toEqual({ 'aws-deploy': orbReference(sources.package) });
    });

    it.each(orbJobs)('gives the job $name what it takes, and files that are there', ({ orbJob, arguments: given }) => {
      expect(compileJob(compiler, orbJob, given).steps).not.toEqual([]);
      const files = ['task_definition', 'create_from'].flatMap((name) => given[name] ?? []).map(String);
      expect(files.filter((path) => !existsSync(join(sample, path)))).toEqual([]);
    });

    it.each(orbJobs)('has the job $name work with what is there', ({ arguments: given }) => {
      const { cluster = service['cluster'], service: name = service['serviceName'], repository } = given;
      expect([cluster, name]).toEqual([service['cluster'], service['serviceName']]);
      const { repositoryName } = setupInput(sample, 'ecr:CreateRepository');
      expect([undefined, repositoryName]).toContainEqual(repository);
    });
  });

  describe('the task definition', () => {
    it('has nothing that AWS would refuse', () => {
      expect(taskDefinitionProblems(definition)).toEqual([]);
    });

    it('is of the family, and has the container and the port, that the service is made with', () => {
      expect(definition['family']).toBe(service['taskDefinition']);
      const [balancer] = service['loadBalancers'] as { containerName: string; containerPort: number }[];
      const container = containersOf(definition).find((one) => containerName(one) === balancer?.containerName);
      expect(container?.['portMappings']).toEqual([
        expect.objectContaining({ containerPort: balancer?.containerPort }),
      ]);
    });

    it('logs to the group that is there', () => {
      const groups = containersOf(definition).map(({ logConfiguration }) => {
        const options = isJsonObject(logConfiguration) ? logConfiguration['options'] : {};
        return isJsonObject(options) ? options['awslogs-group'] : undefined;
      });
      const { logGroupName } = setupInput(sample, 'logs:CreateLogGroup');
      expect(new Set(groups)).toEqual(new Set([logGroupName]));
    });
  });

  describe('the image', () => {
    it('can be built without an engine, and without a network on a stand-in', async () => {
      const { bases } = await checkDockerfile({ contextDir: sample });
      expect(bases).toEqual(standInNames(sample));
      expect(bases).toEqual([expect.stringMatching(/:\d+\.\d+\.\d+-/)]);
    });

    it('has nothing in its context but what it copies', () => {
      expect(readFileSync(join(sample, '.dockerignore'), 'utf8')).toBe('*\n!app\n');
    });
  });
}
