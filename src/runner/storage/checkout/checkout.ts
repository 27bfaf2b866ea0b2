import { lstat, mkdir, mkdtemp, readdir } from 'node:fs/promises';
import { dirname, join } from 'node:path';
import { placeText } from '../../../config/source.ts';
import { DeployError } from '../../../core/errors.ts';
import type { JobWorld } from '../../job-world.ts';
import type { StepResult } from '../../job/step-handlers.ts';
import type { CheckoutStep } from '../../pipeline/pipeline.ts';
import { askGit, GitFailure, runGit, type GitCall } from './git.ts';
import { checkMayWrite, shownPath, stepPath } from '../job-folders.ts';
import { filesKnownTo, moveFolder, removeUnknown, replaceClone } from './earlier-clone.ts';
import { remoteUrl } from './remote-url.ts';
import { counted } from '../../../core/amount-text.ts';
import { removeTree } from '../files/remove-tree.ts';
import { asStep, hasCode } from '../storage-error.ts';
import { applyUncommitted, findUncommitted } from './uncommitted-files.ts';

/**
 * Brings the repository at the commit into the job, with its branch checked out when there is one. Like CircleCI's own
 * step it takes a folder that is empty, or one that is a clone already (out of a cache, say), and no other. Git works on
 * a clone that the job can't reach until it is complete: settings, hooks and attributes of a job would run here, also
 * for a job in a container.
 */
export async function checkOut(step: CheckoutStep, world: JobWorld): Promise<StepResult> {
  const folder = stepPath(step.path ?? '.', world);
  return asStep(step, async () => {
    await checkMayWrite(step, folder, world);
    await mkdir(folder, { recursive: true });
    const earlier = await earlierClone(step, folder, world);
    const apart = await mkdtemp(join(dirname(world.place.folder), 'checkout-'));
    try {
      const clone = join(apart, 'clone');
      const gitFolder = join(clone, '.git');
      world.say(earlier === undefined ? 'Cloning git repository' : 'Fetching from remote repository');
      await cloneInto(clone, world);
      const known = earlier === undefined ? [] : await filesKnownTo(earlier, { ...callIn(clone, world), gitFolder });
      const call = { ...callIn(folder, world), gitFolder };
      await checkOutCommit(call, world);
      await removeUnknown(known, folder, call);
      if (earlier !== undefined) {
        await replaceClone(earlier, gitFolder);
        world.say(
          'The clone has a new .git: settings, hooks and branches that steps had made in the old one are gone.',
        );
      }
      await moveFolder(gitFolder, join(folder, '.git'));
    } catch (error) {
      throw error instanceof GitFailure ? gitError(step, error, world) : error;
    } finally {
      await removeTree(apart);
    }
    if (world.checkout.dirty) await addUncommitted(folder, world);
    return {};
  });
}

/** The `.git` of a clone that is in the folder already. */
async function earlierClone(step: CheckoutStep, folder: string, world: JobWorld): Promise<string | undefined> {
  const names = await readdir(folder);
  if (names.length === 0) return undefined;
  if (!names.includes('.git')) throw notEmpty(step, folder, world);
  const path = join(folder, '.git');
  if ((await lstat(path)).isDirectory()) return path;
  throw noRealClone(step, path, world);
}

/** The repository is read by a process of its own, which is not told that it may belong to another user. */
const UPLOAD_PACK = "--upload-pack=git -c 'safe.directory=*' upload-pack";
const FETCH: readonly string[] = ['fetch', '--force', '--quiet', '--no-write-fetch-head', UPLOAD_PACK];

/**
 * Objects are copied, never linked or shared: a job may do what it likes to its clone. The user's remote branches come
 * along, so that `origin/main` is what it is on CircleCI, as far as this machine knows.
 */
async function cloneInto(folder: string, world: JobWorld): Promise<void> {
  const { repository } = world.checkout;
  const call = callIn(dirname(folder), world);
  const settings = ['--config', 'gc.auto=0', '--template=', '--no-checkout', '--no-hardlinks', '--quiet', UPLOAD_PACK];
  await runGit(['clone', ...settings, '--', repository, folder], call);
  // Without a template they are missing, and programs put things there.
  for (const name of ['hooks', 'info']) await mkdir(join(folder, '.git', name), { recursive: true });
  await Promise.all([takeRemoteBranches(folder, world), setOrigin(folder, world)]);
}

const ORIGIN_HEAD = 'refs/remotes/origin/HEAD';

async function takeRemoteBranches(folder: string, world: JobWorld): Promise<void> {
  const { repository, branch, commit } = world.checkout;
  const call = callIn(folder, world);
  const refs = ['+refs/remotes/origin/*:refs/remotes/origin/*', '^refs/remotes/origin/HEAD'];
  await runGit([...FETCH, '--no-tags', '--', repository, ...refs], call);
  const main = await askGit(['symbolic-ref', '--quiet', ORIGIN_HEAD], callIn(repository, world)).catch(() => undefined);
  if (main !== undefined) await runGit(['symbolic-ref', ORIGIN_HEAD, main], call);
  // The run shows what would happen after a push.
  if (branch !== undefined) await runGit(['update-ref', `refs/remotes/origin/${branch}`, commit], call);
}

/** A path of this machine means nothing to a job, and has no business in its clone. */
async function setOrigin(folder: string, world: JobWorld): Promise<void> {
  const { repository } = world.checkout;
  const url = await askGit(['config', '--get', 'remote.origin.url'], {
    ...callIn(repository, world),
    userSettings: true,
  }).catch(() => undefined);
  const shown = url === undefined ? undefined : remoteUrl(url);
  const change =
    shown === undefined ? ['--unset-all', 'remote.origin.url'] : ['--replace-all', 'remote.origin.url', shown];
  await runGit(['config', ...change], callIn(folder, world)).catch((error: unknown) => {
    // There may be none to take away.
    if (shown !== undefined || !(error instanceof GitFailure)) throw error;
  });
}

async function checkOutCommit(call: GitCall, world: JobWorld): Promise<void> {
  const { commit, branch, subfolder } = world.checkout;
  if (branch === undefined) world.say(`Checking out ${commit}`);
  else world.say(`Checking out branch ${branch}`);
  if (subfolder === undefined) {
    const how = branch === undefined ? ['--detach', commit] : ['-B', branch, '--no-track', commit];
    await runGit(['checkout', '--force', '--quiet', ...how, '--'], call);
  } else {
    await checkOutSubfolder(subfolder, call, world);
  }
  const [head, shallow] = await Promise.all([
    askGit(['log', '--no-color', '-n', '1', '--format=HEAD is now at %h %s'], call),
    askGit(['rev-parse', '--is-shallow-repository'], call),
  ]);
  world.say(head);
  if (shallow === 'true')
    world.say('The repository is shallow, and so is this clone: CircleCI has all of the history.');
  const hasModules = await lstat(join(call.cwd, '.gitmodules')).catch((error: unknown) => {
    if (!hasCode(error, 'ENOENT')) throw error;
  });
  if (hasModules)
    world.say('Submodules are not checked out, as on CircleCI: that takes `git submodule update --init`.');
}

/** The files of a folder of the repository, as if it was all of it; HEAD is the commit all the same. */
async function checkOutSubfolder(subfolder: string, call: GitCall, world: JobWorld): Promise<void> {
  const { commit, branch } = world.checkout;
  world.say(`Of the repository, only ${subfolder}: the project is there`);
  if (branch === undefined) await runGit(['update-ref', '--no-deref', 'HEAD', commit], call);
  else {
    await runGit(['update-ref', `refs/heads/${branch}`, commit], call);
    await runGit(['symbolic-ref', 'HEAD', `refs/heads/${branch}`], call);
  }
  const tree = await askGit(['rev-parse', '--verify', '--quiet', `${commit}:${subfolder}`], call).catch(
    (error: unknown) => {
      // With what is not committed, all of the folder may be new.
      if (!(error instanceof GitFailure && world.checkout.dirty)) throw error;
    },
  );
  await runGit(['read-tree', ...(tree === undefined ? ['--empty'] : ['-u', '--reset', tree])], call);
}

async function addUncommitted(folder: string, world: JobWorld): Promise<void> {
  const { repository, subfolder = '', commit } = world.checkout;
  const project = join(repository, subfolder);
  const uncommitted = await findUncommitted(project, commit, world.signal);
  const { deleted, present } = uncommitted;
  await applyUncommitted(uncommitted, project, folder, (path) =>
    world.say(`${path} is a repository of its own: left out`),
  );
  world.say(
    deleted.length + present.length === 0
      ? 'Nothing is uncommitted'
      : `Added what is not committed: ${counted(present.length, 'file')} changed or new, ${deleted.length} deleted`,
  );
}

function callIn(cwd: string, { signal }: JobWorld): GitCall {
  return { cwd, signal };
}

function notEmpty(step: CheckoutStep, folder: string, world: JobWorld): DeployError {
  return new DeployError({
    code: 'run.checkout_not_empty',
    title: `Directory (${shownPath(folder, world)}) you are trying to checkout to is not empty and not a git repository`,
    message: `${placeText(step.at)}: ${step.name}`,
    hints: ['Check out first, before steps that write there (`attach_workspace` too), or check out to another `path`.'],
  });
}

function noRealClone(step: CheckoutStep, path: string, world: JobWorld): DeployError {
  return new DeployError({
    code: 'run.checkout_no_clone',
    title: `${shownPath(path, world)} is no folder: nothing is checked out over a link, a worktree or a submodule`,
    message: `${placeText(step.at)}: ${step.name}`,
    hints: ['Check out to another `path`, or let the job remove it first.'],
  });
}

/** What git said first: other lines follow from it. */
function complaintOf({ message }: GitFailure): string {
  const lines = message.split('\n');
  const line = lines.find((each) => /^(?:fatal|error): /.test(each)) ?? lines[0] ?? '';
  return line.replace(/^(?:fatal|error): /, '');
}

function gitError(step: CheckoutStep, failure: GitFailure, { checkout }: JobWorld): DeployError {
  return new DeployError({
    code: 'run.checkout_failed',
    title: `${step.name}: git ${failure.args[0]} failed: ${complaintOf(failure)}`,
    message: failure.message,
    hints: [
      `Does \`git fsck\` in ${checkout.repository} find something, and is ${checkout.commit.slice(0, 12)} still there?`,
    ],
    cause: failure,
  });
}
