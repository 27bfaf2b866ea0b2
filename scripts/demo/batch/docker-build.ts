import { readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { runProgram } from '../../../src/image/run-program.ts';
import { setVariable } from '../project.ts';
import type { Stage } from '../stage.ts';
import { editFile, mustHold } from '../story.ts';

/** Has the jobs of the project build with an engine, as those of a project whose Dockerfile has a RUN. */
export async function buildWithDocker({ project: { folder }, aws }: Pick<Stage, 'project' | 'aws'>): Promise<void> {
  const dockerfile = await readFile(join(folder, 'Dockerfile'), 'utf8');
  const [, base] = /^ARG BASE=(\S+)$/m.exec(dockerfile) ?? [];
  mustHold(base !== undefined, 'the Dockerfile of the sample names no base');
  // An engine asks no mirror of ours, and reaches the stand-in by its name in the local AWS.
  const build = `builder: docker\n          build_args: BASE=${new URL(aws.endpoint).host}/${base}`;
  for (const file of ['config.yml', 'multi-job.yml']) {
    await editFile(join(folder, '.circleci', file), 'remote_docker: false', build);
  }
  // docker writes it into the image; the embedded builder has no clock.
  await setVariable(folder, 'SOURCE_DATE_EPOCH', '1767225600');
}

/** With the address of the engine that docker's own settings lead to: jobs have a HOME of their own, without any. */
export async function dockerEnvironment(env: NodeJS.ProcessEnv): Promise<NodeJS.ProcessEnv> {
  if (env['DOCKER_HOST']) return env;
  const asked = await runProgram('docker', ['context', 'inspect', '--format', '{{.Endpoints.docker.Host}}'], { env });
  const host = asked.kind === 'exited' && asked.code === 0 ? asked.stdout.trim() : '';
  return host === '' ? env : { ...env, DOCKER_HOST: host };
}
