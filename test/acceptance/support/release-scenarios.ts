import type { JsonObject } from '../../../src/core/json.ts';
import { buildCli, removeBuilt } from './built-cli.ts';
import type { Ended } from './child-process.ts';
import { startLocalCloud, type LocalCloud } from './local-cloud.ts';
import { writeProject } from './sample-project.ts';
import { makeWorkplace, releaseArguments, type Workplace } from './workplace.ts';

/** A release, from what is there before to its command line. */
export interface Scenario {
  name: string;
  /** Brings the cloud and the checkout to where the release begins. */
  prepare(work: Workplace, cloud: LocalCloud): Promise<void>;
  arguments(cloud: LocalCloud): string[];
  env?: Readonly<Record<string, string>>;
}

/** Nothing is there but a base image and a bucket. */
export const FIRST_RELEASE: Scenario = {
  name: 'the first release, from a file',
  prepare: () => Promise.resolve(),
  arguments: releaseArguments,
};

/** Another program, another script and another setting, on a revision that is carried forward. */
export const NEXT_RELEASE: Scenario = {
  name: 'a release that carries a revision forward',
  async prepare(work, cloud) {
    await succeed(work.run(releaseArguments(cloud)));
    await writeProject(work.project, {
      'app/crawl': 'the program, improved\n',
      'job/crawl.sh': '#!/bin/sh\necho "crawling $1 twice"\n',
    });
    cloud.control.clearRequests();
  },
  arguments(cloud) {
    const [action = '', , , ...rest] = releaseArguments(cloud);
    return [action, '--job-definition-name', 'crawl', ...rest, '--environment', 'LOG_LEVEL=debug'];
  },
  env: { CIRCLE_SHA1: 'c0ffee0000000000000000000000000000000002' },
};

/** One call of a release: the `nth` of its operation. */
export interface Call {
  operation: string;
  nth: number;
}

/** A scenario on a cloud of its own, and what its release comes to when nobody disturbs it. */
export interface Rehearsed {
  scenario: Scenario;
  cloud: LocalCloud;
  calls: Call[];
  state: JsonObject;
  /** A new checkout and a cloud that are where the release begins. */
  begin(): Promise<Workplace>;
  arguments: readonly string[];
}

export async function rehearse(program: string, scenario: Scenario): Promise<Rehearsed> {
  const cloud = await startLocalCloud();
  const begin = async (): Promise<Workplace> => {
    await cloud.restart();
    const work = await makeWorkplace(program, cloud, {}, scenario.env);
    await scenario.prepare(work, cloud);
    return work;
  };
  try {
    const work = await begin();
    await succeed(work.run(scenario.arguments(cloud)));
    const [calls, state] = [numbered(cloud.calls()), cloud.control.state()];
    await work.remove();
    return { scenario, cloud, calls, state, begin, arguments: scenario.arguments(cloud) };
  } catch (error) {
    await cloud.close();
    throw error;
  }
}

/**
 * The calls of a scenario's release, for tables of tests: these are made before any test runs, and nothing may be left
 * open then.
 */
export async function callsOf(scenario: Scenario): Promise<Call[]> {
  try {
    const { cloud, calls } = await rehearse(await buildCli(), scenario);
    await cloud.close();
    return calls;
  } finally {
    await removeBuilt();
  }
}

async function succeed(running: Promise<Ended>): Promise<void> {
  const { code, stderr } = await running;
  if (code !== 0) throw new Error(`A release that nobody disturbed ended with ${code}:\n${stderr}`);
}

function numbered(operations: readonly string[]): Call[] {
  const counts = new Map<string, number>();
  return operations.map((operation) => {
    const nth = (counts.get(operation) ?? 0) + 1;
    counts.set(operation, nth);
    return { operation, nth };
  });
}
