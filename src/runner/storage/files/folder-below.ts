import { lstat, mkdir, rmdir, unlink } from 'node:fs/promises';
import { joined, onDisk, parentOf, textOf, type BytePath } from './byte-path.ts';
import { hasCode } from '../storage-error.ts';

/**
 * A folder that files are written into, and nowhere else: a link on the way to a file is never followed. It gives way to
 * a folder, as GNU tar has it.
 */
export class FolderBelow {
  private readonly known = new Map<BytePath, Promise<void>>();
  private readonly root: BytePath;

  /** @param root absolute, and there; it may itself be a link */
  constructor(root: BytePath) {
    this.root = root;
  }

  at(path: BytePath): Buffer {
    return onDisk(joined(this.root, path));
  }

  /** Sees to it that a path is a folder, and all on the way to it. */
  makeFolder(path: BytePath): Promise<void> {
    if (path === '') return Promise.resolve();
    let made = this.known.get(path);
    if (!made) {
      made = this.makeFolder(parentOf(path)).then(() => this.ensure(path));
      this.known.set(path, made);
    }
    return made;
  }

  /** Makes room for a file or link: the folder it goes to, and what has its name now. @throws ENOTEMPTY for a folder with something in it */
  async makeRoom(path: BytePath): Promise<void> {
    await this.makeFolder(parentOf(path));
    await this.remove(path);
  }

  /** Removes a file, a link or an empty folder; no matter when there is none. @throws ENOTDIR for what lies behind a link */
  async remove(path: BytePath): Promise<void> {
    await this.checkWay(parentOf(path));
    const stats = await lstat(this.at(path)).catch(missing);
    if (!stats) return;
    if (!stats.isDirectory()) return unlink(this.at(path));
    await rmdir(this.at(path));
    this.known.delete(path);
  }

  private async checkWay(folder: BytePath): Promise<void> {
    if (folder === '' || this.known.has(folder)) return;
    await this.checkWay(parentOf(folder));
    const stats = await lstat(this.at(folder)).catch(missing);
    if (stats && !stats.isDirectory()) {
      throw Object.assign(new Error(`${textOf(folder)} is no folder`), { code: 'ENOTDIR' });
    }
  }

  private async ensure(path: BytePath): Promise<void> {
    const stats = await lstat(this.at(path)).catch(missing);
    if (stats?.isDirectory()) return;
    if (stats?.isSymbolicLink()) await unlink(this.at(path));
    await mkdir(this.at(path)).catch((error: unknown) => {
      throw hasCode(error, 'EEXIST') ? Object.assign(error as Error, { code: 'ENOTDIR' }) : error;
    });
  }
}

function missing(error: unknown): undefined {
  if (!hasCode(error, 'ENOENT')) throw error;
}
