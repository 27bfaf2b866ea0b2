import { lstat, mkdir, readdir, readFile, readlink, writeFile } from 'node:fs/promises';
import { dirname, join } from 'node:path';

/** Writes files below a folder, by path; a path that ends with a slash is an empty folder. */
export async function writeTree(folder: string, files: Readonly<Record<string, string>>): Promise<void> {
  for (const [path, text] of Object.entries(files)) {
    const to = join(folder, path);
    await mkdir(path.endsWith('/') ? to : dirname(to), { recursive: true });
    if (!path.endsWith('/')) await writeFile(to, text);
  }
}

/** What is below a folder: text of files, `-> target` of links, and empty folders with a slash. Nothing when it is not there. */
export async function readTree(folder: string, below = ''): Promise<Record<string, string>> {
  const found: Record<string, string> = {};
  const names: string[] = await readdir(join(folder, below)).catch(() => []);
  for (const name of names.toSorted()) {
    const path = below === '' ? name : `${below}/${name}`;
    const stats = await lstat(join(folder, path));
    if (stats.isSymbolicLink()) found[path] = `-> ${await readlink(join(folder, path))}`;
    else if (stats.isDirectory()) {
      const inside = await readTree(folder, path);
      Object.assign(found, Object.keys(inside).length === 0 ? { [`${path}/`]: '' } : inside);
    } else found[path] = await readFile(join(folder, path), 'utf8');
  }
  return found;
}
