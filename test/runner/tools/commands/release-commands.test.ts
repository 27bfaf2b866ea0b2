import { describe, expect, it } from '@jest/globals';
import { releasesOf } from '../../../../src/runner/tools/control-files.ts';
import { callTool, jobControl } from '../support/tool-stage.ts';

const release = (env: Record<string, string>, ...words: string[]) =>
  callTool(['circleci', 'run', 'release', ...words], { env });

describe('a deploy marker', () => {
  it('is planned and updated, and every step is left for the runner', async () => {
    const { folder, env } = await jobControl();
    await release(
      env,
      'plan',
      '--target-version=1.2',
      '--environment-name=prod',
      '--component-name',
      'api',
      '--rollback',
    );
    await release(env, 'update', '--status=running');
    const { exitCode, stdout } = await release(env, 'update', '--status=FAILED', '--failure-reason=no such host');
    expect(exitCode).toBe(0);
    expect(stdout).toContain('api 1.2 to prod, FAILED');
    const planned = {
      name: 'default',
      component: 'api',
      environment: 'prod',
      namespace: 'default',
      targetVersion: '1.2',
      rollback: true,
      at: expect.any(String),
    };
    expect(releasesOf(folder)).toEqual([
      { ...planned, action: 'plan', status: 'PENDING' },
      { ...planned, action: 'update', status: 'RUNNING' },
      { ...planned, action: 'update', status: 'FAILED', failureReason: 'no such host' },
    ]);
  });

  it("has CircleCI's defaults: the environment and namespace `default`, the project as component", async () => {
    const { folder, env } = await jobControl();
    await release(env, 'plan', '', '--target-version=1', '--namespace=');
    expect(releasesOf(folder)).toMatchObject([
      { name: 'default', environment: 'default', namespace: 'default', component: 'crawler', rollback: false },
    ]);
  });

  it('is found by its name among several', async () => {
    const { folder, env } = await jobControl();
    await release(env, 'plan', 'blue', '--target-version=1');
    await release(env, 'plan', 'green', '--target-version=2');
    await release(env, 'update', 'blue', '--status=SUCCESS');
    expect(releasesOf(folder).at(-1)).toMatchObject({ name: 'blue', targetVersion: '1', status: 'SUCCESS' });
  });

  it('that an earlier job of the workflow planned can be canceled by a later one', async () => {
    const first = await jobControl();
    await release(first.env, 'plan', '--target-version=1');
    const second = await jobControl(releasesOf(first.folder));
    await release(second.env, 'update', '--status=CANCELED', '--keep-target-version-live');
    expect(releasesOf(second.folder)).toMatchObject([
      { action: 'update', status: 'CANCELED', targetVersion: '1', keepsTargetVersionLive: true },
    ]);
  });

  it.each(['SUCCESS', 'FAILED', 'CANCELED'])('that is %s stays so', async (status) => {
    const { folder, env } = await jobControl();
    await release(env, 'plan', '--target-version=1');
    await release(env, 'update', `--status=${status}`);
    const { exitCode, stderr } = await release(env, 'update', '--status=RUNNING');
    expect(exitCode).toBe(1);
    expect(stderr).toContain(`deploy "default" is ${status} already`);
    expect(releasesOf(folder)).toHaveLength(2);
  });

  it('planned twice is warned of', async () => {
    const { env } = await jobControl();
    await release(env, 'plan', '--target-version=1');
    const { exitCode, stderr } = await release(env, 'plan', '--target-version=2');
    expect({ exitCode, stderr }).toEqual({ exitCode: 0, stderr: expect.stringContaining('was planned before') });
  });

  it('can be logged without a plan', async () => {
    const { folder, env } = await jobControl();
    const { stdout } = await release(env, 'log', '--target-version=1', '--environment-name=prod', '--namespace=eu');
    expect(stdout).toBe('Release logged: crawler 1 to prod (namespace eu).\n');
    expect(releasesOf(folder)).toMatchObject([{ action: 'log', status: 'LOGGED', namespace: 'eu' }]);
  });
});

describe('what is refused leaves nothing', () => {
  it.each([
    [['plan'], 'required flag(s) "target-version" not set'],
    [['plan', '--target-version='], '"target-version" is empty'],
    [['plan', '--target-version=1', '--component=api'], 'unknown flag: --component'],
    [['log'], 'required flag(s) "target-version" not set'],
    [['update'], 'required flag(s) "status" not set'],
    [['update', '--status=DONE'], '"DONE" is no status: it must be one of RUNNING, SUCCESS, FAILED, CANCELED'],
    [['update', '--status=PENDING'], '"PENDING" is no status'],
    [['update', 'blue', '--status=RUNNING'], 'no deploy "blue" was planned in this workflow'],
    [['delete'], 'does not have "circleci run release delete"'],
  ])('%j', async (words, message) => {
    const { folder, env } = await jobControl();
    const { exitCode, stderr } = await release(env, ...words);
    expect({ exitCode, stderr }).toEqual({ exitCode: 1, stderr: expect.stringContaining(message) });
    expect(releasesOf(folder)).toEqual([]);
  });
});
