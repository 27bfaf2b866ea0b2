import { readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { build, type OutputFile } from 'esbuild';
import { repositoryUrl, type PackageFacts } from '../src/orb/package-facts.ts';

/** A file of a bundle, by its path in the bundle's own folder. */
export interface BundleFile {
  path: string;
  bytes: Uint8Array;
  /** Paths of the files that this one loads whenever it is loaded; `import()` is not among them. */
  imports: readonly string[];
}

/** The entry of each bundle: `dist/aws-deploy.js` of the npm package, and `lib/aws-deploy.js` of the CLI archive. */
export const FULL_ENTRY = 'src/cli/main.ts';
export const DEPLOY_ENTRY = 'src/cli/deploy.ts';

/**
 * Bundles the command line into one entry and the chunks that it loads when a command needs them, with everything that
 * it depends on inside. The bytes depend on nothing but the sources and the locked versions of the tools.
 */
export async function bundleCli(root: string, entry: string): Promise<BundleFile[]> {
  const facts = await packageFacts(root);
  const outdir = join(root, 'out');
  const result = await build({
    absWorkingDir: root,
    entryPoints: [{ in: entry, out: 'aws-deploy' }],
    outdir,
    bundle: true,
    splitting: true,
    format: 'esm',
    platform: 'node',
    target: 'node20.19',
    // The ES modules of the SDK's packages, so that what is not used is left out.
    mainFields: ['module', 'main'],
    conditions: ['module'],
    minify: true,
    legalComments: 'none',
    chunkNames: 'chunks/[hash]',
    define: {
      AWS_DEPLOY_VERSION: JSON.stringify(facts.version),
      AWS_DEPLOY_REPOSITORY: JSON.stringify(repositoryUrl(facts)),
    },
    // Some dependencies are CommonJS and call require().
    banner: {
      js: "import{createRequire as __createRequire}from'node:module';const require=__createRequire(import.meta.url);",
    },
    metafile: true,
    write: false,
    logLevel: 'warning',
  });
  const imports = new Map(
    Object.entries(result.metafile.outputs).map(([path, output]) => [
      path.slice('out/'.length),
      output.imports
        .filter(({ kind, external }) => kind === 'import-statement' && !external)
        .map((each) => each.path.slice('out/'.length)),
    ]),
  );
  return result.outputFiles
    .map((file: OutputFile) => {
      const path = file.path.slice(outdir.length + 1);
      return { path, bytes: file.contents, imports: imports.get(path) ?? [] };
    })
    .toSorted((a, b) => (a.path < b.path ? -1 : 1));
}

export async function packageFacts(root: string): Promise<PackageFacts> {
  return JSON.parse(await readFile(join(root, 'package.json'), 'utf8')) as PackageFacts;
}
