import { text as readText } from 'node:stream/consumers';
import { resolvePath, type DirectoryNode } from '../files/file-tree.ts';

export interface UserAndGroup {
  uid: number;
  gid: number;
}

/**
 * `user`, `user:group` or `:group`, by number or by name in /etc/passwd and /etc/group of the image. A user by name brings its own group,
 * a number alone is the group as well, as in BuildKit.
 * @throws Error that says which name is not there
 */
export async function lookUpUser(root: () => Promise<DirectoryNode>, spec: string): Promise<UserAndGroup> {
  const colon = spec.indexOf(':');
  const user = colon === -1 ? spec : spec.slice(0, colon);
  const group = colon === -1 ? '' : spec.slice(colon + 1);
  const owner = user === '' ? { uid: 0, gid: 0 } : await userOf(root, user);
  return group === '' ? owner : { uid: owner.uid, gid: await groupOf(root, group) };
}

async function userOf(root: () => Promise<DirectoryNode>, user: string): Promise<UserAndGroup> {
  const number = numberOf(user);
  if (number !== undefined) return { uid: number, gid: number };
  const entry = (await readTable(root, 'etc/passwd')).find(([name]) => name === user);
  const uid = numberOf(entry?.[2]);
  const gid = numberOf(entry?.[3]);
  if (uid === undefined || gid === undefined) throw new Error(`the image has no user "${user}" in /etc/passwd`);
  return { uid, gid };
}

async function groupOf(root: () => Promise<DirectoryNode>, group: string): Promise<number> {
  const number = numberOf(group);
  if (number !== undefined) return number;
  const gid = numberOf((await readTable(root, 'etc/group')).find(([name]) => name === group)?.[2]);
  if (gid === undefined) throw new Error(`the image has no group "${group}" in /etc/group`);
  return gid;
}

function numberOf(text: string | undefined): number | undefined {
  return text !== undefined && /^\d{1,10}$/.test(text) ? Number(text) : undefined;
}

async function readTable(root: () => Promise<DirectoryNode>, path: string): Promise<string[][]> {
  const { node } = resolvePath(await root(), path);
  if (node?.kind !== 'file') return [];
  return (await readText(node.content.open())).split('\n').map((line) => line.trim().split(':'));
}
