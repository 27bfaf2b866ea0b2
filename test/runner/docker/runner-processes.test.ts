import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { spawn, type ChildProcess } from 'node:child_process';
import { once } from 'node:events';
import { chmod, chown, mkdir, readdir, rm } from 'node:fs/promises';
import { createConnection, createServer, type Server } from 'node:net';
import { join } from 'node:path';
import { build } from 'esbuild';
import { dockerProgram } from '../../../src/runner/docker/engine/docker-program.ts';
import { findEngine } from '../../../src/runner/docker/engine/find-engine.ts';
import { tempFolder } from '../../support/temp-folder.ts';
import { dockerImage, jobWith } from '../support/job-fields.ts';
import { containersOf, openJob } from './support/job-in-docker.ts';
import type { RunnerTask } from './support/runner-process.ts';
import { docker, makeTestImages, whyNoContainers, type TestImages } from './support/test-images.ts';

const reason = await whyNoContainers();
const withEngine = reason === undefined ? describe : describe.skip;
const asRoot = process.getuid?.() === 0 ? describe : describe.skip;

/** A user of this machine that has nothing. */
const OTHER = 54_321;

withEngine(`a runner in a process of its own${reason === undefined ? '' : ` (skipped: ${reason})`}`, () => {
  let images: TestImages;
  beforeAll(() => {
    images = makeTestImages();
  });
  afterAll(() => images?.remove());

  async function startRunner(
    task: RunnerTask,
    options: { env?: NodeJS.ProcessEnv; uid?: number; folder?: string } = {},
  ): Promise<{ child: ChildProcess; text: () => string }> {
    const { folder = await tempFolder(), ...user } = options;
    const env = { ...process.env, TMPDIR: folder, ...options.env };
    const program = join(folder, 'runner.mjs');
    const entryPoints = [join(import.meta.dirname, 'support/runner-process.ts')];
    await build({ entryPoints, outfile: program, bundle: true, platform: 'node', format: 'esm', target: 'node20' });
    const args = [program, JSON.stringify(task)];
    const child = spawn(process.execPath, args, { ...user, env, stdio: ['ignore', 'pipe', 'inherit'] });
    let text = '';
    child.stdout?.on('data', (chunk: Buffer) => (text += chunk.toString()));
    return { child, text: () => text };
  }

  describe('that is killed', () => {
    it('takes the container of its steps along, and the next run removes the rest', async () => {
      const { child } = await startRunner({ images: [images.plain, images.noShell], what: 'wait' });
      await once(child.stdout!, 'data');
      expect(containersOf(child.pid!)).toHaveLength(2);
      await kill(child);
      await openJob(jobWith([dockerImage(images.plain)]));
      expect(containersOf(child.pid!)).toEqual([]);
    });

    it('is not taken for one that still runs', async () => {
      const { child } = await startRunner({ images: [images.plain, images.noShell], what: 'wait' });
      await once(child.stdout!, 'data');
      await openJob(jobWith([dockerImage(images.plain)]));
      expect(containersOf(child.pid!)).toHaveLength(2);
      await kill(child);
      docker(['rm', '--force', ...containersOf(child.pid!)]);
    });

    /** Until the service is alone: the engine takes a moment to see that nobody holds the other one any more. */
    async function kill(child: ChildProcess): Promise<void> {
      child.kill('SIGKILL');
      await once(child, 'exit');
      while (containersOf(child.pid!).length > 1);
    }
  });

  asRoot('of a user who is not root', () => {
    it.each(['plain', 'user'] as const)(
      'shares its files with the user of the image "%s", and removes all of them',
      async (name) => {
        const folder = await tempFolder();
        await chmod(folder, 0o755);
        const temp = join(folder, 'temp');
        await mkdir(temp);
        await chown(temp, OTHER, OTHER);
        const socket = await engineFor(OTHER, folder);
        try {
          const env = { ...process.env, DOCKER_HOST: `unix://${socket.path}`, TMPDIR: temp, HOME: temp };
          const { child, text } = await startRunner(
            { images: [images[name]], what: 'share' },
            { env, uid: OTHER, folder },
          );
          const [code] = (await once(child, 'close')) as [number];
          expect({ code, found: JSON.parse(text() || '{}') as unknown }).toEqual({
            code: 0,
            found: { first: '0 0022\n', 'bash env': 'A=b\n', mine: 'mine\n', second: '0 lent\nmore\n' },
          });
          expect(await readdir(temp)).toEqual([]);
        } finally {
          socket.server.close();
          await rm(temp, { recursive: true });
        }
      },
    );
  });
});

/** The engine's socket may be in a folder that is root's alone. */
async function engineFor(user: number, folder: string): Promise<{ path: string; server: Server }> {
  const { endpoint = '' } = await findEngine(dockerProgram(process.env), process.env);
  const path = join(folder, 'engine');
  const server = createServer({ allowHalfOpen: true }, (from) => {
    const to = createConnection({ path: endpoint.replace('unix://', ''), allowHalfOpen: true });
    for (const [one, other] of [
      [from, to],
      [to, from],
    ] as const)
      one.pipe(other).on('error', () => one.destroy());
  });
  server.listen(path);
  await once(server, 'listening');
  await chown(path, user, user);
  return { path, server };
}
