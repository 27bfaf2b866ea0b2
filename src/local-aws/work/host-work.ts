import { spawn } from 'node:child_process';
import { accessSync, constants } from 'node:fs';
import { mkdir, mkdtemp, rm } from 'node:fs/promises';
import { availableParallelism, tmpdir } from 'node:os';
import { delimiter, join } from 'node:path';

import { type Script, scriptOf } from './entry-point.ts';
import { ImageFiles } from './image-files.ts';
import type { LocalImage } from './image-lookup.ts';
import { linesOf, processEnd } from './process-output.ts';
import { Slots } from './slots.ts';
import type { Plan, Refused, Running, Task } from './task.ts';

/** More scripts at once than this make none of them faster. */
const slots = new Slots(Math.max(4, availableParallelism() * 2));

/**
 * The plan to run a script of the image as a process of this machine: in a folder of its own that holds the image's
 * files, by an interpreter of this machine, with this user's rights. `hostPath` is where programs are looked for.
 */
export async function planHostWork(task: Task, image: LocalImage, hostPath: string): Promise<Plan> {
  let files: ImageFiles;
  try {
    files = await ImageFiles.ofLayers(image.layers);
  } catch (error) {
    return { kind: 'simulated', why: `the image cannot be unpacked here: ${(error as Error).message}` };
  }
  const script = scriptOf(files, image.config, task.command, (name) => findProgram(name, hostPath));
  if ('why' in script) return { kind: 'simulated', why: `no docker engine answers, and ${script.why}` };
  if ('refused' in script) return { kind: 'refused', reason: script.refused };
  return {
    kind: 'real',
    start: (write) => slots.during((done) => start({ task, files, script, hostPath, write, done })),
  };
}

interface HostWork {
  task: Task;
  files: ImageFiles;
  script: Script;
  hostPath: string;
  write(line: string): void;
  done(): void;
}

async function start({ task, files, script, hostPath, write, done }: HostWork): Promise<Running | Refused> {
  const folder = await mkdtemp(join(tmpdir(), `aws-deploy-batch-${process.pid}-`));
  const cleanUp = async (): Promise<void> => {
    // A script may have taken its own rights away.
    await rm(folder, { recursive: true, force: true, maxRetries: 3 }).catch(() => undefined);
    done();
  };
  try {
    await files.writeTo(folder);
    const cwd = join(folder, script.workingDir);
    const temp = join(folder, 'tmp');
    for (const needed of [cwd, temp]) await mkdir(needed, { recursive: true });
    const args = script.args.map((word) => (typeof word === 'string' ? word : join(folder, word.inImage)));
    const env = { ...script.environment, HOME: folder, TMPDIR: temp, ...task.environment, PATH: hostPath };
    return await run({ program: script.interpreter, args, cwd, env, write, cleanUp });
  } catch (error) {
    await cleanUp();
    return { refused: `CannotStartContainerError: ${(error as Error).message}` };
  }
}

interface Process {
  program: string;
  args: readonly string[];
  cwd: string;
  env: Record<string, string>;
  write(line: string): void;
  cleanUp(): Promise<void>;
}

/** In a process group of its own, so that nothing of it is left when it has ended. */
async function run({ program, args, cwd, env, write, cleanUp }: Process): Promise<Running> {
  const child = spawn(program, args, { cwd, env, detached: true, stdio: ['ignore', 'pipe', 'pipe'] });
  const started = new Promise<void>((resolve, reject) => {
    child.once('spawn', resolve);
    child.once('error', reject);
  });
  const output = Promise.all([linesOf(child.stdout, write), linesOf(child.stderr, write)]);
  const exited = processEnd(child);
  await started;
  const signal = (name: 'SIGTERM' | 'SIGKILL'): void => killGroup(child.pid!, name);
  const ended = exited.then(async (exitCode) => {
    // What it started and left behind would keep its output open for ever.
    signal('SIGKILL');
    await output;
    await cleanUp();
    return { exitCode };
  });
  return { ended, signal };
}

function killGroup(pid: number, name: 'SIGTERM' | 'SIGKILL'): void {
  try {
    process.kill(-pid, name);
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code !== 'ESRCH') throw error;
  }
}

function findProgram(name: string, hostPath: string): string | undefined {
  return hostPath
    .split(delimiter)
    .filter((folder) => folder !== '')
    .map((folder) => join(folder, name))
    .find((file) => {
      try {
        accessSync(file, constants.X_OK);
        return true;
      } catch {
        return false;
      }
    });
}
