import { execFile } from 'node:child_process';
import { promisify } from 'node:util';

const run = promisify(execFile);

export type PipelineValues = Record<string, string | number | boolean | null>;

/**
 * What `circleci config process` sends of the checkout that it stands in: branch, tag, commit and project. Empty outside
 * of a checkout, and where there is no git.
 */
export async function checkoutValues(folder: string): Promise<PipelineValues> {
  const [revision, branch, tag, url] = await Promise.all([
    git(folder, ['rev-parse', '--verify', '--quiet', 'HEAD']),
    git(folder, ['symbolic-ref', '--short', '--quiet', 'HEAD']),
    git(folder, ['describe', '--tags', '--exact-match', 'HEAD']),
    git(folder, ['remote', 'get-url', 'origin']),
  ]);
  return {
    ...(revision ? { 'git.revision': revision, 'git.base_revision': revision } : {}),
    ...(branch ? { 'git.branch': branch } : {}),
    ...(tag ? { 'git.tag': tag } : {}),
    ...(url ? projectValues(url) : {}),
  };
}

async function git(folder: string, args: readonly string[]): Promise<string | undefined> {
  try {
    const { stdout } = await run('git', ['-C', folder, ...args], { timeout: 10_000 });
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
