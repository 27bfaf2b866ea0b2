import { readFile, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { describe, expect, it } from '@jest/globals';
import { sampleForTests } from './sample-runs.ts';

const sample = sampleForTests('examples/nightly-batch');

describe('examples/nightly-batch on this machine, without a network', () => {
  it('releases in one job, and says what changed', async () => {
    const { exitCode, stdout, stderr, record } = await sample().run();
    expect({ exitCode, stderr, stdout: exitCode === 0 ? '' : stdout }).toEqual({ exitCode: 0, stderr: '', stdout: '' });
    expect(stdout).toMatch(/Asked the mirror 127\.0\.0\.1:\d+, which has it: sha256:[0-9a-f]{64}/);
    expect(stdout).toContain('crawl: done');
    expect(record.localAws).toEqual([
      expect.stringMatching(/^ecr nightly-crawl: image sha256:[0-9a-f]{12}… pushed, tagged [0-9a-f]{12}…$/),
      expect.stringMatching(
        /^s3 s3:\/\/acme-batch-scripts\/nightly-crawl\/[0-9a-f]{12}…\/crawl\.sh written \(\d+ B\)$/,
      ),
      'batch nightly-crawl:1 registered, verified',
      expect.stringMatching(/^batch job \S+ of nightly-crawl:1: SUCCEEDED, exit code 0$/),
      expect.stringMatching(/^logs \/aws\/batch\/nightly-crawl: \d+ lines in 1 stream$/),
    ]);
  });

  it('releases in jobs of their own, with an approval, up to the schedule', async () => {
    const { exitCode, stdout, record } = await sample().run([
      '--config',
      '.circleci/multi-job.yml',
      '--approve',
      'approve',
    ]);
    expect({ exitCode, stdout: exitCode === 0 ? '' : stdout }).toEqual({ exitCode: 0, stdout: '' });
    expect(record.localAws).toEqual(
      expect.arrayContaining([
        'batch nightly-crawl:1 registered, verified',
        'scheduler nightly-crawl created: cron(0 3 * * ? *) Europe/Berlin → nightly-crawl:1',
      ]),
    );
  });

  it('assumes the role that the scenario has, and is denied one with another trust policy', async () => {
    const { folder, run } = sample();
    const text = await readFile(join(folder, '.circleci/local-aws.yml'), 'utf8');
    await writeFile(
      join(folder, 'other.yml'),
      text.replaceAll(/sub: org\/[^/]+\/project\/\*/g, 'sub: org/other/project/*'),
    );
    const { exitCode, stdout, record } = await run(['--scenario', 'other.yml']);
    expect(exitCode).toBe(1);
    expect(stdout).toContain('Not authorized to perform sts:AssumeRoleWithWebIdentity');
    expect(record.localAws).toEqual([]);
  });
});
