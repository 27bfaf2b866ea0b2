import { posix } from 'node:path';
import { Readable } from 'node:stream';
import { CopyFailure, copyInto, findSources, type CopyOptions, type TreeEdit } from '../files/copy-files.ts';
import { dockerfileError, needsDocker, type Location } from '../dockerfile/error.ts';
import { expandWord, type Variables } from '../dockerfile/expand.ts';
import type { CopyInstruction } from '../dockerfile/instruction.ts';
import { newDirectory, pathParts, resolvePath, type DirectoryNode } from '../files/file-tree.ts';
import type { BuildContext } from '../files/build-context.ts';
import { expandIn } from './image-settings.ts';

/** COPY or ADD with its words expanded. */
export interface CopyPlan {
  sources: string[];
  /** Absolute; keeps its slash at the end. */
  destination: string;
  heredocs: { name: string; content: string }[];
  chown: string | undefined;
  mode: number | undefined;
}

/** Expands and checks what can be checked without any file. */
export function planCopy(
  instruction: CopyInstruction & Location,
  escape: string,
  variables: Variables,
  workingDir: string,
): CopyPlan {
  const expand = expandIn(instruction, escape, variables);
  const sources = instruction.sources.map(expand);
  const written = expand(instruction.destination);
  if (written === '' || sources.includes(''))
    throw dockerfileError(instruction, 'a path is empty once its variables are replaced');
  const heredocs = instruction.heredocs.map(({ name, content, expand: wanted }) => ({
    name,
    content: wanted ? heredocText(instruction, content, variables) : content,
  }));
  for (const source of sources) {
    if (/^(?:https?:\/\/|git@|git:\/\/|ssh:\/\/)/.test(source)) {
      throw needsDocker(
        instruction,
        `"${source}" would have to be downloaded, and the embedded builder downloads base images only`,
      );
    }
    if (instruction.from === undefined && posix.normalize(source).split('/')[0] === '..') {
      throw dockerfileError(instruction, `"${source}" leads out of the build context`);
    }
  }
  const chmod = instruction.chmod === undefined ? undefined : expand(instruction.chmod);
  if (chmod !== undefined && !/^0*[0-7]{1,4}$/.test(chmod)) {
    throw needsDocker(instruction, `--chmod=${chmod}: the embedded builder knows octal numbers only, such as 755`);
  }
  return {
    sources,
    destination: absolute(written, workingDir),
    heredocs,
    chown: instruction.chown === undefined ? undefined : expand(instruction.chown),
    mode: chmod === undefined ? undefined : Number.parseInt(chmod, 8),
  };
}

/** The files that each source means. Fails with file and line when one is missing, and says when .dockerignore is why. */
export function locateSources(
  instruction: CopyInstruction & Location,
  plan: CopyPlan,
  root: DirectoryNode,
  context: BuildContext | undefined,
): string[] {
  return plan.sources.flatMap((source) => {
    try {
      return findSources(root, source);
    } catch (error) {
      const line = context?.ignore.decidingLine(pathParts(source).join('/'));
      const where = context ? 'in the build context' : `in ${instruction.from ?? 'the stage'}`;
      const why =
        line === undefined ? '' : ` (line ${line} of ${context?.ignoreFile ?? '.dockerignore'} leaves it out)`;
      throw dockerfileError(instruction, `${(error as Error).message} ${where}${why}`);
    }
  });
}

/** Carries the copy out on a tree. */
export function runCopy(
  instruction: CopyInstruction & Location,
  plan: CopyPlan,
  edit: TreeEdit,
  from: { root: DirectoryNode; paths: readonly string[] },
  options: CopyOptions,
): void {
  const { destination } = plan;
  const target = resolvePath(edit.root, destination);
  const count = from.paths.length + plan.heredocs.length;
  if (count > 1 && !/\/\.?$/.test(destination) && target.node?.kind !== 'directory') {
    throw dockerfileError(
      instruction,
      `more than one file is copied, so the destination has to be a folder: write "${instruction.destination}/"`,
    );
  }
  // With --link, engines differ in what becomes of a link in the destination.
  if (instruction.link && target.parts.join('/') !== pathParts(destination).join('/')) {
    throw needsDocker(instruction, `--link, and "${destination}" goes through a symbolic link`);
  }
  try {
    for (const path of from.paths) copyInto(edit, from.root, path, destination, options);
    for (const { name, content } of plan.heredocs) {
      const bytes = Buffer.from(content);
      const root = newDirectory();
      const file = { size: bytes.length, open: () => Readable.from([bytes]) };
      root.entries.set(name, { kind: 'file', mode: 0o644, uid: 0, gid: 0, content: file });
      copyInto(edit, root, name, destination, options);
    }
  } catch (error) {
    if (error instanceof CopyFailure) throw dockerfileError(instruction, error.message);
    throw error;
  }
}

/** Inside a heredoc, quotes are text and the escape character is always the backslash. */
function heredocText(instruction: Location, content: string, variables: Variables): string {
  try {
    return expandWord(content, variables, { escape: '\\', quotes: false });
  } catch (error) {
    throw dockerfileError(instruction, `the heredoc: ${(error as Error).message}`);
  }
}

function absolute(path: string, workingDir: string): string {
  const slash = /\/\.?$/.test(path) ? '/' : '';
  return posix.resolve(workingDir, path) + slash;
}
