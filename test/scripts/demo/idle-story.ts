import { cp } from 'node:fs/promises';
import { basename, join } from 'node:path';
import { createNarrator } from '../../../scripts/demo/narrator.ts';
import type { PipelineResult } from '../../../scripts/demo/stage.ts';
import type { Story } from '../../../scripts/demo/story.ts';
import type { LocalAws } from '../../../src/local-aws/server.ts';
import { tempFolder } from '../../support/temp-folder.ts';

/** What a story is told with, where pipelines say that they ended so, and do nothing; nobody listens. */
export async function idleStory(sample: string, aws: LocalAws, exitCode: number): Promise<Story> {
  const folder = join(await tempFolder(), basename(sample));
  await cp(sample, folder, { recursive: true });
  const record: PipelineResult['record'] = {
    schema: 'aws-deploy/local-run@1',
    number: 1,
    config: '.circleci/config.yml',
    dirty: false,
    startedAt: '2026-11-20T12:00:00.000Z',
    workflows: [],
  };
  return {
    stage: {
      aws,
      project: { folder, commit: () => Promise.resolve() },
      runPipeline: () => Promise.resolve({ exitCode, record, folder }),
      runCommand: () => Promise.resolve({ exitCode }),
      close: () => Promise.resolve(),
    },
    narrator: createNarrator(() => undefined, false),
    pages: [],
  };
}
