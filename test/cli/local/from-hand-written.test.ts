import { execFileSync } from 'node:child_process';
import { readFileSync } from 'node:fs';
import { readFile, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { describe, expect, it } from '@jest/globals';
import { removeImages } from '../../../scripts/demo/batch/docker-images.ts';
import { tempFolder } from '../../support/temp-folder.ts';
import { sampleForTests } from './sample-runs.ts';

const SAMPLE = 'examples/from-hand-written';
const SCENARIO = ['--scenario', '../local-aws.yml'];
const sample = sampleForTests(SAMPLE);

/** What the README says that a run changes, hashes apart. */
const [beforeMove = [], afterMove = []] = [
  ...readFileSync(join(SAMPLE, 'README.md'), 'utf8').matchAll(/^Changed in the local AWS:\n((?: {2}.*\n)+)/gm),
].map(([, lines = '']) =>
  lines
    .trimEnd()
    .split('\n')
    .map((line) => line.trim()),
);

function withoutHashes(lines: readonly string[] | undefined): string[] {
  return (lines ?? []).map((line) => line.replaceAll(/[0-9a-f]{12}…/g, '…'));
}

/** Why a program can not be used here. */
function missing(program: string, ...args: string[]): string | undefined {
  try {
    execFileSync(program, args, { stdio: 'ignore', timeout: 30_000 });
    return undefined;
  } catch (error) {
    return (error as NodeJS.ErrnoException).code === 'ENOENT' ? `there is no ${program}` : `${program} does not answer`;
  }
}

const noAws = missing('aws', '--version');
const noEngine = noAws ?? missing('docker', 'info');

/** What the sample's Dockerfile begins with. Nothing of it runs while it is built, so an empty image does. */
const BASE = 'public.ecr.aws/aws-cli/aws-cli:latest';

/** Gives the engine an image for the base where it has none, as nothing is pulled in tests; says how to take it back. */
function withBaseImage(): () => void {
  if (missing('docker', 'image', 'inspect', BASE) === undefined) return () => {};
  const endOfTar = Buffer.alloc(1024);
  execFileSync('docker', ['import', '-', BASE], { input: endOfTar, stdio: ['pipe', 'ignore', 'inherit'] });
  return () => void execFileSync('docker', ['rmi', BASE], { stdio: 'ignore' });
}

/** A test that needs tools, and says why it is skipped where they are not there. */
function itUnless(problem: string | undefined, name: string, test: () => Promise<void>): void {
  if (problem === undefined) it(name, test);
  else it.skip(`${name} (${problem})`, test);
}

describe('the pipeline that was written by hand', () => {
  itUnless(noEngine, 'runs as it is', async () => {
    const env = { DOCKER_HOST: process.env['DOCKER_HOST'] ?? 'unix:///var/run/docker.sock' };
    const takeBaseBack = withBaseImage();
    const { exitCode, stdout, record } = await sample().run(SCENARIO, { project: 'before', env });
    const [registry] = /127\.0\.0\.1:\d+(?=\/nightly-report)/.exec(stdout) ?? [];
    if (registry !== undefined) await removeImages(registry, process.env);
    takeBaseBack();
    expect({ exitCode, stdout: exitCode === 0 ? '' : stdout }).toEqual({ exitCode: 0, stdout: '' });
    expect(withoutHashes(record.localAws)).toEqual(beforeMove);
  });

  itUnless(noAws, 'runs with a docker that only notes how it was called', async () => {
    const bin = await tempFolder();
    const calls = join(bin, 'calls');
    const docker = `#!/bin/sh\n[ "$1" != login ] || cat > /dev/null\necho "docker $*" >> '${calls}'\n`;
    await writeFile(join(bin, 'docker'), docker, { mode: 0o755 });
    const env = { PATH: `${bin}:${process.env['PATH']}` };
    const { exitCode, stdout, record } = await sample().run(SCENARIO, { project: 'before', env });
    expect({ exitCode, stdout: exitCode === 0 ? '' : stdout }).toEqual({ exitCode: 0, stdout: '' });
    expect((await readFile(calls, 'utf8')).replaceAll(/127\.0\.0\.1:\d+/g, 'REGISTRY').split('\n')).toEqual([
      'docker login --username AWS --password-stdin REGISTRY',
      'docker build -t REGISTRY/nightly-report:latest .',
      'docker push REGISTRY/nightly-report:latest',
      '',
    ]);
    expect(withoutHashes(record.localAws)).toEqual(beforeMove.filter((line) => !line.startsWith('ecr ')));
  });
});

describe('the same with the orb', () => {
  it('runs without any tool, and forgets nothing', async () => {
    const { exitCode, stdout, record } = await sample().run(SCENARIO, { project: 'after' });
    expect({ exitCode, stdout: exitCode === 0 ? '' : stdout }).toEqual({ exitCode: 0, stdout: '' });
    expect(withoutHashes(record.localAws)).toEqual(afterMove);
  });
});

describe('what the move does not change', () => {
  it.each(['Dockerfile', 'jobs/report.sh'])('%s', async (path) => {
    const [before, after] = await Promise.all(
      ['before', 'after'].map((folder) => readFile(join(SAMPLE, folder, path), 'utf8')),
    );
    expect(after).toBe(before);
  });
});
