import { mkdir, mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type { Ended, Running, Surroundings } from './child-process.ts';
import { run, start } from './child-process.ts';
import { BUCKET, REGION, type LocalCloud } from './local-cloud.ts';
import { COMMIT, writeProject } from './sample-project.ts';

/** A checkout with a home and a folder for temporary files of its own, on a machine that knows nothing but the local cloud. */
export interface Workplace {
  folder: string;
  /** The checkout. */
  project: string;
  home: string;
  /** TMPDIR of what runs here. */
  temp: string;
  env: Readonly<Record<string, string>>;
  start(args: readonly string[], env?: Readonly<Record<string, string | undefined>>): Running;
  run(args: readonly string[], env?: Readonly<Record<string, string | undefined>>): Promise<Ended>;
  surroundings(env?: Readonly<Record<string, string | undefined>>): Surroundings;
  remove(): Promise<void>;
}

export async function makeWorkplace(
  program: string,
  cloud: Pick<LocalCloud, 'endpoint'>,
  changedFiles: Readonly<Record<string, string>> = {},
  changedEnv: Readonly<Record<string, string>> = {},
): Promise<Workplace> {
  const folder = await mkdtemp(join(tmpdir(), 'aws-deploy-acceptance-'));
  const [project, home, temp] = [join(folder, 'project'), join(folder, 'home'), join(folder, 'tmp')];
  await Promise.all([writeProject(project, changedFiles), mkdir(home), mkdir(temp)]);
  const env = {
    PATH: process.env['PATH'] ?? '',
    HOME: home,
    TMPDIR: temp,
    AWS_ENDPOINT_URL: cloud.endpoint,
    AWS_ACCESS_KEY_ID: 'AKIATESTTESTTESTTEST',
    AWS_SECRET_ACCESS_KEY: 'acceptance-secret-access-key',
    AWS_REGION: REGION,
    CIRCLE_SHA1: COMMIT,
    ...changedEnv,
  };
  const surroundings = (more: Readonly<Record<string, string | undefined>> = {}): Surroundings => ({
    env: defined({ ...env, ...more }),
    cwd: project,
  });
  return {
    folder,
    project,
    home,
    temp,
    env,
    start: (args, more) => start(process.execPath, [program, ...args], surroundings(more)),
    run: (args, more) => run(process.execPath, [program, ...args], surroundings(more)),
    surroundings,
    remove: () => rm(folder, { recursive: true, force: true }),
  };
}

/** The command line of a whole release of the sample project, without an engine. */
export function releaseArguments(cloud: Pick<LocalCloud, 'base'>): string[] {
  return [
    'release-batch-job',
    ...['--job-definition', 'job-definition.json'],
    ...['--repository', 'crawl', '--create-repository'],
    ...['--builder', 'embedded', '--build-args', `BASE=${cloud.base}`],
    ...['--script', 'job/crawl.sh', '--script-destination', `s3://${BUCKET}/jobs`],
  ];
}

function defined(env: Readonly<Record<string, string | undefined>>): Record<string, string> {
  return Object.fromEntries(
    Object.entries(env).flatMap(([name, value]) => (value === undefined ? [] : [[name, value]])),
  );
}
