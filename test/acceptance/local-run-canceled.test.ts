import { spawnSync } from 'node:child_process';
import { existsSync } from 'node:fs';
import { join } from 'node:path';
import { afterEach, describe, expect, it } from '@jest/globals';
import { localProjectForTests } from './support/local-project.ts';

// Before the project goes; only where a test has failed.
afterEach(async () => {
  for (const id of await processIds().catch(() => [])) if (isAlive(id)) process.kill(id, 'SIGKILL');
});

const project = localProjectForTests();

/** What a step leaves behind: a child in another session, and one that does not care to be asked, which is a daemon. */
const LEAVES = [
  'echo $$ >> PIDS',
  '(sleep 600 & echo $! >> PIDS; wait) &',
  `setsid sh -c 'trap "" TERM HUP INT; echo $$ >> PIDS; while :; do sleep 600; done' &`,
  `nohup setsid sh -c '(sleep 600 & echo $! >> PIDS) & exit' > /dev/null 2>&1`,
  'while [ "$(wc -l < PIDS)" -lt 4 ]; do sleep 0.05; done',
];

/** The numbers of all processes that the jobs said that they started. */
async function processIds(): Promise<number[]> {
  return (await project().read('pids')).trim().split('\n').map(Number);
}

/** What has ended and nobody has asked about is no process any more, as its parent may be gone. */
function isAlive(id: number): boolean {
  const { stdout } = spawnSync('ps', ['-o', 'stat=', '-p', String(id)], { encoding: 'utf8' });
  return stdout !== '' && !stdout.startsWith('Z');
}

async function commitJobs(command = 'echo all are there; sleep 600'): Promise<void> {
  const script = [...LEAVES, command].join('\n').replaceAll('PIDS', join(project().folder, 'pids'));
  await project().commit(
    { a: `steps: [run: { name: leaves, command: ${JSON.stringify(script)} }]`, b: 'steps: [run: echo b]' },
    'a, b: { requires: [a] }',
  );
}

describe('no process is left, no daemon and no grandchild', () => {
  it('when a job has ended', async () => {
    await commitJobs('echo all are there');
    expect(await project().run()).toMatchObject({ code: 0 });
    expect((await processIds()).filter(isAlive)).toEqual([]);
  });

  it.each(['SIGINT', 'SIGTERM', 'SIGHUP'] as const)('when the run is canceled by %s: exit code 6', async (signal) => {
    await commitJobs();
    const run = project().start();
    await run.said('all are there\n');
    run.kill(signal);
    expect(await run.ended).toMatchObject({ code: 6, stdout: expect.stringContaining('\nCanceled in ') });
    expect((await processIds()).filter(isAlive)).toEqual([]);
    expect(await project().statuses()).toEqual({ a: 'canceled', b: 'canceled' });
  });

  it('when a second signal comes, which ends the run at once', async () => {
    await commitJobs();
    const run = project().start();
    await run.said('all are there\n');
    run.kill('SIGINT');
    await run.said('A second Ctrl-C kills it at once');
    run.kill('SIGINT');
    expect(await run.ended).toMatchObject({ code: 130 });
    expect((await processIds()).filter(isAlive)).toEqual([]);
    expect(existsSync(join(project().folder, '.circleci/local/runs/1/running.json'))).toBe(false);
  });

  it('when the run was killed, and another one comes, which says so', async () => {
    await commitJobs();
    const run = project().start();
    await run.said('all are there\n');
    run.kill('SIGKILL');
    expect(await run.ended).toMatchObject({ signal: 'SIGKILL' });
    const { stdout } = await project().run(['b']);
    expect(stdout).toMatch(/^Run 1 was killed: removed what its jobs left; ended \d+ processes of it\.\n/);
    expect((await processIds()).filter(isAlive)).toEqual([]);
  });
});
