import { readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { build, type BuildOptions, type BuildResult, type Plugin } from 'esbuild';
import { sdkDiet } from './sdk-diet.ts';
import { repositoryUrl, type PackageFacts } from '../src/orb/package-facts.ts';

/** Nothing is written there: only names come from it. */
const OUT = 'out';

/** A file of a bundle, by its path in the bundle's own folder. */
export interface BundleFile {
  path: string;
  bytes: Uint8Array;
  /** Paths of the files that this one loads whenever it is loaded; `import()` is not among them. */
  imports: readonly string[];
}

/** What a bundle is made from. */
export interface CliEntry {
  /** Reads the command line: help, versions and usage errors are all that it can do alone. */
  front: string;
  /** What the front loads when there is work to do, by the file that each becomes. */
  back: Readonly<Record<string, string>>;
  /** Profiles with SSO need a browser and a person. */
  withoutSso: boolean;
}

const RUN = { 'run-named-action': 'src/cli/run-named-action.ts' };

/** The npm package: everything. */
export const FULL: CliEntry = { front: 'src/cli/main.ts', back: { ...RUN, 'local-aws': 'src/local-aws/command.ts' }, withoutSso: false };

/** The CLI archive: the deploy commands. */
export const DEPLOY: CliEntry = { front: 'src/cli/deploy.ts', back: RUN, withoutSso: true };

/**
 * Bundles the command line with everything that it depends on. The front is one CommonJS file, which Node starts faster
 * than a module (measured: an empty module costs a quarter more than an empty script). The back is ES modules in chunks,
 * so that an action loads the services that it calls and no others. The bytes depend on nothing but the sources and the
 * locked versions of the tools.
 */
export async function bundleCli(root: string, entry: CliEntry): Promise<BundleFile[]> {
  const common = await commonOptions(root);
  const [front, back] = await Promise.all([
    build({
      ...common,
      entryPoints: [{ in: entry.front, out: 'aws-deploy' }],
      format: 'cjs',
      plugins: [loadBackFromLib(root, entry.back)],
    }),
    build({
      ...common,
      entryPoints: Object.entries(entry.back).map(([out, source]) => ({ in: source, out: `lib/${out}` })),
      format: 'esm',
      splitting: true,
      outExtension: { '.js': '.mjs' },
      chunkNames: 'lib/[hash]',
      plugins: [sdkDiet({ root, withoutSso: entry.withoutSso })],
      // Some dependencies are CommonJS and call require().
      banner: { js: "import{createRequire as __createRequire}from'node:module';const require=__createRequire(import.meta.url);" },
    }),
  ]);
  return [...filesOf(front, root), ...filesOf(back, root)].toSorted((a, b) => (a.path < b.path ? -1 : 1));
}

async function commonOptions(root: string) {
  const facts = await packageFacts(root);
  return {
    absWorkingDir: root,
    outdir: join(root, OUT),
    bundle: true,
    platform: 'node',
    target: 'node20.19',
    // The ES modules of the SDK's packages, so that what is not used is left out.
    mainFields: ['module', 'main'],
    conditions: ['module'],
    minify: true,
    legalComments: 'none',
    define: {
      AWS_DEPLOY_VERSION: JSON.stringify(facts.version),
      AWS_DEPLOY_REPOSITORY: JSON.stringify(repositoryUrl(facts)),
    },
    metafile: true,
    write: false,
    logLevel: 'warning',
  } as const satisfies BuildOptions;
}

/** Parts of Node that take milliseconds to load, and that only work which is done in the back calls. */
const ONLY_IN_BACK = /^node:(child_process|crypto|fs\/promises|stream\/consumers)$/;

/**
 * In the front nothing that is loaded later is bundled: the back's entries are loaded from lib/, and what the actions
 * would load themselves never runs there.
 */
function loadBackFromLib(root: string, back: CliEntry['back']): Plugin {
  const names = new Map(Object.entries(back).map(([out, source]) => [join(root, source), `./lib/${out}.mjs`]));
  return {
    name: 'load-back-from-lib',
    setup(esbuild) {
      esbuild.onResolve({ filter: /./ }, ({ kind, path, resolveDir }) => {
        if (ONLY_IN_BACK.test(path)) return { path, namespace: 'only-in-back' };
        if (kind !== 'dynamic-import') return undefined;
        return { path: names.get(join(resolveDir, path)) ?? path, external: true };
      });
      esbuild.onLoad({ filter: /./, namespace: 'only-in-back' }, () => ({ contents: 'module.exports = {};' }));
    },
  };
}

function filesOf(result: BuildResult<{ metafile: true; write: false }>, root: string): BundleFile[] {
  const outputs = result.metafile.outputs;
  const prefix = `${OUT}/`;
  return result.outputFiles.map(({ path, contents }) => {
    const name = path.slice(join(root, OUT).length + 1);
    const imports = outputs[`${prefix}${name}`]?.imports ?? [];
    return {
      path: name,
      bytes: contents,
      imports: imports.filter(({ kind, external }) => kind === 'import-statement' && !external).map((each) => each.path.slice(prefix.length)),
    };
  });
}

export async function packageFacts(root: string): Promise<PackageFacts> {
  return JSON.parse(await readFile(join(root, 'package.json'), 'utf8')) as PackageFacts;
}
