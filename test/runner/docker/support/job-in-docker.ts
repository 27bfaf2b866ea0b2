import { tmpdir } from 'node:os';
import { execFileSync } from 'node:child_process';
import { writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { afterEach, expect } from '@jest/globals';
import type { CommandEnd, CommandHost } from '../../../../src/runner/command-host.ts';
import { openDockerHost, type DockerHostOptions } from '../../../../src/runner/docker/open-docker-host.ts';
import { makeJobPlace, removeJobPlace } from '../../../../src/runner/job/make-job-place.ts';
import type { JobPlace } from '../../../../src/runner/job-place.ts';
import type { Job } from '../../../../src/runner/pipeline/pipeline.ts';
import { ownerLabel } from '../../../../src/runner/docker/engine/dead-runs.ts';
import { startCommand, type StartedCommand } from '../../support/started-command.ts';
import { whyNoContainers } from './test-images.ts';
import { tempFolder } from '../../../support/temp-folder.ts';

/** A job that is open, and what to do in it. */
export interface OpenJob {
  readonly place: JobPlace;
  readonly host: CommandHost;
  readonly environment: Readonly<Record<string, string>>;
  readonly said: readonly string[];
  readonly toolsFolder: string;
  start(argv: readonly string[], env?: Readonly<Record<string, string>>, cwd?: string): StartedCommand;
  close(): Promise<void>;
  /** Runs a script in the image's `sh`, and gives what it wrote. */
  sh(script: string, env?: Readonly<Record<string, string>>, cwd?: string): Promise<CommandEnd & { text: string }>;
}

const withContainers = (await whyNoContainers()) === undefined;
const open = new Set<() => Promise<void>>();
let openForAllTests = 0;

afterEach(async () => {
  for (const close of open) await close();
  open.clear();
  if (withContainers) expect(ourContainers()).toHaveLength(openForAllTests);
});

/** Opened for one test. */
export async function openJob(job: Job, options: Partial<DockerHostOptions> = {}): Promise<OpenJob> {
  const place = await makeJobPlace(tmpdir());
  // Its folder goes also when it can not be opened.
  const removePlace = (): Promise<void> => removeJobPlace(place);
  open.add(removePlace);
  const opened = await openIn(place, job, options);
  open.delete(removePlace);
  open.add(opened.close);
  return opened;
}

/** Opened for all tests of a file, with one container; they close it. */
export async function openForAll(job: Job): Promise<OpenJob> {
  const opened = await openIn(await makeJobPlace(tmpdir()), job, {});
  openForAllTests++;
  return opened;
}

async function openIn(place: JobPlace, job: Job, options: Partial<DockerHostOptions>): Promise<OpenJob> {
  const said: string[] = [];
  const toolsFolder = `${place.folder}-tools`;
  const program = join(await tempFolder(), 'program.js');
  await writeFile(program, 'console.log(JSON.stringify(process.argv.slice(2)));\n');
  const { host, environment } = await openDockerHost(job, place, {
    toolsFolder,
    tools: { node: process.execPath, program },
    env: process.env,
    say: (text) => void said.push(text),
    ...options,
  });
  const start: OpenJob['start'] = (argv, env = {}, cwd = join(place.home, 'project')) =>
    startCommand(host, { argv, cwd, env: { PATH: '/bin', ...env } });
  return {
    ...{ place, host, environment, said, toolsFolder, start },
    async sh(script, env, cwd) {
      const { running, text } = start(['/bin/sh', '-c', script], env, cwd);
      return { ...(await running.ended), text: text() };
    },
    async close() {
      await host.close();
      await removeJobPlace(place);
    },
  };
}

/** Ids of all containers of this process. */
export function ourContainers(): string[] {
  return containersOf(process.pid);
}

/** Ids of all containers of a runner. */
export function containersOf(processId: number): string[] {
  const [name = '', value = ''] = Object.entries(ownerLabel()).flat();
  const format = `{{.ID}} {{.Label "${name}"}}`;
  const listed = execFileSync('docker', ['ps', '--all', '--filter', `label=${name}`, '--format', format]).toString();
  const owner = ` ${value.split(' ')[0]} ${processId} `;
  return listed.split('\n').flatMap((line) => (line.includes(owner) ? [line.split(' ', 1)[0] ?? ''] : []));
}
