import { describe, expect, it } from '@jest/globals';
import { hostEnvironment } from '../../../src/runner/job/host-environment.ts';
import { jobEnvironment, type EnvironmentLayers } from '../../../src/runner/job/job-environment.ts';

const place = { folder: '/j', home: '/j/home', temp: '/j/tmp', bashEnv: '/j/bash-env', control: '/j/control' };

const identity: EnvironmentLayers['identity'] = {
  name: 'deploy-prod',
  node: 1,
  parallelism: 2,
  workingDirectory: '~/project',
  jobId: 'job-id',
  workflowId: 'workflow-id',
  pipelineId: 'pipeline-id',
  organizationId: 'org-id',
  projectId: 'project-id',
  buildNumber: 7,
  commit: 'c0ffee',
  branch: 'main',
};

function environment(layers: Partial<EnvironmentLayers> = {}): Readonly<Record<string, string>> {
  return jobEnvironment({ image: {}, contexts: [], identity, place, job: new Map(), ...layers });
}

describe('jobEnvironment', () => {
  it('has what CircleCI tells a job, and nothing that is not known', () => {
    expect(environment()).toEqual({
      AWS_DEPLOY_LOCAL_CONTROL: '/j/control',
      BASH_ENV: '/j/bash-env',
      CI: 'true',
      CIRCLECI: 'true',
      CIRCLE_BRANCH: 'main',
      CIRCLE_BUILD_NUM: '7',
      CIRCLE_JOB: 'deploy-prod',
      CIRCLE_NODE_INDEX: '1',
      CIRCLE_NODE_TOTAL: '2',
      CIRCLE_ORGANIZATION_ID: 'org-id',
      CIRCLE_PIPELINE_ID: 'pipeline-id',
      CIRCLE_PROJECT_ID: 'project-id',
      CIRCLE_SHA1: 'c0ffee',
      CIRCLE_SHELL_ENV: '/j/bash-env',
      CIRCLE_WORKFLOW_ID: 'workflow-id',
      CIRCLE_WORKFLOW_JOB_ID: 'job-id',
      CIRCLE_WORKFLOW_WORKSPACE_ID: 'workflow-id',
      CIRCLE_WORKING_DIRECTORY: '~/project',
      HOME: '/j/home',
      PATH: '/usr/local/sbin:/usr/local/bin:/usr/sbin:/usr/bin:/sbin:/bin',
      TERM: 'xterm',
      TMPDIR: '/j/tmp',
    });
  });

  it.each([
    ['buildUrl', 'CIRCLE_BUILD_URL'],
    ['repositoryUrl', 'CIRCLE_REPOSITORY_URL'],
    ['projectUsername', 'CIRCLE_PROJECT_USERNAME'],
    ['projectReponame', 'CIRCLE_PROJECT_REPONAME'],
    ['username', 'CIRCLE_USERNAME'],
    ['oidcToken', 'CIRCLE_OIDC_TOKEN'],
    ['oidcTokenV2', 'CIRCLE_OIDC_TOKEN_V2'],
    ['tag', 'CIRCLE_TAG'],
  ])('%s is %s', (field, variable) => {
    expect(environment({ identity: { ...identity, [field]: 'x' } })).toMatchObject({ [variable]: 'x' });
  });

  it('has no branch when it has a tag', () => {
    expect(environment({ identity: { ...identity, tag: 'v1' } })).not.toHaveProperty('CIRCLE_BRANCH');
  });

  it('takes each variable from the strongest that sets it, as CircleCI documents it', () => {
    const all = (value: string, ...names: string[]) => Object.fromEntries(names.map((name) => [name, value]));
    const env = environment({
      image: all('image', 'A', 'B', 'C', 'D', 'E', 'CI', 'HOME'),
      project: all('project', 'B', 'C', 'D', 'E', 'CI'),
      contexts: [all('context 1', 'C', 'D', 'E', 'CI'), all('context 2', 'D', 'E', 'CI')],
      job: new Map([
        ['E', '$A'],
        ['CIRCLE_SHA1', 'job'],
      ]),
    });
    expect(env).toMatchObject({
      ...{ A: 'image', B: 'project', C: 'context 1', D: 'context 2', E: '$A' },
      ...{ CI: 'true', CIRCLE_SHA1: 'job', HOME: '/j/home' },
    });
  });

  it.each([
    [{ image: { PATH: '/image' } }, '/tools:/image'],
    [{ image: { PATH: '/image' }, job: new Map([['PATH', '/job']]) }, '/tools:/job'],
  ])('puts the tools in front of PATH: %j', (layers, path) => {
    expect(environment({ ...layers, toolsFolder: '/tools' })['PATH']).toBe(path);
  });
});

describe('hostEnvironment', () => {
  it.each(['PATH', 'LANG', 'LC_ALL', 'HTTPS_PROXY', 'no_proxy', 'DOCKER_HOST', 'PYENV_ROOT'])(
    'takes over %s',
    (name) => {
      expect(hostEnvironment({ [name]: 'x' })).toEqual({ [name]: 'x' });
    },
  );

  it.each([
    'HOME',
    'AWS_PROFILE',
    'AWS_SECRET_ACCESS_KEY',
    'GITHUB_TOKEN',
    'SSH_AUTH_SOCK',
    'BASH_ENV',
    'ENV',
    'NODE_OPTIONS',
  ])('does not take over %s', (name) => {
    expect(hostEnvironment({ [name]: 'x' })).toEqual({});
  });
});
