import { execFileSync, spawn } from 'node:child_process';
import { mkdir, mkdtemp, readdir, readFile, realpath, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { afterEach, beforeAll, beforeEach } from '@jest/globals';
import type { RunRecord } from '../../../src/runner/run-record.ts';
import { buildCli } from './built-cli.ts';
import type { Ended } from './child-process.ts';

/** A project of a user's own, in which the built command line runs. */
export interface LocalProject {
  /** Absolute, and without links. */
  readonly folder: string;
  write(path: string, text: string): Promise<void>;
  read(path: string): Promise<string>;
  /** Commits everything, with a config of these jobs: each by the YAML of its body, and the calls of the only workflow, `main`. */
  commit(jobs: Readonly<Record<string, string>>, calls: string): Promise<void>;
  start(args?: readonly string[]): LocalRun;
  run(args?: readonly string[]): Promise<Ended>;
  record(number?: number): Promise<RunRecord>;
  /** How the jobs of a run ended. */
  statuses(number?: number): Promise<Record<string, string>>;
  /** Everything that a run has left as text: logs, record, JUnit, page. */
  leftTexts(number?: number): Promise<string>;
}

export interface LocalRun {
  readonly ended: Promise<Ended>;
  /** Resolves when the run has said this on standard output. */
  said(text: string): Promise<void>;
  kill(signal: NodeJS.Signals): void;
}

/** A fresh folder for each test of a file. */
export function localProjectForTests(): () => LocalProject {
  let program: string;
  beforeAll(async () => {
    program = await buildCli();
  });
  let folder: string;
  beforeEach(async () => {
    folder = await realpath(await mkdtemp(join(tmpdir(), 'aws-deploy-project-')));
  });
  afterEach(() => rm(folder, { recursive: true, force: true }));
  return () => projectIn(folder, program);
}

function projectIn(folder: string, program: string): LocalProject {
  const git = (...args: string[]): void => {
    execFileSync('git', ['-C', folder, '-c', 'user.name=t', '-c', 'user.email=t@example.com', ...args]);
  };
  const read = (path: string): Promise<string> => readFile(join(folder, path), 'utf8');
  const write = async (path: string, text: string): Promise<void> => {
    await mkdir(dirname(join(folder, path)), { recursive: true });
    await writeFile(join(folder, path), text);
  };
  const record = async (number = 1): Promise<RunRecord> =>
    JSON.parse(await read(`.circleci/local/runs/${number}/run.json`)) as RunRecord;
  const start = (args: readonly string[] = []): LocalRun => startRun([program, 'local', 'run', ...args], folder);
  return {
    folder,
    read,
    write,
    record,
    start,
    run: (args) => start(args).ended,
    async commit(jobs, calls) {
      const bodies = Object.entries(jobs).map(([name, body]) => `  ${name}: { machine: true, ${body} }\n`);
      const config = `version: 2.1\njobs:\n${bodies.join('')}workflows:\n  main:\n    jobs: [${calls}]\n`;
      await write('.circleci/config.yml', config);
      git('init', '-q', '-b', 'main');
      git('add', '.');
      git('commit', '-q', '-m', 'first');
    },
    async statuses(number) {
      const { workflows } = await record(number);
      return Object.fromEntries(workflows.flatMap(({ jobs }) => jobs.map(({ name, status }) => [name, status])));
    },
    async leftTexts(number = 1) {
      const run = join(folder, `.circleci/local/runs/${number}`);
      const entries = await readdir(run, { recursive: true, withFileTypes: true });
      const files = entries.filter((entry) => entry.isFile()).map(({ parentPath, name }) => join(parentPath, name));
      return (await Promise.all(files.map((file) => readFile(file, 'utf8')))).join('\n');
    },
  };
}

function startRun(argv: readonly string[], cwd: string): LocalRun {
  const env = { PATH: process.env['PATH'] ?? '', HOME: cwd };
  const child = spawn(process.execPath, argv, { cwd, env, stdio: ['ignore', 'pipe', 'pipe'] });
  const texts = { stdout: '', stderr: '' };
  const listeners = new Set<() => void>();
  child.stdout.setEncoding('utf8').on('data', (text: string) => {
    texts.stdout += text;
    for (const listener of listeners) listener();
  });
  child.stderr.setEncoding('utf8').on('data', (text: string) => (texts.stderr += text));
  const ended = new Promise<Ended>((resolve, reject) => {
    child.on('error', reject).on('close', (code, signal) => resolve({ code, signal, ...texts }));
  });
  return {
    ended,
    said: (text) =>
      new Promise((resolve, reject) => {
        const look = (): void => {
          if (texts.stdout.includes(text)) resolve();
        };
        listeners.add(look);
        look();
        void ended.then(() => reject(new Error(`it never said ${text}:\n${texts.stdout}\n${texts.stderr}`)), reject);
      }),
    kill: (signal) => void child.kill(signal),
  };
}
