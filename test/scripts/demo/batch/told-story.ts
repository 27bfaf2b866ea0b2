import { cp } from 'node:fs/promises';
import { join } from 'node:path';
import { AwsView } from '../../../../scripts/demo/batch/aws-view.ts';
import { createNarrator } from '../../../../scripts/demo/narrator.ts';
import type { PipelineResult } from '../../../../scripts/demo/stage.ts';
import type { BatchStory } from '../../../../scripts/demo/batch/batch-story.ts';
import type { LocalAws } from '../../../../src/local-aws/server.ts';
import { tempFolder } from '../../../support/temp-folder.ts';

/** The story with pipelines that say that they ended so, and do nothing. */
export async function storyWith(aws: LocalAws, exitCode: number): Promise<BatchStory> {
  const folder = join(await tempFolder(), 'nightly-batch');
  await cp('examples/nightly-batch', folder, { recursive: true });
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
    aws: new AwsView(aws.endpoint),
    narrator: createNarrator(() => undefined, false),
    work: { simulatedWhy: undefined, expect: () => undefined },
    pages: [],
  };
}
