import { mkdir, mkdtemp } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { removeTree } from '../../../../src/runner/storage/files/remove-tree.ts';
import type { Place } from '../../../../src/config/source.ts';
import type { JobWorld } from '../../../../src/runner/job-world.ts';
import type { Requirement, Workflow, WorkflowJob } from '../../../../src/runner/pipeline/pipeline.ts';
import { jobWith } from '../../support/job-fields.ts';

/** Where steps of tests are written. */
export const AT: Place = { source: { name: '.circleci/config.yml', text: '' }, line: 7, column: 9 };

export function stepFields(name: string): { name: string; when: 'on_success'; at: Place } {
  return { name, when: 'on_success', at: AT };
}

/** A folder of the test's own, outside of which it leaves nothing. */
export async function testFolder(): Promise<{ path: string; remove: () => Promise<void> }> {
  const path = await mkdtemp(join(tmpdir(), 'storage-test-'));
  return { path, remove: () => removeTree(path) };
}

export interface WorldOptions {
  readonly job?: string;
  readonly node?: number;
  readonly parallelism?: number;
  /** What each job requires; a workflow of one job when there is none. */
  readonly requires?: Readonly<Record<string, readonly string[]>>;
  readonly env?: Readonly<Record<string, string>>;
  readonly checkout?: Partial<JobWorld['checkout']>;
  readonly workingDirectory?: string;
  readonly run?: number;
  readonly signal?: AbortSignal;
}

export interface TestWorld extends JobWorld {
  /** All that was said, in order. */
  readonly said: string[];
  readonly working: string;
}

let places = 0;

/** The world of one node of a job, with folders of its own below a folder. Runs and caches are shared in that folder. */
export async function testWorld(folder: string, options: WorldOptions = {}): Promise<TestWorld> {
  const { job = 'build', node = 0, requires = { [job]: [] }, workingDirectory = '~/project' } = options;
  places += 1;
  const place = join(folder, `place-${places}`);
  const home = join(place, 'home');
  const localFolder = join(folder, 'local');
  const runFolder = join(localFolder, 'runs', String(options.run ?? 1));
  const working = join(home, 'project');
  for (const path of [working, join(place, 'tmp'), join(place, 'control'), runFolder]) {
    await mkdir(path, { recursive: true });
  }
  const workflow = workflowOf(requires, options.parallelism ?? 1, workingDirectory);
  const own = workflow.jobs.find(({ name }) => name === job);
  if (!own) throw new Error(`no job ${job}`);
  const said: string[] = [];
  return {
    id: { workflow: workflow.name, job, node },
    workflow,
    job: own,
    place: {
      folder: place,
      home,
      temp: join(place, 'tmp'),
      bashEnv: join(place, 'bash-env'),
      control: join(place, 'control'),
    },
    host: {
      start: () => {
        throw new Error('no command runs here');
      },
      close: () => Promise.resolve(),
    },
    env: options.env ?? {},
    checkout: { repository: folder, commit: '0'.repeat(40), branch: 'main', dirty: false, ...options.checkout },
    config: AT.source,
    runFolder,
    localFolder,
    signal: options.signal ?? new AbortController().signal,
    say: (text) => void said.push(text),
    said,
    working,
  };
}

/** The same world for a job in a container, whose /tmp and /app are folders of the job. */
export function inContainer(world: TestWorld): TestWorld {
  const { folder } = world.place;
  const mounts = {
    [folder]: folder,
    '/tmp': join(folder, 'container/tmp'),
    '/app': join(folder, 'container/working-directory'),
  };
  const hostPath = (path: string): string => {
    const [target, source] =
      Object.entries(mounts).find(([each]) => path === each || path.startsWith(`${each}/`)) ?? [];
    return target === undefined || source === undefined ? path : join(source, path.slice(target.length));
  };
  return { ...world, host: { ...world.host, hostPath } };
}

export function workflowOf(
  requires: Readonly<Record<string, readonly string[]>>,
  parallelism = 1,
  workingDirectory = '~/project',
): Workflow {
  return {
    name: 'main',
    jobs: Object.entries(requires).map(([name, jobs]) => jobOf(name, jobs, parallelism, workingDirectory)),
  };
}

function jobOf(name: string, requires: readonly string[], parallelism: number, workingDirectory: string): WorkflowJob {
  return {
    name,
    type: 'build',
    requires: requires.map((job): Requirement => ({ job, statuses: ['success'] })),
    contexts: [],
    job: jobWith({ kind: 'machine', image: 'ubuntu-2404:current' }, { workingDirectory, parallelism }),
    at: AT,
  };
}
