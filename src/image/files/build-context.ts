import { createReadStream } from 'node:fs';
import { lstat, readFile, readdir, readlink } from 'node:fs/promises';
import { basename, join } from 'node:path';
import { DeployError, invalidFile } from '../../core/errors.ts';
import { EXIT } from '../../core/exit-codes.ts';
import { DockerIgnore } from './dockerignore.ts';
import { newDirectory, type DirectoryNode, type TreeNode } from './file-tree.ts';

/** A build context: what COPY can see, and what was left out. */
export interface BuildContext {
  root: DirectoryNode;
  ignore: DockerIgnore;
  /** Name of the ignore file for messages; undefined when there is none. */
  ignoreFile: string | undefined;
}

/**
 * Reads the names and kinds of all files of a context. Owners and permissions are made the same for everybody on purpose,
 * unlike in Docker: root owns everything, folders are 0755, files 0755 when their owner may run them and 0644 otherwise. That is what
 * git keeps of a mode, so that a checkout under another umask or user gives the same image. `--chmod` and `--chown` set others.
 */
export async function readContext(contextDir: string, dockerfile: string): Promise<BuildContext> {
  const { ignore, ignoreFile } = await readIgnore(contextDir, dockerfile);
  const root = newDirectory();
  await readFolder(contextDir, '', root, ignore);
  return { root, ignore, ignoreFile };
}

/** `<Dockerfile>.dockerignore` beside the Dockerfile wins over `.dockerignore` of the context. */
async function readIgnore(
  contextDir: string,
  dockerfile: string,
): Promise<Pick<BuildContext, 'ignore' | 'ignoreFile'>> {
  for (const file of [`${dockerfile}.dockerignore`, join(contextDir, '.dockerignore')]) {
    const text = await readIfThere(file);
    if (text === undefined) continue;
    try {
      return { ignore: new DockerIgnore(text), ignoreFile: basename(file) };
    } catch (error) {
      throw invalidFile(
        'The ignore file of the build context can not be used',
        `${file}: ${(error as Error).message}.`,
      );
    }
  }
  return { ignore: new DockerIgnore(''), ignoreFile: undefined };
}

async function readIfThere(file: string): Promise<string | undefined> {
  try {
    return await readFile(file, 'utf8');
  } catch (error) {
    if (['ENOENT', 'ENOTDIR'].includes((error as NodeJS.ErrnoException).code ?? '')) return undefined;
    throw unreadable(file, error);
  }
}

/** Gives whether the folder holds anything that is not left out. */
async function readFolder(folder: string, path: string, into: DirectoryNode, ignore: DockerIgnore): Promise<boolean> {
  let names: string[];
  try {
    names = await readdir(folder);
  } catch (error) {
    throw unreadable(folder, error);
  }
  const pathOf = (name: string): string => (path === '' ? name : `${path}/${name}`);
  const wanted = names
    .map((name) => ({ name, path: pathOf(name), excluded: ignore.excludes(pathOf(name)) }))
    .filter((child) => !child.excluded || ignore.mayContainExceptions(child.path));
  const nodes = await Promise.all(wanted.map(({ name }) => readNode(join(folder, name))));
  for (const [index, child] of wanted.entries()) {
    const node = nodes[index];
    if (node === undefined || (child.excluded && node.kind !== 'directory')) continue;
    const filled = node.kind === 'directory' && (await readFolder(join(folder, child.name), child.path, node, ignore));
    // A folder that is left out comes back when something in it does.
    if (!child.excluded || filled) into.entries.set(child.name, node);
  }
  return into.entries.size > 0;
}

async function readNode(file: string): Promise<TreeNode | undefined> {
  try {
    const stats = await lstat(file);
    if (stats.isDirectory()) return newDirectory();
    if (stats.isSymbolicLink()) return { kind: 'symlink', mode: 0o777, uid: 0, gid: 0, target: await readlink(file) };
    if (stats.isFile()) {
      const mode = (stats.mode & 0o100) === 0 ? 0o644 : 0o755;
      return { kind: 'file', mode, uid: 0, gid: 0, content: { size: stats.size, open: () => createReadStream(file) } };
    }
    // Docker leaves sockets out, too.
    if (stats.isSocket()) return undefined;
  } catch (error) {
    throw unreadable(file, error);
  }
  throw invalidFile('The build context can not be used', `${file} is a device or a pipe.`, [
    'Leave it out in .dockerignore.',
  ]);
}

function unreadable(file: string, error: unknown): DeployError {
  const { code, message } = error as NodeJS.ErrnoException;
  const missing = code === 'ENOENT' || code === 'ENOTDIR';
  return new DeployError({
    code: missing ? 'context.not_found' : 'context.unreadable',
    title: missing ? `There is no ${file}` : `${file} can not be read`,
    message,
    exitCode: missing ? EXIT.notFound : EXIT.invalidFile,
    cause: error,
  });
}
