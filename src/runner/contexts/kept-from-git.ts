import { execFile } from 'node:child_process';
import { dirname } from 'node:path';
import { promisify } from 'node:util';
import { invalidFile } from '../../core/errors.ts';

const run = promisify(execFile);

/**
 * Throws (exit code 7) when git has a file, or would take it with the next `git add`. Outside of a repository, and without
 * git on this machine, there is nothing to fear.
 */
export async function checkKeptFromGit(file: string): Promise<void> {
  // The file is named from its own folder: git then finds the repository that it is in, also in a submodule.
  const git = (...words: readonly string[]): Promise<number> => exitCode(dirname(file), [...words, '--', file]);
  if ((await git('ls-files', '--error-unmatch')) === 0) {
    throw invalidFile(
      'a file with secrets is in git',
      `${file} is tracked by git, so whoever has the repository has them.`,
      [
        `Take it out with \`git rm --cached ${quotedPath(file)}\`, and commit that. What was pushed stays in the history: replace these secrets.`,
      ],
    );
  }
  if ((await git('check-ignore', '--quiet')) === 1) {
    throw invalidFile('a file with secrets would be committed', `${file} is not ignored by git.`, [
      'Write a line `*` into .circleci/local/.gitignore, or `.circleci/local/` into the .gitignore of the repository.',
    ]);
  }
}

/** 127 when there is no git. */
async function exitCode(folder: string, words: readonly string[]): Promise<number> {
  try {
    await run('git', ['-C', folder, ...words], { env: withoutGit(process.env) });
    return 0;
  } catch (error) {
    const { code } = error as { code?: number | string };
    return typeof code === 'number' ? code : 127;
  }
}

/** In a hook, git's own variables name its repository by paths that mean nothing elsewhere. */
function withoutGit(env: NodeJS.ProcessEnv): NodeJS.ProcessEnv {
  return Object.fromEntries(Object.entries(env).filter(([name]) => !name.startsWith('GIT_')));
}

/** A path as it can be pasted into a shell. */
export function quotedPath(path: string): string {
  return /^[\w./@%+,:-]+$/.test(path) ? path : `'${path.replaceAll("'", `'\\''`)}'`;
}
