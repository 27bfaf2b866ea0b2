import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, it } from '@jest/globals';
import { pausingProxy, type PausingProxy } from '../support/pausing-proxy.ts';
import { buildCli } from './support/built-cli.ts';
import type { Ended } from './support/child-process.ts';
import { describedRevision, prepareService, servedRevision } from './support/ecs-world.ts';
import { startLocalCloud, type LocalCloud } from './support/local-cloud.ts';
import { whileTimePasses } from './support/passing-time.ts';
import { makeWorkplace, type Workplace } from './support/workplace.ts';

// Two processes release one service at the same time. Both end right, or one says that it was superseded; no change gets
// lost while both say that they are done.

let program: string;
let cloud: LocalCloud;
beforeAll(async () => {
  program = await buildCli();
  cloud = await startLocalCloud();
});
afterAll(() => cloud?.close());

const SUPERSEDED = 11;

const places: Workplace[] = [];
beforeEach(async () => {
  await cloud.restart();
  await prepareService(cloud);
});
afterEach(() => Promise.all(places.splice(0).map((place) => place.remove())));

/** One of the two releases, on a way to AWS that can be held up. */
interface Contender {
  way: PausingProxy;
  /** What it sets, and what is to be in the service when it says that it is done. */
  variable: string;
  run(): Promise<Ended>;
}

async function contender(variable: string, pipeline: number | undefined): Promise<Contender> {
  const way = await pausingProxy(cloud.endpoint);
  const env: Record<string, string> = pipeline === undefined ? {} : { AWS_DEPLOY_PIPELINE_NUMBER: String(pipeline) };
  const place = await makeWorkplace(program, way, {}, env);
  places.push(place);
  const change = ['--container', 'app', '--environment', `${variable}=1`, '--poll-interval', '1s'];
  return {
    way,
    variable,
    run: () => place.run(['release-ecs-service', '--cluster', 'demo', '--service', 'web', ...change]),
  };
}

/** Which variables the service's containers have. */
async function served(): Promise<(string | undefined)[]> {
  const { containerDefinitions = [] } = await describedRevision(cloud, await servedRevision(cloud));
  return (containerDefinitions[0]?.environment ?? []).map(({ name }) => name);
}

interface Kind {
  what: string;
  variables: readonly [string, string];
  pipelines?: readonly [number, number];
}

const KINDS: readonly Kind[] = [
  { what: 'the same content', variables: ['BOTH', 'BOTH'] },
  { what: 'different variables', variables: ['ONE', 'OTHER'] },
  { what: 'an older and a newer pipeline', variables: ['OLDER', 'NEWER'], pipelines: [1, 2] },
  { what: 'a newer and an older pipeline', variables: ['NEWER', 'OLDER'], pipelines: [2, 1] },
];

/** At which call of the one the other comes. */
const WINDOWS = [
  { when: 'has decided and not yet registered', operation: 'RegisterTaskDefinition', nth: 1 },
  { when: 'has registered, and looks whether to migrate', operation: 'DescribeServices', nth: 3 },
  { when: 'has registered, and looks what to deploy to', operation: 'DescribeServices', nth: 4 },
  { when: 'looks for the last time before it deploys', operation: 'DescribeServices', nth: 5 },
  { when: 'has looked for the last time', operation: 'UpdateService', nth: 1 },
];

describe.each(KINDS)('two releases of $what', ({ variables, pipelines }) => {
  async function contenders(): Promise<[Contender, Contender]> {
    return [await contender(variables[0], pipelines?.[0]), await contender(variables[1], pipelines?.[1])];
  }

  async function expectRight(ends: readonly [Contender, Ended][]): Promise<void> {
    const codes = ends.map(([, { code }]) => code);
    const told = ends.map(([, { stderr }]) => stderr).join('\n');
    expect({ codes: codes.filter((code) => code !== 0 && code !== SUPERSEDED), told }).toEqual({ codes: [], told });
    expect(codes).toContain(0);
    const done = ends.filter(([, { code }]) => code === 0).map(([{ variable }]) => variable);
    expect({ served: await served(), told }).toEqual({ served: expect.arrayContaining(done), told });
  }

  it.each(WINDOWS)('of which one comes whole while the other $when', async ({ operation, nth }) => {
    const [one, other] = await contenders();
    let inside: Promise<Ended> | undefined;
    one.way.before(operation, nth, () => (inside = other.run()));
    const ended = await whileTimePasses(cloud.control, one.run);
    expect(inside).toBeDefined();
    await expectRight([
      [one, ended],
      [other, await inside!],
    ]);
  });
});
