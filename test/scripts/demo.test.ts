import { afterEach, beforeEach, describe, expect, it } from '@jest/globals';
import { execFileSync, spawn, spawnSync, type ChildProcessWithoutNullStreams } from 'node:child_process';
import { once } from 'node:events';
import {
  accessSync,
  constants,
  existsSync,
  mkdirSync,
  mkdtempSync,
  readdirSync,
  readFileSync,
  rmSync,
  symlinkSync,
} from 'node:fs';
import { tmpdir } from 'node:os';
import { delimiter, join, relative } from 'node:path';

/** Of DOCKER_HOST, or else of the default socket. */
const engineAnswers = spawnSync('docker', ['version'], { timeout: 15_000 }).status === 0;
const itWithDocker = engineAnswers ? it : it.skip;

let folder: string;
let temp: string;

beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), 'demo-test-'));
  temp = join(folder, 'tmp');
  mkdirSync(temp);
});

afterEach(() => rmSync(folder, { recursive: true, force: true }));

interface Demo {
  child: ChildProcessWithoutNullStreams;
  finished: Promise<{ code: number | null; stdout: string; stderr: string }>;
  printed(text: string): Promise<void>;
}

/** The demo as a newcomer's shell starts it, with a home that is not there. */
function startDemo(args: readonly string[] = [], env: Readonly<Record<string, string>> = {}): Demo {
  const child = spawn(process.execPath, ['scripts/run.mjs', 'demo', ...args], {
    env: { PATH: process.env['PATH'] ?? '', HOME: join(folder, 'no-home'), TMPDIR: temp, ...env },
  });
  const texts = { stdout: '', stderr: '' };
  child.stdout.setEncoding('utf8').on('data', (text: string) => (texts.stdout += text));
  child.stderr.setEncoding('utf8').on('data', (text: string) => (texts.stderr += text));
  const finished = once(child, 'close').then(([code]) => ({ code: code as number | null, ...texts }));
  const printed = (text: string): Promise<void> =>
    new Promise((done, reject) => {
      const look = (): void => {
        if (texts.stdout.includes(text)) done();
      };
      child.stdout.on('data', look);
      void finished.then((result) => reject(new Error(`ended without it: ${JSON.stringify(result)}`)));
      look();
    });
  return { child, finished, printed };
}

/** Every process of the demo has its temporary folder on its command line or in its environment. */
function expectNothingRuns(): void {
  const left = readdirSync('/proc')
    .filter((name) => /^\d+$/.test(name))
    .filter((pid) => ['cmdline', 'environ'].some((file) => readProcess(pid, file).includes(temp)));
  expect(left).toEqual([]);
  expect(existsSync(join(folder, 'no-home'))).toBe(false);
}

function expectNothingLeft(): void {
  expectNothingRuns();
  expect(readdirSync(temp)).toEqual([]);
}

/** A run of a pipeline: what the demo calls it, its project, and how it ended. */
type Run = readonly [what: string, project: string, end: string];

const BATCH_RUNS: readonly Run[] = [
  ['the first release', 'nightly-batch', 'success'],
  ['the script has changed', 'nightly-batch', 'success'],
  ['the same again', 'nightly-batch', 'success'],
  ['a definition that is refused', 'nightly-batch', 'failed'],
  ['jobs of their own, with an approval', 'nightly-batch', 'success'],
  ['a release that fails', 'nightly-batch', 'failed'],
];

const ECS_RUNS: readonly Run[] = [
  ['the first release', 'ecs-service', 'success'],
  ['a release that ECS takes back', 'ecs-service', 'failed'],
  ['a release that is wrong', 'ecs-service', 'success'],
  ['back to the last verified release', 'ecs-service', 'success'],
  ['a deployment that waits', 'ecs-blue-green', 'on hold'],
  ['an approval', 'ecs-blue-green', 'success'],
  ['a rejection', 'ecs-blue-green', 'on hold'],
];

/** What the last lines of the demo say: the projects with a page for each run, and how to remove them. */
function expectPagesLeft(stdout: string, runs: readonly Run[], commits: Readonly<Record<string, number>>): void {
  expectNothingRuns();
  const [left = '', ...others] = readdirSync(temp).map((name) => join(temp, name));
  expect(others).toEqual([]);
  expect(readdirSync(left).toSorted()).toEqual(Object.keys(commits));
  const pages = [...stdout.matchAll(/^ {2}(\S.*?) {2,}(\S+\/index\.html)$/gm)].map(([, what, path = '']) => ({
    what,
    project: relative(left, path).split('/')[0],
    end: /<title>(.*?): local run \d+</.exec(readFileSync(path, 'utf8'))?.[1],
  }));
  expect(pages).toEqual(runs.map(([what, project, end]) => ({ what, project, end })));
  expect(stdout.trimEnd().split('\n').at(-1)).toBe(`$ rm -rf ${left}`);
  for (const [project, count] of Object.entries(commits)) {
    const log = execFileSync('git', ['-C', join(left, project), 'log', '--format=%s'], { encoding: 'utf8' });
    expect(log.trim().split('\n')).toHaveLength(count);
  }
}

/** A process may end while it is looked at. */
function readProcess(pid: string, file: string): string {
  try {
    return readFileSync(`/proc/${pid}/${file}`, 'utf8');
  } catch {
    return '';
  }
}

/** The chapters from the schedule on. */
function expectNights(chapters: readonly string[], { pages }: { pages: readonly number[] }): void {
  const [schedule = '', night = '', failing = '', next = ''] = chapters;
  expect(schedule).toContain('$ aws-deploy local run --local-aws --config .circleci/multi-job.yml --approve approve\n');
  expect(schedule).toMatch(/\| smoke_run \| {5}\| crawl: all 2 pages done\n[^]*Revision nightly-crawl:2 is verified\n/);
  expect(schedule).toMatch(/\| schedule {2}\| {5}Next times: [\d-]+T03:00:00\+/);
  const jobs = [...schedule.matchAll(/^ {2}\| {3}ok {2}(\S+)/gm)].map(([, job]) => job);
  expect(jobs).toEqual(['build', 'upload', 'register', 'smoke_run', 'approve', 'schedule']);

  for (const text of [night, next]) {
    expect(text).toMatch(/^ +submitted +[\d-]+ 03:00:00 in Berlin$/m);
    expect(text).toMatch(/^ +job +\S+ of nightly-crawl:2$/m);
    expect(text).toMatch(/^ +end +SUCCEEDED, exit code 0$/m);
    const told = [...text.matchAll(/^ {2}\| crawl: page (\d) of 5: \d+ products$/gm)].map(([, page]) => Number(page));
    expect(told).toEqual(pages);
    expect(text).toContain('  | crawl: all 5 pages done');
  }
  const dayOf = (text: string): number => Date.parse(/submitted +(\S+)/.exec(text)?.[1] ?? '');
  expect(dayOf(next) - dayOf(night)).toBe(24 * 3600 * 1000);

  expect(failing).toMatch(/Last lines of the log:\n(.*\n)*? {2}\| {5}\| crawl: no \/etc\/crawl\/shop\.conf\n/);
  expect(failing).toMatch(/exit code +9: failed, and rolled back\n/);
  expect(failing).toMatch(/revision +nightly-crawl:4, the same as nightly-crawl:2 /);
  expect(failing).toMatch(/schedule +still runs nightly-crawl:2$/m);

  expect(next).toMatch(
    /Schedules +schedule nightly-crawl: enabled, cron\(0 3 \* \* \? \*\) Europe\/Berlin, revision 2\n/,
  );
  const runs = [...next.matchAll(/(SUCCEEDED|FAILED) +revision (\d) .* exit code (\d)/g)].map((match) =>
    match.slice(1),
  );
  expect(runs).toEqual([
    ['SUCCEEDED', '2', '0'],
    ['FAILED', '3', '3'],
    ['SUCCEEDED', '2', '0'],
    ['SUCCEEDED', '2', '0'],
    ['SUCCEEDED', '2', '0'],
  ]);
  const nextTime = /next (\S+T03:00:00\S+),/.exec(next)?.[1] ?? '';
  expect(Date.parse(nextTime.slice(0, 10)) - dayOf(next)).toBe(24 * 3600 * 1000);
}

/** A PATH with what this machine has, but for one program. */
function programsWithout(missing: string): string {
  const programs = join(folder, 'programs');
  mkdirSync(programs);
  for (const from of (process.env['PATH'] ?? '').split(delimiter).filter((each) => existsSync(each))) {
    for (const name of readdirSync(from)) {
      if (name === missing || existsSync(join(programs, name))) continue;
      if (isProgram(join(from, name))) symlinkSync(join(from, name), join(programs, name));
    }
  }
  return programs;
}

function isProgram(path: string): boolean {
  try {
    accessSync(path, constants.X_OK);
    return true;
  } catch {
    return false;
  }
}

describe('npm run demo', () => {
  it('tells releases and nights as they were, in plain text, and leaves the project with a page for each run', async () => {
    const { code, stdout, stderr } = await startDemo().finished;
    expect({ code, stderr }).toEqual({ code: 0, stderr: '' });
    const [opening = '', first = '', second = '', third = '', fourth = '', ...nights] = stdout.split(/\n\n\n\d\. /);
    expect(opening).toContain('a stand-in');
    expect(opening).toContain('a process of this machine');

    const told = [first, second, third, fourth].map((text) => text.slice(text.indexOf('In the local AWS now')));
    expect(told[0]).toMatch(/revision +nightly-crawl:1\n/);
    expect(told[1]).toMatch(/revision +nightly-crawl:2\n/);
    expect(told[2]).toMatch(/revision +nightly-crawl:2\n/);
    expect(told[3]).toMatch(/revision +nightly-crawl:2\n/);

    const part = (name: string, text = ''): string | undefined =>
      new RegExp(`^ +${name} +(\\S+)$`, 'm').exec(text)?.[1];
    expect(part('image', told[1])).toBe(part('image', told[0]));
    expect(part('image', told[0])).toMatch(/^nightly-crawl@sha256:[0-9a-f]{12}…$/);
    expect(part('script', told[0])).toMatch(/^s3:\/\/acme-batch-scripts\/nightly-crawl\/[0-9a-f]{12}…\/crawl\.sh$/);
    expect(part('script', told[1])).not.toBe(part('script', told[0]));
    for (const name of ['image', 'script']) {
      expect([part(name, told[2]), part(name, told[3])]).toEqual([part(name, told[1]), part(name, told[1])]);
    }
    const changed = [...(told[1] ?? '').matchAll(/^ +[-+] (\S+):/gm)].map((match) => match[1]);
    expect(new Set(changed)).toEqual(
      new Set(['S3_URL', 'SHA256'].map((name) => `containerProperties.environment[BATCH_FILE_${name}]`)),
    );
    expect(third).toContain('nightly-crawl: nothing to do');
    expect(told[2]).toContain('the same to the last byte');
    expect(fourth).toContain('error: AWS Batch would refuse job-definition.json');
    expect(told[3]).toContain('none but those of the login: the release was stopped before its first one');
    expectNights(nights, { pages: [1, 2, 3, 4, 5] });
    expect(stdout).not.toContain('simulated');
    expect(stdout).not.toContain('\u001B');
    expectPagesLeft(stdout, BATCH_RUNS, { 'nightly-batch': 5 });
  });

  it('plays what the jobs do on a machine that can not run them, and says so', async () => {
    const { code, stdout, stderr } = await startDemo([], { PATH: programsWithout('od') }).finished;
    expect({ code, stderr }).toEqual({ code: 0, stderr: '' });
    const [opening = '', ...chapters] = stdout.split(/\n\n\n\d\. /);
    expect(opening.replaceAll('\n', ' ')).toContain(
      '(od is missing in this image): what the jobs of AWS Batch do is simulated',
    );
    expectNights(chapters.slice(4), { pages: [] });
    expect(stdout.match(/ \| This run is simulated/g)?.length).toBeGreaterThanOrEqual(4);
    expect(stdout).not.toContain('fetch-and-run: fetched');
    expectPagesLeft(stdout, BATCH_RUNS, { 'nightly-batch': 5 });
  });

  it.each([
    ['SIGINT', 130, 'in a release', '  |     AWS account', 'The script changes'],
    ['SIGTERM', 143, 'in a release', '  |     AWS account', 'The script changes'],
    ['SIGINT', 130, 'while a job of AWS Batch runs', '  |     RUNNING', '2 is verified'],
  ] as const)(
    'stopped by %s (%i) %s, ends what runs and leaves nothing',
    async (signal, exitCode, _when, at, later) => {
      const demo = startDemo();
      await demo.printed(at);
      demo.child.kill(signal);
      const { code, stdout } = await demo.finished;
      expect(code).toBe(exitCode);
      expect(stdout).not.toContain(later);
      expectNothingLeft();
    },
  );

  it('stopped twice, waits for nothing and leaves nothing', async () => {
    const demo = startDemo();
    await demo.printed('  |     AWS account');
    demo.child.kill('SIGINT');
    await demo.printed('Canceling:');
    demo.child.kill('SIGINT');
    expect((await demo.finished).code).toBe(130);
    expectNothingLeft();
  });

  it('ends with 1 where the story is not true, says what was expected, and keeps the page that shows it', async () => {
    const { code, stdout, stderr } = await startDemo([], { PATH: programsWithout('curl') }).finished;
    expect(code).toBe(1);
    expect(stderr).toBe(
      '\nerror: The story says otherwise: the pipeline ended with exit code 1, not 0: Install aws-deploy failed (5)\n',
    );
    expect(stdout).toContain('curl is not installed in this executor');
    expect(stdout).toMatch(/^ {2}the first release {2}\S+\/runs\/1\/index\.html$/m);
    expect(stdout).not.toContain('The script changes');
    expectNothingRuns();
  });

  it('whose reader leaves, ends and leaves nothing', async () => {
    const demo = startDemo();
    await demo.printed('The local AWS answers');
    demo.child.stdout.destroy();
    expect((await demo.finished).code).toBe(141);
    expectNothingLeft();
  });

  itWithDocker('with --docker builds with the engine, and leaves no image in it', async () => {
    const before = demoImages();
    const env = { DOCKER_HOST: process.env['DOCKER_HOST'] ?? 'unix:///var/run/docker.sock' };
    const { code, stdout, stderr } = await startDemo(['--docker'], env).finished;
    expect({ code, stderr }).toEqual({ code: 0, stderr: '' });
    expect(stdout).toMatch(/ {5}Builder: docker /);
    expect(demoImages().filter((image) => !before.includes(image))).toEqual([]);
    expectPagesLeft(stdout, BATCH_RUNS, { 'nightly-batch': 5 });
  });

  it('with --docker says what is missing, before anything starts', async () => {
    const demo = startDemo(['--docker'], { DOCKER_HOST: `unix://${folder}/no-socket`, PATH: '/nowhere' });
    const { code, stdout, stderr } = await demo.finished;
    expect({ code, stdout }).toEqual({ code: 1, stdout: '' });
    expect(stderr).toContain('error: There is no docker program here');
    expectNothingLeft();
  });

  it.each([
    ['--dokcer', 'the demo does not know --dokcer'],
    ['esc', 'the demo has no story esc, only batch and ecs'],
  ])('refuses %s, and says which stories there are', async (argument, problem) => {
    const { code, stderr } = await startDemo([argument]).finished;
    expect(code).toBe(2);
    expect(stderr).toContain(`error: ${problem}\n`);
    expect(stderr).toMatch(/^ {2}batch +\S[^]*^ {2}ecs +\S/m);
  });

  it('says with --help which stories there are', async () => {
    const { code, stdout } = await startDemo(['--help']).finished;
    expect(code).toBe(0);
    expect(stdout).toMatch(/^ {2}batch +\S[^]*^ {2}ecs +\S/m);
  });
});

describe('npm run demo -- ecs', () => {
  it('tells of releases, an approval and a rollback as they were, and leaves the projects with a page for each run', async () => {
    const { code, stdout, stderr } = await startDemo(['ecs']).finished;
    expect({ code, stderr }).toEqual({ code: 0, stderr: '' });
    const [opening = '', first = '', broken = '', wrong = '', back = '', waits = '', approved = '', rejected = ''] =
      stdout.split(/\n\n\n\d\. /);
    expect(opening).toContain('simulated');

    const now = (text: string): string => text.slice(text.indexOf('In the local AWS now'));
    const image = (text: string): string | undefined => /^ +image +(\S+), as/m.exec(now(text))?.[1];
    expect(first).toMatch(/\| {5}\| migrate: done\n[^]*==> Updating the service web\n/);
    expect(now(first)).toMatch(/service +shop\/web: 2 tasks of shop-web:2, which is verified\n/);
    expect(image(first)).toMatch(/^shop-web@sha256:[0-9a-f]{12}…$/);
    expect(now(first)).toMatch(/task +of shop-web:2, exit code 0$/m);

    expect(broken).toMatch(/error: the deployment of web was rolled back: [^]*Essential container in task exited/);
    expect(broken).toMatch(/\| {5}\| web: DATABASE_URL is not set\n/);
    expect(now(broken)).toMatch(/deployment +of shop-web:3: ROLLBACK_SUCCESSFUL\n +rejected +shop-web:3$/m);
    expect(image(broken)).toBe(image(first));

    expect(now(wrong)).toMatch(/tasks of shop-web:4, which is verified\n/);
    expect(image(wrong)).not.toBe(image(first));
    expect(back).toContain('$ aws-deploy local run --local-aws --pipeline-param roll_back=true\n');
    expect(now(back)).toMatch(/tasks of shop-web:2, which is verified\n/);
    expect(now(back)).toMatch(/rejected +shop-web:3\n +rejected +shop-web:4$/m);
    expect(image(back)).toBe(image(first));

    expect(waits).toMatch(/on hold +approve\n/);
    expect(now(waits)).toMatch(/paused at POST_TEST_TRAFFIC_SHIFT\n/);
    expect(now(waits)).toMatch(/traffic +of shop-api:2: production 0 %, test 100 %$/m);
    expect(approved).toContain('$ aws-deploy local run --local-aws --from approve --approve approve\n');
    expect(now(approved)).toMatch(/deployment +of shop-api:2: SUCCESSFUL$/m);
    expect(now(rejected)).toMatch(/deployment +of shop-api:3: ROLLBACK_SUCCESSFUL\n +rejected +shop-api:3$/m);
    expect(image(rejected)).toBe(image(approved));
    expectPagesLeft(stdout, ECS_RUNS, { 'ecs-blue-green': 2, 'ecs-service': 3 });
  });

  it('stopped while a deployment is followed, ends what runs and leaves nothing', async () => {
    const demo = startDemo(['ecs']);
    await demo.printed('==> Following deployment');
    demo.child.kill('SIGINT');
    const { code, stdout } = await demo.finished;
    expect(code).toBe(130);
    expect(stdout).not.toContain('A release that ECS takes back');
    expectNothingLeft();
  });
});

/** Other tests use the same engine at the same time: only images with the names that the demo gives count. */
function demoImages(): string[] {
  return execFileSync('docker', ['image', 'ls', '--format', '{{.Repository}} {{.ID}}'], { encoding: 'utf8' })
    .split('\n')
    .filter((line) => /^127\.0\.0\.1:\d+\/(base|nightly-crawl) /.test(line));
}
