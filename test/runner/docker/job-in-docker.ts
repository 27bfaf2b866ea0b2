import { execFileSync } from 'node:child_process';
import { mkdir } from 'node:fs/promises';
import { dirname, join } from 'node:path';
import { afterEach } from '@jest/globals';
import type { CommandEnd, CommandHost, RunningCommand } from '../../../src/runner/command-host.ts';
import { openDockerHost, type DockerHostOptions } from '../../../src/runner/docker/open-docker-host.ts';
import { makeJobPlace, removeJobPlace } from '../../../src/runner/job/make-job-place.ts';
import type { JobPlace } from '../../../src/runner/job-place.ts';
import type { DockerImage, Executor, Job, Step } from '../../../src/runner/pipeline/pipeline.ts';
import { tempFolder } from '../../support/temp-folder.ts';

export function dockerImage(image: string, fields: Partial<DockerImage> = {}): DockerImage {
  return { image, environment: new Map(), ...fields };
}

export function jobWith(executor: Executor | readonly DockerImage[], fields: Partial<Job> = {}): Job {
  return {
    executor: 'kind' in executor ? executor : { kind: 'docker', images: executor },
    environment: new Map(),
    workingDirectory: '~/project',
    shell: '/bin/bash -eo pipefail',
    parallelism: 1,
    steps: [],
    ...fields,
  };
}

export function stepOf(kind: 'checkout' | 'setup_remote_docker'): Step {
  const at = { source: { name: 'config.yml', text: '' }, line: 1, column: 1 };
  return { kind, name: kind, when: 'on_success', at };
}

/** A job that is open, and what to do in it. */
export interface OpenJob {
  readonly place: JobPlace;
  readonly host: CommandHost;
  readonly environment: Readonly<Record<string, string>>;
  readonly said: readonly string[];
  readonly toolsFolder: string;
  start(argv: readonly string[], env?: Readonly<Record<string, string>>, cwd?: string): Started;
  /** Runs a script in the image's `sh`, and gives what it wrote. */
  sh(script: string, env?: Readonly<Record<string, string>>, cwd?: string): Promise<CommandEnd & { text: string }>;
}

export interface Started {
  readonly running: RunningCommand;
  readonly text: () => string;
  /** Resolves when the output holds this text. */
  readonly wrote: (part: string) => Promise<void>;
}

const open: { host?: CommandHost; place: JobPlace }[] = [];

afterEach(async () => {
  for (const { host, place } of open.splice(0)) {
    await host?.close();
    await removeJobPlace(place);
  }
});

/** Opened for one test. */
export async function openJob(job: Job, options: Partial<DockerHostOptions> = {}): Promise<OpenJob> {
  const place = await makeJobPlace();
  const entry: { host?: CommandHost; place: JobPlace } = { place };
  open.push(entry);
  const said: string[] = [];
  const toolsFolder = join(await tempFolder(), 'tools');
  // Without a program, the tools only have to be there.
  const program = join(await tempFolder(), 'program.js');
  await mkdir(dirname(program), { recursive: true });
  const { host, environment } = await openDockerHost(job, place, {
    toolsFolder,
    tools: { node: process.execPath, program },
    env: process.env,
    say: (text) => void said.push(text),
    ...options,
  });
  entry.host = host;
  const start: OpenJob['start'] = (argv, env = {}, cwd = join(place.home, 'project')) => {
    const chunks: Buffer[] = [];
    const waiting = new Set<() => void>();
    const text = (): string => Buffer.concat(chunks).toString();
    const running = host.start({
      argv,
      cwd,
      env: { PATH: '/bin', ...env },
      output: (chunk) => {
        chunks.push(Buffer.from(chunk));
        for (const check of waiting) check();
      },
    });
    const wrote = (part: string): Promise<void> =>
      new Promise((resolve) => {
        const check = (): void => {
          if (text().includes(part)) resolve();
        };
        waiting.add(check);
        check();
      });
    return { running, text, wrote };
  };
  return {
    ...{ place, host, environment, said, toolsFolder, start },
    async sh(script, env, cwd) {
      const { running, text } = start(['/bin/sh', '-c', script], env, cwd);
      return { ...(await running.ended), text: text() };
    },
  };
}

/** Ids of all containers with the runner's label. */
export function ourContainers(): string[] {
  const args = ['ps', '--all', '--quiet', '--filter', 'label=aws-deploy.local-run.owner'];
  return execFileSync('docker', args)
    .toString()
    .split('\n')
    .filter((id) => id !== '');
}
