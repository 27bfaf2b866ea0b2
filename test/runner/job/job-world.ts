import type { CommandHost } from '../../../src/runner/command-host.ts';
import type { JobPlace } from '../../../src/runner/job-place.ts';
import type { JobWorld } from '../../../src/runner/job-world.ts';
import type { RunStep, Step } from '../../../src/runner/pipeline/pipeline.ts';
import { jobWith } from '../support/job-fields.ts';

const source = { name: '.circleci/config.yml', text: '' };
const at = { source, line: 1, column: 1 };

/** A job around a place and a host; everything else of it is plain. */
export function jobWorld(
  { place, host }: { place: JobPlace; host: CommandHost },
  { signal = new AbortController().signal, env = {}, ...fields }: Partial<JobWorld> = {},
): JobWorld {
  return {
    id: { workflow: 'main', job: 'build', node: 0 },
    workflow: { name: 'main', jobs: [] },
    job: {
      name: 'build',
      type: 'build',
      requires: [],
      contexts: [],
      at,
      job: jobWith({ kind: 'machine', image: 'default' }),
    },
    place,
    host,
    env: { PATH: process.env['PATH'] ?? '', HOME: place.home, BASH_ENV: place.bashEnv, ...env },
    checkout: { repository: '/nowhere', commit: 'c0ffee', branch: 'main', dirty: false },
    config: source,
    runFolder: '/nowhere',
    localFolder: '/nowhere',
    signal,
    say: () => {},
    ...fields,
  };
}

/** A step as the config reader gives it: with all defaults of CircleCI. */
export function runStep(command: string, fields: Partial<RunStep> = {}): RunStep {
  return {
    kind: 'run',
    name: command,
    command,
    when: 'on_success',
    environment: new Map(),
    background: false,
    noOutputTimeoutMs: 600_000,
    maxAutoReruns: 0,
    autoRerunDelayMs: 0,
    at,
    ...fields,
  };
}

/** Any other step, told by its kind and what matters of it. */
export function otherStep<K extends Step['kind']>(kind: K, fields: Partial<Extract<Step, { kind: K }>> = {}): Step {
  return { kind, name: kind, when: 'on_success', at, path: 'out', ...fields } as unknown as Step;
}
