// A runner in a process of its own, for tests that kill it or run it as another user. Its argument is a RunnerTask.
import { mkdir, readFile, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { openDockerHost } from '../../../../src/runner/docker/open-docker-host.ts';
import { makeJobPlace, removeJobPlace } from '../../../../src/runner/job/make-job-place.ts';
import { dockerImage, jobWith } from '../../support/job-fields.ts';

export interface RunnerTask {
  readonly images: readonly string[];
  /** `wait` never ends; `share` writes and reads files in turns with the container. */
  readonly what: 'wait' | 'share';
}

const { images, what } = JSON.parse(process.argv[2] ?? '') as RunnerTask;
const job = jobWith(images.map((image) => dockerImage(image)));
const place = await makeJobPlace(tmpdir());
const { host } = await openDockerHost(job, place, {
  toolsFolder: join(place.folder, 'tools'),
  tools: { node: process.execPath, program: process.argv[1] ?? '' },
  env: process.env,
  say: () => {},
});
const project = join(place.home, 'project');

async function step(script: string): Promise<string> {
  const file = join(place.temp, 'step');
  await writeFile(file, script, { mode: 0o700 });
  let text = '';
  const env = { PATH: '/bin', BASH_ENV: place.bashEnv, TMPDIR: place.temp };
  const output = (chunk: Buffer): void => void (text += chunk.toString());
  const { exitCode, failure = '' } = await host.start({ argv: ['/bin/sh', '-e', file], env, cwd: project, output })
    .ended;
  return `${exitCode} ${failure}${text}`;
}

if (what === 'wait') {
  host.start({
    argv: ['/bin/sh', '-c', 'echo on; setsid sleep 1000 & sleep 1000'],
    env: { PATH: '/bin' },
    cwd: project,
    output: () => process.stdout.write('ready\n'),
  });
} else {
  const found: Record<string, string> = {};
  found['first'] = await step('echo mine > mine; mkdir -p deep/er; echo A=b > "$BASH_ENV"; mkdir "$TMPDIR/own"; umask');
  found['bash env'] = await readFile(place.bashEnv, 'utf8');
  await host.lendFiles?.(async () => {
    found['mine'] = await readFile(join(project, 'mine'), 'utf8');
    await mkdir(join(project, 'deep/er/still'));
    await writeFile(join(project, 'deep/er/still/lent'), 'lent\n', { mode: 0o600 });
  });
  found['second'] = await step('echo more >> deep/er/still/lent; cat deep/er/still/lent; rm mine; chmod 700 deep');
  await host.close();
  await removeJobPlace(place);
  process.stdout.write(JSON.stringify(found));
}
