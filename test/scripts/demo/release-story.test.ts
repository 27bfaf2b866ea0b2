import { afterEach, beforeEach, expect, it } from '@jest/globals';
import { cpSync } from 'node:fs';
import { join } from 'node:path';
import { AwsView } from '../../../scripts/demo/aws-view.ts';
import { createNarrator } from '../../../scripts/demo/narrator.ts';
import { preparePlatform } from '../../../scripts/demo/platform.ts';
import { makeStandInBase, tellReleases } from '../../../scripts/demo/release-story.ts';
import type { CommandResult } from '../../../scripts/demo/stage.ts';
import { StoryError, type Story } from '../../../scripts/demo/story.ts';
import { startLocalAws, type LocalAws } from '../../../src/local-aws/server.ts';
import { tempFolder } from '../../support/temp-folder.ts';

let localAws: LocalAws;
let view: AwsView;

beforeEach(async () => {
  localAws = await startLocalAws();
  view = new AwsView(localAws.endpoint);
  await preparePlatform(localAws.endpoint);
});

afterEach(async () => {
  view.close();
  await localAws.close();
});

/** The story with a command line that says this and does nothing. */
async function storyWith(result: CommandResult): Promise<Story> {
  const project = join(await tempFolder(), 'nightly-batch');
  cpSync('examples/nightly-batch', project, { recursive: true });
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
    work: { simulatedWhy: undefined, expect: () => undefined },
  };
}

it.each([
  ['says that all went well and did nothing', 0, 'the newest revision is not there, not 1'],
  ['fails', 4, 'the first release ended with exit code 4'],
])('ends the story where the command line %s', async (_case, exitCode, message) => {
  const story = await storyWith({ exitCode, lines: [] });
  const told = tellReleases(story);
  await expect(told).rejects.toThrow(StoryError);
  await expect(told).rejects.toThrow(message);
});

it('shows what the command line has written when the stand-in base can not be made', async () => {
  const { stage } = await storyWith({ exitCode: 1, lines: ['error: the registry is on fire'] });
  await expect(makeStandInBase(stage, view)).rejects.toThrow('the registry is on fire');
});
