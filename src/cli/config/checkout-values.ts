import { execFile } from 'node:child_process';
import { promisify } from 'node:util';

const run = promisify(execFile);

export type PipelineValues = Record<string, string | number | boolean | null>;

/**
 * What `circleci config process` sends of the checkout that it stands in: branch, tag, commit and project. Empty outside
 * of a checkout, before its first commit, and where there is no git.
 */
export async function checkoutValues(folder: string): Promise<PipelineValues> {
  // Starting git takes longer than all that it does here, so one call tells of commit, branch and tags.
  const [head, url] = await Promise.all([
    git(folder, ['-c', 'log.showSignature=false', 'log', '-1', '--decorate=full', '--format=%H %D']),
    git(folder, ['remote', 'get-url', 'origin']),
  ]);
  return { ...(head ? headValues(head) : {}), ...(url ? projectValues(url) : {}) };
}

/** @param head such as `8d0a2f… HEAD -> refs/heads/main, tag: refs/tags/v1, refs/remotes/origin/main` */
function headValues(head: string): PipelineValues {
  const [revision = ''] = head.split(' ', 1);
  const names = head.slice(revision.length + 1).split(', ');
  const named = (prefix: string): string | undefined =>
    names.find((name) => name.startsWith(prefix))?.slice(prefix.length);
  const branch = named('HEAD -> refs/heads/');
  const tag = named('tag: refs/tags/');
  return {
    'git.revision': revision,
    'git.base_revision': revision,
    ...(branch ? { 'git.branch': branch } : {}),
    ...(tag ? { 'git.tag': tag } : {}),
  };
}

/**
 * In a partial clone git fetches what is missing, by a program that the repository's own settings name: whoever looks at a
 * config of somebody else must not run it. Old versions of git know the second variable only.
 */
const NOTHING_FETCHED = { GIT_NO_LAZY_FETCH: '1', GIT_ALLOW_PROTOCOL: 'none' };

async function git(folder: string, args: readonly string[]): Promise<string | undefined> {
  try {
    const env = { ...process.env, ...NOTHING_FETCHED };
    const { stdout } = await run('git', ['-C', folder, ...args], { timeout: 10_000, env });
    return stdout.trim() || undefined;
  } catch {
    return undefined;
  }
}

const REMOTE = /^(?:https?:\/\/(?:[^/@]*@)?|ssh:\/\/git@|git@)(github\.com|bitbucket\.org)[:/](.+?)(?:\.git)?$/;

/** The project of a remote; the token that may stand in its URL is no part of it. */
function projectValues(url: string): PipelineValues {
  const [, host, path] = REMOTE.exec(url) ?? [];
  if (host === undefined || path === undefined) return {};
  return {
    'project.git_url': `https://${host}/${path}`,
    'project.type': host === 'github.com' ? 'github' : 'bitbucket',
  };
}
