import { afterEach, beforeEach, describe, expect, it } from '@jest/globals';
import { cpSync } from 'node:fs';
import { join } from 'node:path';
import { AwsView, type Revision } from '../../../scripts/demo/aws-view.ts';
import { prepareJobWork } from '../../../scripts/demo/job-work.ts';
import { createNarrator } from '../../../scripts/demo/narrator.ts';
import { tellNights } from '../../../scripts/demo/night-story.ts';
import { preparePlatform } from '../../../scripts/demo/platform.ts';
import type { CommandResult } from '../../../scripts/demo/stage.ts';
import { StoryError, type Story } from '../../../scripts/demo/story.ts';
import { startLocalAws, type LocalAws } from '../../../src/local-aws/server.ts';
import { tempFolder } from '../../support/temp-folder.ts';

const RELEASED: Revision = { number: 2, image: 'image', environment: {}, definition: {} };

let localAws: LocalAws;
let view: AwsView;
let project: string;

beforeEach(async () => {
  localAws = await startLocalAws();
  view = new AwsView(localAws.endpoint);
  await preparePlatform(localAws.endpoint);
  project = join(await tempFolder(), 'nightly-batch');
  cpSync('examples/nightly-batch', project, { recursive: true });
});

afterEach(async () => {
  view.close();
  await localAws.close();
});

/** The story with a command line that says this and does nothing. */
async function storyWith(result: CommandResult): Promise<Story> {
  return {
    stage: {
      aws: localAws,
      project,
      temp: project,
      run: () => Promise.resolve(result),
      folder: () => tempFolder(),
      close: () => Promise.resolve(),
    },
    aws: view,
    narrator: createNarrator(() => undefined, false),
    builder: 'embedded',
    base: 'base',
    work: await prepareJobWork(localAws, project, project),
  };
}

describe('tellNights', () => {
  it.each([
    ['says that all went well and did nothing', 0, 'no job was submitted'],
    ['fails', 10, 'the smoke run ended with exit code 10'],
  ])('ends where the command line %s', async (_case, exitCode, message) => {
    const told = tellNights(await storyWith({ exitCode, lines: [] }), RELEASED);
    await expect(told).rejects.toThrow(StoryError);
    await expect(told).rejects.toThrow(message);
  });
});

describe('prepareJobWork', () => {
  const scenario = (): unknown => localAws.control.scenario()['batch'];

  it('says what is missing, and then has jobs end as they are expected to', async () => {
    const path = process.env['PATH'];
    process.env['PATH'] = project;
    try {
      const work = await prepareJobWork(localAws, project, project);
      expect(work.simulatedWhy).toBe('there is no sh here');
      work.expect({ exitCode: 3, log: ['no'] });
      expect(scenario()).toMatchObject({ work: ['host'], jobs: [{ outcome: { exitCode: 3, log: ['no'] } }] });
    } finally {
      process.env['PATH'] = path;
    }
  });
});
