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
import { delimiter, join } from 'node:path';

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

/** What the last lines of the demo say: the project with a page for each run, and how to remove it. */
function expectPagesLeft(stdout: string): void {
  expectNothingRuns();
  const [left = '', ...others] = readdirSync(temp).map((name) => join(temp, name));
  expect(others).toEqual([]);
  expect(readdirSync(left)).toEqual(['nightly-batch']);
  const pages = [...stdout.matchAll(/^ {2}(\S.*?) {2,}(\S+\/index\.html)$/gm)].map(([, what, path = '']) => ({
    what,
    title: /<title>(.*?)<\/title>/.exec(readFileSync(path, 'utf8'))?.[1],
  }));
  expect(pages).toEqual(
    [
      ['the first release', 'success'],
      ['the script has changed', 'success'],
      ['the same again', 'success'],
      ['a definition that is refused', 'failed'],
      ['jobs of their own, with an approval', 'success'],
      ['a release that fails', 'failed'],
    ].map(([what, end], index) => ({ what, title: `${end}: local run ${index + 1}` })),
  );
  expect(stdout.trimEnd().split('\n').at(-1)).toBe(`$ rm -rf ${left}`);
  const commits = execFileSync('git', ['-C', join(left, 'nightly-batch'), 'log', '--format=%s'], { encoding: 'utf8' });
  expect(commits.trim().split('\n')).toHaveLength(5);
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
    expectPagesLeft(stdout);
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
    expectPagesLeft(stdout);
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
    expectPagesLeft(stdout);
  });

  it('with --docker says what is missing, before anything starts', async () => {
    const demo = startDemo(['--docker'], { DOCKER_HOST: `unix://${folder}/no-socket`, PATH: '/nowhere' });
    const { code, stdout, stderr } = await demo.finished;
    expect({ code, stdout }).toEqual({ code: 1, stdout: '' });
    expect(stderr).toContain('error: There is no docker program here');
    expectNothingLeft();
  });

  it('refuses what it does not know', async () => {
    const { code, stderr } = await startDemo(['--dokcer']).finished;
    expect(code).toBe(2);
    expect(stderr).toContain('--dokcer');
    expect(stderr).toContain('Usage: npm run demo');
  });
});

/** Other tests use the same engine at the same time: only images with the names that the demo gives count. */
function demoImages(): string[] {
  return execFileSync('docker', ['image', 'ls', '--format', '{{.Repository}} {{.ID}}'], { encoding: 'utf8' })
    .split('\n')
    .filter((line) => /^127\.0\.0\.1:\d+\/(base|nightly-crawl) /.test(line));
}
