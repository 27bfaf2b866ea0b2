/** npm run sizes: fails when what is downloaded has grown beyond its goal. */
import { sizeRows } from './bench/sizes.ts';
import { isMissed, markdownTable } from './bench/table.ts';
import { main as build } from './build.ts';
import { buildCliArchive } from './cli-archive.ts';

export async function main(_args: readonly string[], root: string): Promise<number> {
  await build([], root);
  const rows = await sizeRows(root, await buildCliArchive(root));
  console.log(markdownTable(rows));
  return rows.some(isMissed) ? 1 : 0;
}
