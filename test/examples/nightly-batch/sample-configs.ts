import { join } from 'node:path';
import { readSampleConfig, type SampleConfig } from '../sample-config.ts';

export const SAMPLE = 'examples/nightly-batch';

export const CONFIGS = ['config.yml', 'multi-job.yml'] as const;

export function sampleConfig(file: (typeof CONFIGS)[number]): SampleConfig {
  return readSampleConfig(join(SAMPLE, '.circleci', file));
}
