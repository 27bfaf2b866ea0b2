import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, it } from '@jest/globals';
import type { JsonObject } from '../../src/core/json.ts';
import { pausingProxy, type PausingProxy } from '../support/pausing-proxy.ts';
import { buildCli } from './support/built-cli.ts';
import { succeeded, type Ended } from './support/child-process.ts';
import { REGION, startLocalCloud, type LocalCloud } from './support/local-cloud.ts';
import { makeWorkplace, releaseArguments, type Workplace } from './support/workplace.ts';

// Two processes release one job at the same time. Both end right, or one says that it was superseded; no change gets
// lost while both say that they are done.

let program: string;
let cloud: LocalCloud;
beforeAll(async () => {
  program = await buildCli();
  cloud = await startLocalCloud();
});
afterAll(() => cloud?.close());

const SUPERSEDED = 11;
const DESCRIBE = '/describejobdefinitions';
const REGISTER = '/registerjobdefinition';

const places: Workplace[] = [];
beforeEach(() => cloud.restart());
afterEach(() => Promise.all(places.splice(0).map((place) => place.remove())));

/** One of the two releases, on a way to AWS that can be held up. */
interface Contender {
  way: PausingProxy;
  run(): Promise<Ended>;
}

interface ContenderOptions {
  pipeline?: number;
  /** What its checkout holds other than usual. */
  files?: Readonly<Record<string, string>>;
  arguments: readonly string[];
}

async function contender({ pipeline, files = {}, arguments: args }: ContenderOptions): Promise<Contender> {
  const way = await pausingProxy(cloud.endpoint);
  const env: Record<string, string> = pipeline === undefined ? {} : { AWS_DEPLOY_PIPELINE_NUMBER: String(pipeline) };
  const place = await makeWorkplace(program, way, files, env);
  places.push(place);
  return { way, run: () => place.run(args) };
}

interface Kind {
  what: string;
  /** What is there before both. */
  before?: () => Promise<unknown>;
  one: () => ContenderOptions;
  other: () => ContenderOptions;
  /** Throws when the end is not right. */
  expectRight(one: Ended, other: Ended): void;
}

const whole = () => releaseArguments(cloud);
const carried = (...more: string[]) => {
  const [action = '', , , ...rest] = releaseArguments(cloud);
  return [action, '--job-definition-name', 'crawl', ...rest, ...more];
};

const KINDS: readonly Kind[] = [
  {
    what: 'the same content',
    one: () => ({ arguments: whole() }),
    other: () => ({ arguments: whole() }),
    expectRight(one, other) {
      expect([one.code, other.code]).toEqual([0, 0]);
      expect(new Set(revisions().map(({ tags }) => (tags as JsonObject)['aws-deploy:definition-hash'])).size).toBe(1);
    },
  },
  {
    what: 'different variables, carried forward',
    before: async () => succeeded(await (await contender({ arguments: whole() })).run()),
    one: () => ({ arguments: carried('--environment', 'ONE=1') }),
    other: () => ({ arguments: carried('--environment', 'OTHER=1') }),
    expectRight(one, other) {
      expectOneDone(one, other);
      const names = variables();
      if (one.code === 0) expect(names).toContain('ONE');
      if (other.code === 0) expect(names).toContain('OTHER');
    },
  },
  {
    what: 'different programs',
    one: () => ({ arguments: whole(), files: { 'app/crawl': 'one' } }),
    other: () => ({ arguments: [...whole(), '--tags', 'other'], files: { 'app/crawl': 'other' } }),
    expectRight(one, other) {
      expectOneDone(one, other);
      const done = [one, other].filter(({ code }) => code === 0).map(digestOf);
      expect(done).toContain((newest()['tags'] as JsonObject)['aws-deploy:image-digest']);
    },
  },
  {
    what: 'an older and a newer pipeline',
    one: () => ({ arguments: whole(), files: { 'app/crawl': 'older' }, pipeline: 1 }),
    other: () => ({ arguments: [...whole(), '--tags', 'newer'], files: { 'app/crawl': 'newer' }, pipeline: 2 }),
    expectRight: (one, other) => expectNewer(other, one),
  },
  {
    what: 'a newer and an older pipeline',
    one: () => ({ arguments: [...whole(), '--tags', 'newer'], files: { 'app/crawl': 'newer' }, pipeline: 2 }),
    other: () => ({ arguments: whole(), files: { 'app/crawl': 'older' }, pipeline: 1 }),
    expectRight: (one, other) => expectNewer(one, other),
  },
];

function expectOneDone(one: Ended, other: Ended): void {
  const codes = [one.code, other.code];
  expect(codes).toContain(0);
  expect(codes.every((code) => code === 0 || code === SUPERSEDED)).toBe(true);
}

/** Whoever was faster, the newer pipeline's image is what jobs run in the end. */
function expectNewer(newer: Ended, older: Ended): void {
  expectOneDone(newer, older);
  expect(succeeded(newer).stdout).toContain(String((newest()['tags'] as JsonObject)['aws-deploy:image-digest']));
}

function digestOf({ stdout }: Ended): string | undefined {
  return /image-digest +(sha256:\S+)/.exec(stdout)?.[1];
}

function revisions(): JsonObject[] {
  const batch = cloud.control.state()['batch'] as Record<string, { jobDefinitions: Record<string, JsonObject[]> }>;
  return batch[REGION]?.jobDefinitions['crawl'] ?? [];
}

function newest(): JsonObject {
  return revisions().at(-1) ?? {};
}

function variables(): string[] {
  const { environment } = newest()['containerProperties'] as JsonObject;
  return (environment as JsonObject[]).map(({ name }) => String(name));
}

/** A moment that can be waited for. */
function moment(): { come: Promise<void>; now(): void } {
  let now = (): void => undefined;
  const come = new Promise<void>((resolve) => (now = resolve));
  return { come, now };
}

describe.each(KINDS)('two releases of $what', (kind) => {
  async function contenders(): Promise<[Contender, Contender]> {
    await kind.before?.();
    return [await contender(kind.one()), await contender(kind.other())];
  }

  it.each([
    ['has read and not yet registered', REGISTER],
    ['has registered and not yet read back', DESCRIBE],
  ])('of which one comes whole while the other %s', async (_when, call) => {
    const [one, other] = await contenders();
    let inside: Promise<Ended> | undefined;
    // The last describe is the one that reads back: how many there are before depends on the release.
    const nth = call === REGISTER ? 1 : kind.before ? 3 : 2;
    one.way.before(call, nth, () => (inside = other.run()));
    const ended = await one.run();
    expect(inside).toBeDefined();
    kind.expectRight(ended, await inside!);
  });

  it('that decide on the same ground, and register one after the other', async () => {
    const [one, other] = await contenders();
    const [bothDecided, oneEnded] = [moment(), moment()];
    one.way.before(REGISTER, 1, () => bothDecided.come);
    other.way.before(REGISTER, 1, () => {
      bothDecided.now();
      return oneEnded.come;
    });
    const others = other.run();
    const ended = await one.run();
    oneEnded.now();
    kind.expectRight(ended, await others);
  });

  it('that both register before either reads back', async () => {
    const [one, other] = await contenders();
    const [otherDecided, oneRegistered, otherRegistered] = [moment(), moment(), moment()];
    const readBack = kind.before ? 3 : 2;
    one.way.before(REGISTER, 1, () => otherDecided.come);
    other.way.before(REGISTER, 1, () => {
      otherDecided.now();
      return oneRegistered.come;
    });
    one.way.before(DESCRIBE, readBack, () => {
      oneRegistered.now();
      return otherRegistered.come;
    });
    other.way.before(DESCRIBE, readBack, () => {
      otherRegistered.now();
      return Promise.resolve();
    });
    const [ended, others] = await Promise.all([one.run(), other.run()]);
    kind.expectRight(ended, others);
  });

  it.each([1, 2, 3])('that nobody holds up, time %i', async () => {
    const [one, other] = await contenders();
    const [ended, others] = await Promise.all([one.run(), other.run()]);
    kind.expectRight(ended, others);
  });
});
