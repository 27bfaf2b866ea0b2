import { DeployError } from '../../../core/errors.ts';
import { EXIT } from '../../../core/exit-codes.ts';
import type { CheckoutSource } from '../../job-world.ts';
import { askGit, GitFailure, type GitCall } from './git.ts';

/**
 * What jobs of the project in a folder check out: the repository that it lies in, at the commit that is checked out there.
 * @throws DeployError where there is none, or nothing of the project is committed yet
 */
export async function findCheckoutSource(folder: string, dirty: boolean): Promise<CheckoutSource> {
  const call: GitCall = { cwd: folder, userSettings: true };
  const isBare = await askGit(['rev-parse', '--is-bare-repository'], call).catch((error: unknown) => {
    throw error instanceof GitFailure ? noRepository(folder, error) : error;
  });
  if (isBare === 'true' && dirty) throw bareAndDirty(folder);
  const [repository, prefix, commit, branch] = await Promise.all([
    topFolder(isBare === 'true', call),
    askGit(['rev-parse', '--show-prefix'], call),
    headCommit(folder, call),
    headBranch(call),
  ]);
  if (prefix === '') return { repository, commit, branch, dirty };
  const subfolder = prefix.replace(/\/$/, '');
  if (!dirty) await checkCommitted(folder, `${commit}:${subfolder}`, call);
  return { repository, subfolder, commit, branch, dirty };
}

async function checkCommitted(folder: string, tree: string, call: GitCall): Promise<void> {
  await askGit(['rev-parse', '--verify', '--quiet', tree], call).catch((error: unknown) => {
    throw error instanceof GitFailure ? notCommitted(folder, error) : error;
  });
}

async function topFolder(isBare: boolean, call: GitCall): Promise<string> {
  return isBare ? askGit(['rev-parse', '--absolute-git-dir'], call) : askGit(['rev-parse', '--show-toplevel'], call);
}

async function headCommit(folder: string, call: GitCall): Promise<string> {
  return askGit(['rev-parse', '--verify', 'HEAD^{commit}'], call).catch((error: unknown) => {
    throw error instanceof GitFailure ? noCommit(folder, error) : error;
  });
}

/** Detached, as in the middle of a rebase, there is none. */
async function headBranch(call: GitCall): Promise<string | undefined> {
  return askGit(['symbolic-ref', '--quiet', '--short', 'HEAD'], call).catch((error: unknown) => {
    if (!(error instanceof GitFailure)) throw error;
    return undefined;
  });
}

function noRepository(folder: string, cause: GitFailure): DeployError {
  return new DeployError({
    code: 'run.no_repository',
    title: `${folder} is in no git repository`,
    message: cause.message,
    hints: [
      'Jobs run in fresh clones of the repository. Make one: `git init && git add . && git commit -m "First commit"`.',
    ],
    exitCode: EXIT.notFound,
    cause,
  });
}

function noCommit(repository: string, cause: GitFailure): DeployError {
  return new DeployError({
    code: 'run.no_commit',
    title: `nothing is committed yet in ${repository}`,
    hints: ['Jobs run in fresh clones at a commit. Make one: `git add . && git commit -m "First commit"`.'],
    exitCode: EXIT.notFound,
    cause,
  });
}

function notCommitted(folder: string, cause: GitFailure): DeployError {
  return new DeployError({
    code: 'run.not_committed',
    title: `${folder} is not committed yet`,
    hints: ['Jobs run in fresh clones at a commit. Commit it, or run with `--dirty`.'],
    exitCode: EXIT.notFound,
    cause,
  });
}

function bareAndDirty(folder: string): DeployError {
  return new DeployError({
    code: 'run.bare_repository',
    title: `${folder} is a bare repository: it has no files that could be uncommitted`,
    hints: ['Run without `--dirty`, or in a clone of it.'],
    exitCode: EXIT.badArguments,
  });
}
