import { spawn } from 'node:child_process';
import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';

import type { World } from '../service.ts';
import type { LocalImage } from './image-lookup.ts';
import { linesOf, processEnd } from './process-output.ts';
import type { Refused, Running, Task } from './task.ts';

/** How docker says that the container could not be run at all. */
const NOT_RUN = 125;
const PROBE_MS = 10_000;
/** How long an answer about the engine is believed. */
const BELIEVED_MS = 30_000;

/** The docker engine of this machine: by DOCKER_HOST, or at its usual place. */
export class DockerEngine {
  readonly #env: NodeJS.ProcessEnv;
  #answer: { until: number; answers: Promise<boolean> } | undefined;

  constructor(env: NodeJS.ProcessEnv) {
    this.#env = env;
  }

  answers(): Promise<boolean> {
    const now = Date.now();
    if (this.#answer === undefined || this.#answer.until < now) {
      const answers = this.#docker(['version', '--format', '{{.Server.Version}}'], PROBE_MS).then(
        ({ code }) => code === 0,
      );
      this.#answer = { until: now + BELIEVED_MS, answers };
    }
    return this.#answer.answers;
  }

  /** Whether the engine has the image, or can get it from where it belongs. */
  async has(image: string): Promise<boolean> {
    const present = await this.#docker(['image', 'inspect', '--', image], PROBE_MS);
    return present.code === 0 || (await this.#docker(['pull', '--quiet', '--', image])).code === 0;
  }

  /** Pulls an image of the local registry, with a login that nobody else sees. Gives what docker said when it can't. */
  async pull(image: LocalImage, world: World): Promise<{ failed: string } | undefined> {
    const call = { service: 'ecr', operation: 'GetAuthorizationToken', region: image.region, input: {} };
    const { authorizationData } = (await world.invoke(call)) as {
      authorizationData?: [{ authorizationToken: string }];
    };
    const folder = await mkdtemp(join(tmpdir(), 'aws-deploy-docker-'));
    try {
      const auths = { [new URL(world.endpoint()).host]: { auth: authorizationData?.[0].authorizationToken } };
      await writeFile(join(folder, 'config.json'), JSON.stringify({ auths }), { mode: 0o600 });
      const { code, said } = await this.#docker(['--config', folder, 'pull', '--quiet', '--', image.reference]);
      return code === 0 ? undefined : { failed: said };
    } finally {
      await rm(folder, { recursive: true, force: true });
    }
  }

  /** Runs a container on the host's network, which is where the local AWS is. */
  async run(task: Task, image: string, write: (line: string) => void): Promise<Running | Refused> {
    const name = `aws-deploy-${task.id}`;
    const variables = Object.entries(task.environment).flatMap(([key, value]) => ['--env', `${key}=${value}`]);
    const args = ['run', '--rm', '--pull', 'never', '--network', 'host', '--name', name, ...variables, '--'];
    const child = spawn('docker', [...args, image, ...task.command], {
      env: this.#env,
      stdio: ['ignore', 'pipe', 'pipe'],
    });
    const exited = processEnd(child);
    let lastError = '';
    const output = Promise.all([
      linesOf(child.stdout, write),
      linesOf(child.stderr, (line) => write((lastError = line))),
    ]);
    const error = await new Promise<Error | undefined>((resolve) => {
      child.once('spawn', () => resolve(undefined));
      child.once('error', resolve);
    });
    if (error !== undefined) return { refused: `CannotStartContainerError: ${error.message}` };
    const ended = exited.then(async (exitCode) => {
      await output;
      return exitCode === NOT_RUN ? { reason: `CannotStartContainerError: ${lastError}` } : { exitCode };
    });
    return {
      ended,
      signal: (signal) => void this.#docker(['kill', '--signal', signal, name], PROBE_MS),
    };
  }

  /** Never through a shell. A program that is missing has the code 127. */
  async #docker(args: readonly string[], timeoutMs?: number): Promise<{ code: number; said: string }> {
    const child = spawn('docker', args, {
      env: this.#env,
      stdio: ['ignore', 'pipe', 'pipe'],
      ...(timeoutMs !== undefined && { timeout: timeoutMs }),
    });
    const said: string[] = [];
    const keep = (line: string): void => void said.push(line);
    const output = Promise.all([linesOf(child.stdout, keep), linesOf(child.stderr, keep)]);
    const missing = new Promise<number>((resolve) => child.once('error', () => resolve(127)));
    const code = await Promise.race([processEnd(child), missing]);
    await output;
    return { code, said: said.join(' ') };
  }
}
