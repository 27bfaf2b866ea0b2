// Runs a TypeScript program of this folder on every supported Node, 20 among them: node scripts/run.mjs generate --check
import { rmSync } from 'node:fs';
import { mkdir, mkdtemp } from 'node:fs/promises';
import { dirname, join } from 'node:path';
import { fileURLToPath, pathToFileURL } from 'node:url';
import { build } from 'esbuild';

const root = dirname(dirname(fileURLToPath(import.meta.url)));
const [name, ...args] = process.argv.slice(2);
// Where swc unpacks itself, which minifies the bundle. Otherwise that is in the home of whoever runs this.
process.env.SWC_NATIVE_BINDING_CACHE ??= join(root, 'node_modules/.cache/swc');
await mkdir(process.env.SWC_NATIVE_BINDING_CACHE, { recursive: true });
// Inside the project, so that the packages that are left out of the bundle are found.
const folder = await mkdtemp(join(root, 'node_modules', '.aws-deploy-scripts-'));
// Also when the program ends the process.
process.once('exit', () => rmSync(folder, { recursive: true, force: true }));
try {
  const outfile = join(folder, `${name}.mjs`);
  await build({
    entryPoints: [join(root, 'scripts', `${name}.ts`)],
    outfile,
    bundle: true,
    platform: 'node',
    format: 'esm',
    target: 'node20.19',
    packages: 'external',
    sourcemap: 'inline',
    logLevel: 'warning',
  });
  const { main } = await import(pathToFileURL(outfile).href);
  process.exitCode = await main(args, root);
} catch (error) {
  console.error(process.env.DEBUG ? error : `error: ${error.message}`);
  process.exitCode = 1;
}
