import { cp, mkdir, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { DeployError } from '../../src/core/errors.ts';
import { runProgram } from '../../src/image/run-program.ts';
import { ignoreAll } from '../../src/runner/storage/run-folder.ts';

/** A copy of the sample in a git repository of its own, which the story changes as a user would. */
export interface Project {
  readonly folder: string;
  /** Commits all files as they are. */
  commit(message: string): Promise<void>;
}

/** Nobody's settings, hooks or signing keys are used. */
const GIT_ENVIRONMENT = {
  GIT_CONFIG_GLOBAL: '/dev/null',
  GIT_CONFIG_NOSYSTEM: '1',
  GIT_AUTHOR_NAME: 'Demo',
  GIT_AUTHOR_EMAIL: 'demo@example.com',
  GIT_COMMITTER_NAME: 'Demo',
  GIT_COMMITTER_EMAIL: 'demo@example.com',
};

/** @throws DeployError when there is no git here */
export async function makeProject(sample: string, folder: string): Promise<Project> {
  // Runs that somebody has made in the sample are theirs.
  await cp(sample, folder, { recursive: true, filter: (source) => !/[\\/]\.circleci[\\/]local$/.test(source) });
  await git(folder, ['init', '--quiet', '--initial-branch', 'main']);
  return {
    folder,
    async commit(message) {
      await git(folder, ['add', '--all']);
      await git(folder, ['commit', '--quiet', '--message', message]);
    },
  };
}

/** Sets a variable of all jobs, as CircleCI has it in the settings of a project. */
export async function setVariable(project: string, name: string, value: string): Promise<void> {
  const folder = join(project, '.circleci/local');
  await mkdir(folder, { recursive: true });
  await ignoreAll(folder);
  await writeFile(join(folder, 'project.env'), `${name}=${value}\n`, { mode: 0o600 });
}

async function git(folder: string, args: readonly string[]): Promise<void> {
  const end = await runProgram('git', ['-C', folder, ...args], {
    env: { PATH: process.env['PATH'], ...GIT_ENVIRONMENT },
  });
  if (end.kind === 'exited' && end.code === 0) return;
  throw new DeployError({
    code: 'demo.git',
    title: end.kind === 'missing' ? 'There is no git program here' : `git ${args[0]} failed`,
    ...(end.kind === 'exited' && { message: end.lines.join('\n') }),
    hints: ['The demo commits what it changes, as jobs run in clones of a repository. Install git.'],
  });
}
