import { cp, readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { expect, it } from '@jest/globals';
import { parse } from 'yaml';
import { buildWithDocker } from '../../../../scripts/demo/batch/docker-build.ts';
import type { LocalAws } from '../../../../src/local-aws/server.ts';
import { tempFolder } from '../../../support/temp-folder.ts';

it('has the jobs ask for an engine, and build on the stand-in by its name in the local AWS', async () => {
  const folder = await tempFolder();
  await cp('examples/nightly-batch', folder, { recursive: true });
  const aws = { endpoint: 'http://127.0.0.1:4566' } as LocalAws;
  await buildWithDocker({ project: { folder, commit: () => Promise.resolve() }, aws });
  const [, base] = /^ARG BASE=(.*)$/m.exec(await readFile(join(folder, 'Dockerfile'), 'utf8')) ?? [];
  for (const [file, job] of [
    ['config.yml', 'aws-deploy/release_batch_job'],
    ['multi-job.yml', 'aws-deploy/build_and_push_image'],
  ]) {
    const config = parse(await readFile(join(folder, '.circleci', file!), 'utf8')) as {
      workflows: { release: { jobs: Record<string, object>[] } };
    };
    const given = config.workflows.release.jobs[0]?.[job!];
    expect(given).toMatchObject({ builder: 'docker', build_args: `BASE=127.0.0.1:4566/${base}` });
    expect(given).not.toHaveProperty('remote_docker');
  }
});
