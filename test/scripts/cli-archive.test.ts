import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { chmod, mkdir, readdir, readFile, stat, writeFile } from 'node:fs/promises';
import { dirname, join, relative } from 'node:path';
import { fileURLToPath } from 'node:url';
import { beforeAll, describe, expect, it } from '@jest/globals';
import { buildCliArchive, type CliArchive } from '../../scripts/cli-archive.ts';
import { bundleCli, DEPLOY, type BundleFile } from '../../scripts/cli-bundle.ts';
import { awsEnvironment, localAwsForTests } from '../support/local-aws-world.ts';
import { tempFolder } from '../support/temp-folder.ts';

const root = dirname(dirname(dirname(fileURLToPath(import.meta.url))));

/** Parts that only some actions need, each with a text that nothing else has. */
const PARTS = {
  sdk: 'AWS4-HMAC-SHA256',
  batch: 'AWSBatchV20160810',
  ecr: 'AmazonEC2ContainerRegistry_V20150921',
  ecs: 'AmazonEC2ContainerServiceV20141113',
  s3: 'http://s3.amazonaws.com/doc/2006-03-01/',
  logs: 'Logs_20140328',
  events: 'AWSEvents',
  scheduler: 'AWSChronosService',
  yaml: 'Map keys must be unique',
  'credential chain': 'AWS_CONTAINER_CREDENTIALS_RELATIVE_URI',
};

function partsIn(texts: readonly string[]): string[] {
  return Object.entries(PARTS).flatMap(([part, text]) => (texts.some((each) => each.includes(text)) ? [part] : []));
}

describe('the bundle of the CLI archive', () => {
  let files: readonly BundleFile[];
  beforeAll(async () => {
    files = await bundleCli(root, DEPLOY);
  });

  it.each(Object.entries(PARTS))('has %s in one file', (_part, text) => {
    expect(files.filter(({ bytes }) => Buffer.from(bytes).includes(text))).toHaveLength(1);
  });

  it.each([
    ['aws-deploy.js', []],
    ['lib/run-named-action.js', []],
    ['lib/register.js', []],
    ['lib/session.js', ['sdk']],
    ['lib/batch.js', ['sdk', 'batch']],
    ['lib/ecr.js', ['sdk', 'ecr']],
    ['lib/ecs.js', ['sdk', 'ecs']],
    ['lib/s3.js', ['sdk', 's3']],
    ['lib/logs.js', ['sdk', 'logs']],
    ['lib/events.js', ['sdk', 'events']],
    ['lib/scheduler.js', ['sdk', 'scheduler']],
    ['lib/aws-sdk-credential-provider-node.js', ['sdk', 'credential chain']],
  ])('loads with %s, of what others need, only: %j', (path, parts) => {
    expect(partsIn(loadedWith(path, files).map(({ bytes }) => Buffer.from(bytes).toString()))).toEqual(parts);
  });

  it.each([
    ['to start', 'aws-deploy.js', ['aws-deploy.js']],
    [
      'before it is known what an action needs',
      'lib/run-named-action.js',
      ['aws-deploy.js', 'lib/run-named-action.js'],
    ],
  ])('loads %s only what that takes', (_when, path, paths) => {
    const loaded = loadedWith(path, files).map((file) => file.path);
    expect(loaded.toSorted()).toEqual(paths);
  });
});

/** A file, and all that it loads whenever it is loaded. */
function loadedWith(start: string, files: readonly BundleFile[]): BundleFile[] {
  const paths = new Set([start]);
  const loaded: BundleFile[] = [];
  for (const path of paths) {
    const file = files.find((candidate) => candidate.path === path);
    if (!file) throw new Error(`${path} is not in the bundle`);
    loaded.push(file);
    for (const needed of file.imports) paths.add(needed);
  }
  return loaded;
}

describe('the installed CLI archive', () => {
  const localAws = localAwsForTests();
  let archive: CliArchive;
  beforeAll(async () => {
    archive = await buildCliArchive(root);
  });

  const DEFINITION = {
    type: 'container',
    containerProperties: { image: `ghcr.io/acme/crawl@sha256:${'a'.repeat(64)}`, vcpus: 1, memory: 512 },
  };

  const TASK_DEFINITION = {
    family: 'web',
    containerDefinitions: [{ name: 'web', image: `ghcr.io/acme/web@sha256:${'a'.repeat(64)}`, memory: 512 }],
  };

  /** Unpacks the archive beside definitions, and runs it in a process that says which files it loaded. */
  async function installed(): Promise<{ home: string; bin: string; run(args: readonly string[]): Promise<Run> }> {
    const folder = await tempFolder();
    const all = {
      ...Object.fromEntries([...archive.files].map(([path, bytes]) => [`cli/${path}`, bytes])),
      'job.json': JSON.stringify(DEFINITION),
      'task.json': JSON.stringify(TASK_DEFINITION),
      'job.yml': 'type: container\ncontainerProperties: { image: ghcr.io/acme/crawl:1, vcpus: 1, memory: 512 }\n',
      'spy.cjs': `process.once('exit', () => require('node:fs').writeFileSync(process.env.LOADED, JSON.stringify(Object.keys(require.cache))));`,
    };
    for (const [path, content] of Object.entries(all)) {
      await mkdir(dirname(join(folder, path)), { recursive: true });
      await writeFile(join(folder, path), content);
    }
    const bin = join(folder, 'cli', 'bin');
    const home = await tempFolder();
    const env = {
      ...(await awsEnvironment(localAws(), { HOME: home })),
      NODE_OPTIONS: `--require ${join(folder, 'spy.cjs')}`,
      LOADED: join(folder, 'loaded.json'),
    };
    return {
      home,
      bin,
      async run(args) {
        const child = spawn(process.execPath, [join(bin, 'aws-deploy'), ...args], {
          cwd: folder,
          env,
          stdio: 'ignore',
        });
        const [exitCode] = (await once(child, 'exit')) as [number];
        const paths = JSON.parse(await readFile(env.LOADED, 'utf8')) as string[];
        return { exitCode, loaded: paths.map((path) => relative(bin, path)).filter((path) => !path.startsWith('..')) };
      },
    };
  }

  interface Run {
    exitCode: number;
    loaded: readonly string[];
  }

  const register = ['register-job-definition', '--job-definition-name', 'crawl', '--job-definition'];

  it.each([
    ['--help', ['--help'], 0, []],
    ['a usage error', ['register-job-definition', '--imag'], 2, []],
    ['registering from JSON', [...register, 'job.json'], 0, ['sdk', 'batch']],
    ['registering from YAML', [...register, 'job.yml'], 0, ['sdk', 'batch', 'yaml']],
    ['a task definition', ['register-task-definition', '--task-definition', 'task.json'], 0, ['sdk', 'ecs']],
    [
      'an upload',
      ['upload-script', '--script', 'job.json', '--script-destination', 's3://nowhere/x'],
      5,
      ['sdk', 's3'],
    ],
  ])('loads for %s only what that needs', async (_what, args, exitCode, parts) => {
    const { bin, run } = await installed();
    const done = await run(args);
    const texts = await Promise.all(done.loaded.map((path) => readFile(join(bin, path), 'utf8')));
    expect({ exitCode: done.exitCode, parts: partsIn(texts) }).toEqual({ exitCode, parts });
  });

  it.each([['--help'], ['--version']])('loads one file for %s', async (flag) => {
    const { run } = await installed();
    expect((await run([flag])).loaded).toEqual(['aws-deploy']);
  });

  it('keeps what was compiled, for this user alone, and runs on it', async () => {
    const { home, run } = await installed();
    await run([...register, 'job.json']);
    const kept = join(home, '.aws-deploy', 'compiled');
    expect((await stat(kept)).mode & 0o777).toBe(0o700);
    expect(await readdir(kept, { recursive: true })).not.toEqual([]);
    expect((await run([...register, 'job.json'])).exitCode).toBe(0);
  });

  it('does not run on kept code that is damaged', async () => {
    const { home, run } = await installed();
    await run([...register, 'job.json']);
    const kept = join(home, '.aws-deploy', 'compiled');
    const entries = await readdir(kept, { recursive: true, withFileTypes: true });
    for (const entry of entries.filter((each) => each.isFile())) {
      const path = join(entry.parentPath, entry.name);
      const bytes = await readFile(path);
      await writeFile(path, bytes.fill(0x55, Math.floor(bytes.length / 2)));
    }
    expect((await run([...register, 'job.json'])).exitCode).toBe(0);
  });

  it('keeps nothing, and takes nothing, where others can write', async () => {
    const { home, run } = await installed();
    const kept = join(home, '.aws-deploy', 'compiled', process.version);
    await mkdir(kept, { recursive: true });
    await chmod(kept, 0o770);
    expect((await run([...register, 'job.json'])).exitCode).toBe(0);
    expect(await readdir(kept)).toEqual([]);
  });

  it('works where nothing can be kept', async () => {
    const { home, run } = await installed();
    await mkdir(join(home, '.aws-deploy'));
    await writeFile(join(home, '.aws-deploy', 'compiled'), 'a file in the place of the folder');
    expect((await run([...register, 'job.json'])).exitCode).toBe(0);
  });

  it('leaves nothing behind after --help', async () => {
    const { home, run } = await installed();
    await run(['--help']);
    expect(await readdir(home)).toEqual([]);
  });
});
