import { readFile, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { describe, expect, it } from '@jest/globals';
import { sampleForTests } from './sample-runs.ts';

const sample = sampleForTests('examples/ecs-service');

function ecsChanges(changes: readonly string[] | undefined): string[] {
  return (changes ?? []).filter((change) => change.startsWith('ecs '));
}

describe('examples/ecs-service on this machine, without a network', () => {
  it('migrates, releases, and says what changed', async () => {
    const { exitCode, stdout, stderr, record } = await sample().run();
    expect({ exitCode, stderr, stdout: exitCode === 0 ? '' : stdout }).toEqual({ exitCode: 0, stderr: '', stdout: '' });
    expect(stdout).toMatch(/migrate: done[^]*Updating the service web/);
    expect(record.localAws?.[0]).toMatch(/^ecr shop-web: image sha256:[0-9a-f]{12}… pushed, tagged [0-9a-f]{12}…$/);
    expect(ecsChanges(record.localAws)).toEqual([
      'ecs shop-web:2 registered, verified',
      'ecs service shop/web set to shop-web:2',
      'ecs deployment of shop-web:2 to shop/web: SUCCESSFUL',
      expect.stringMatching(/^ecs task of shop-web:2: STOPPED, exit codes: web 0, /),
    ]);
  });

  it('deploys nothing when the migration fails', async () => {
    const { folder, run } = sample();
    const text = await readFile(join(folder, '.circleci/local-aws.yml'), 'utf8');
    const failing = text.replace(/( +)- match: shop-web\n/, '$&$1  exit: { exitCode: 3 }\n');
    await writeFile(join(folder, 'failing.yml'), failing);
    const { exitCode, stdout, record } = await run(['--scenario', 'failing.yml']);
    expect(exitCode).toBe(1);
    expect(stdout).toContain('migrate: 2 of 2');
    expect(ecsChanges(record.localAws)).toEqual([
      expect.stringMatching(/^ecs shop-web:2 registered/),
      expect.stringMatching(/^ecs task of shop-web:2: STOPPED, exit codes: web 3, /),
    ]);
  });

  it('with the parameter roll_back releases nothing, and says when there is nothing to go back to', async () => {
    const { exitCode, stdout, record } = await sample().run(['--pipeline-param', 'roll_back=true']);
    const jobs = record.workflows.flatMap((workflow) => workflow.jobs.map(({ name }) => name));
    expect({ exitCode, jobs }).toEqual({ exitCode: 1, jobs: ['aws-deploy/rollback_service'] });
    expect(stdout).toMatch(/error: .*\bweb\b/);
    expect(record.localAws).toEqual([]);
  });
});
