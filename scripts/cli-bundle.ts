import { readFile } from 'node:fs/promises';
import { join, relative } from 'node:path';
import { minify } from '@swc/core';
import { build, type BuildOptions, type Metafile, type Plugin } from 'esbuild';
import { entryName, foldChunks, FRONT, OUT, type Family } from './fold-chunks.ts';
import { sdkDiet } from './sdk-diet.ts';
import { repositoryUrl, type PackageFacts } from '../src/orb/package-facts.ts';

/** A file of a bundle, by its path in the bundle's own folder. */
export interface BundleFile {
  path: string;
  bytes: Uint8Array;
  /** Paths of the files that this one loads whenever it is loaded; `import()` is not among them. */
  imports: readonly string[];
}

/** What a bundle is made from. */
export interface CliEntry {
  /** Reads the command line, and loads the rest when there is work to do. */
  front: string;
  /** What it loads then. */
  back: readonly string[];
  /** Profiles with SSO need a browser and a person. */
  withoutSso: boolean;
}

/** Whatever is done with one of these services, most of the same is needed. */
const FAMILIES: readonly Family[] = [
  { path: 'lib/batch.js', members: ['src/aws/batch'], users: [] },
  {
    path: 'lib/batch-work.js',
    members: [
      'src/actions/schedule/',
      'src/actions/job-run/',
      'src/actions/rollback/',
      'src/actions/prune/',
      'src/actions/status/',
    ],
    users: ['src/actions/batch-job/'],
  },
  {
    path: 'lib/ecs.js',
    members: ['src/actions/service', 'src/actions/task-definition/', 'src/actions/task-run/', 'src/aws/ecs/'],
    users: ['src/actions/ecs-release/', 'src/actions/scheduled-task/'],
  },
];

/** The npm package: everything. */
export const FULL: CliEntry = {
  front: 'src/cli/main.ts',
  back: [
    'src/cli/compiled-code.ts',
    'src/cli/run-named-action.ts',
    'src/local-aws/command.ts',
    'src/cli/config/config-work.ts',
  ],
  withoutSso: false,
};

/** The CLI archive: the deploy commands. */
export const DEPLOY: CliEntry = {
  front: 'src/cli/deploy.ts',
  back: ['src/cli/compiled-code.ts', 'src/cli/run-named-action.ts'],
  withoutSso: true,
};

/**
 * Bundles the command line with everything that it depends on: `aws-deploy.js`, which help, versions and usage errors
 * need alone, and under lib/ what it loads when there is work to do, so that an action loads the services that it calls
 * and no others. The bytes depend on nothing but the sources and the locked versions of the tools.
 */
export async function bundleCli(root: string, entry: CliEntry): Promise<BundleFile[]> {
  const common = await commonOptions(root);
  const split = await build({
    ...common,
    entryPoints: [{ in: entry.front, out: 'aws-deploy' }],
    outdir: join(root, OUT),
    format: 'esm',
    splitting: true,
    chunkNames: '[name]-[hash]',
    plugins: [lightCommander, withoutAwsCalls, sdkDiet({ root, withoutSso: entry.withoutSso })],
    metafile: true,
  });
  const texts = new Map(split.outputFiles.map(({ path, text }) => [relative(root, path), text]));
  const folded = await foldChunks(
    { texts, outputs: split.metafile.outputs, back: entry.back, families: FAMILIES },
    filePaths(split.metafile.outputs),
    {
      ...common,
      minify: true,
    },
  );
  const files = await Promise.all(
    folded.map(async ({ path, text, imports }) => ({ path, bytes: Buffer.from(await minified(text)), imports })),
  );
  return files.toSorted((a, b) => (a.path < b.path ? -1 : 1));
}

/** swc makes 2 % less of what esbuild has minified. */
async function minified(script: string): Promise<string> {
  const { code } = await minify(script, { compress: { passes: 2 }, mangle: true, module: false, ecma: 2020 });
  return code;
}

async function commonOptions(root: string) {
  const facts = await packageFacts(root);
  return {
    absWorkingDir: root,
    bundle: true,
    platform: 'node',
    target: 'node20.19',
    // The ES modules of the SDK's packages, so that what is not used is left out.
    mainFields: ['module', 'main'],
    conditions: ['module'],
    legalComments: 'none',
    define: {
      // Nothing here has web streams. The SDK looks for them, and even looking loads them: 1.3 ms.
      ReadableStream: 'undefined',
      AWS_DEPLOY_VERSION: JSON.stringify(facts.version),
      AWS_DEPLOY_REPOSITORY: JSON.stringify(repositoryUrl(facts)),
    },
    write: false,
    logLevel: 'warning',
  } as const satisfies BuildOptions;
}

/** What an action calls on AWS is declared for the reference page; the command line never tells it. */
const withoutAwsCalls: Plugin = {
  name: 'without-aws-calls',
  setup(esbuild) {
    esbuild.onLoad({ filter: /src[\\/]actions[\\/][\w-]+\.ts$/ }, async ({ path }) => {
      const source = await readFile(path, 'utf8');
      if (!/= defineAction\(\{$/m.test(source)) return undefined;
      const contents = source.replace(/^ {2}awsCalls: [\s\S]*?(?=^ {2}[a-z])/m, '');
      if (contents === source) throw new Error(`${path} declares an action without awsCalls`);
      return { contents, loader: 'ts' };
    });
  },
};

/**
 * Commander can start sub-commands that are programs of their own. Ours are none, and loading what starts them takes 2 ms.
 * Its help is not ours either: of that part, only what its suggestions ask for is needed.
 */
const lightCommander: Plugin = {
  name: 'light-commander',
  setup(esbuild) {
    esbuild.onResolve({ filter: /^node:child_process$/ }, ({ path, importer }) =>
      /[\\/]commander[\\/]/.test(importer) ? { path, namespace: 'left-out' } : undefined,
    );
    esbuild.onLoad({ filter: /./, namespace: 'left-out' }, () => ({ contents: 'module.exports = {};' }));
    esbuild.onLoad({ filter: /[\\/]commander[\\/]lib[\\/]help\.js$/ }, () => ({ contents: NO_HELP }));
  },
};

const NO_HELP = `
  exports.Help = class {
    visibleCommands({ commands }) { return commands; }
    visibleOptions(command) { return [...command.options, command._getHelpOption()].filter(Boolean); }
  };
  exports.stripColor = (text) => text;`;

/** The front stands above lib/; files there are named for what they hold, and what is shared is numbered. */
function filePaths(outputs: Metafile['outputs']): (chunk: string) => string {
  const given = new Map<string, string>();
  for (const [chunk, { entryPoint }] of Object.entries(outputs).toSorted(([a], [b]) => (a < b ? -1 : 1))) {
    const name = entryPoint === undefined ? 'shared' : entryName(entryPoint);
    const taken = [...given.values()];
    let path = `lib/${name}.js`;
    for (let count = 2; taken.includes(path); count++) path = `lib/${name}-${count}.js`;
    given.set(chunk, chunk === FRONT ? 'aws-deploy.js' : path);
  }
  return (chunk) => given.get(chunk) ?? chunk;
}

export async function packageFacts(root: string): Promise<PackageFacts> {
  return JSON.parse(await readFile(join(root, 'package.json'), 'utf8')) as PackageFacts;
}
