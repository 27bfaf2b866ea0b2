import { spawn, type ChildProcess } from 'node:child_process';
import { once } from 'node:events';
import { existsSync, mkdtempSync, realpathSync } from 'node:fs';
import { mkdir, readFile, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from '@jest/globals';
import { systemClock } from '../../../src/core/clock.ts';
import { clearTracesNow } from '../../../src/runner/interrupted/clear-traces.ts';
import { endKilledRuns } from '../../../src/runner/interrupted/end-killed-runs.ts';
import { leaveTraces, type RunTraces } from '../../../src/runner/interrupted/run-traces.ts';
import { MARK } from '../../../src/runner/shell/marked-processes.ts';
import { identityOf } from '../../../src/runner/shell/process-identity.ts';
import { tempFolder } from '../../support/temp-folder.ts';

let localFolder: string;
let runFolder: string;
let traces: RunTraces;
const children: ChildProcess[] = [];

beforeEach(async () => {
  localFolder = await tempFolder();
  runFolder = join(localFolder, 'runs/3');
  await mkdir(runFolder, { recursive: true });
  traces = await leaveTraces(runFolder, {});
});

afterEach(async () => {
  for (const child of children.splice(0)) child.kill('SIGKILL');
  await rm(traces.jobsFolder, { recursive: true, force: true });
});

/** A process of a job, which does not care to be asked. */
async function stubborn(mark: string): Promise<ChildProcess> {
  const script = "process.on('SIGTERM', () => {}); setInterval(() => {}, 1000); console.log('ready')";
  const child = spawn(process.execPath, ['-e', script], { env: { [MARK]: mark }, stdio: ['ignore', 'pipe', 'ignore'] });
  children.push(child);
  await once(child.stdout, 'data');
  return child;
}

/** What a run leaves whose process has ended since. */
async function asIfKilled(change: Partial<RunTraces> = {}): Promise<void> {
  const runner = { ...identityOf(process.pid), start: 'before' };
  await writeFile(join(runFolder, 'running.json'), JSON.stringify({ ...traces, runner, ...change }));
}

describe('a run that was killed', () => {
  it('is cleared by the next one: processes, folders of jobs, workspaces', async () => {
    const child = await stubborn(`${traces.mark}a-job.1.`);
    const ended = once(child, 'exit');
    await mkdir(join(runFolder, 'workspace'));
    await asIfKilled();
    expect(await endKilledRuns(localFolder, systemClock)).toEqual([{ run: '3', processes: 1 }]);
    expect(await ended).toEqual([null, 'SIGKILL']);
    expect(existsSync(traces.jobsFolder)).toBe(false);
    expect(existsSync(join(runFolder, 'workspace'))).toBe(false);
  });

  it('is cleared once', async () => {
    await asIfKilled();
    await endKilledRuns(localFolder, systemClock);
    expect(await endKilledRuns(localFolder, systemClock)).toEqual([]);
  });

  it('is told from one that goes on', async () => {
    const child = await stubborn(`${traces.mark}a-job.1.`);
    expect(await endKilledRuns(localFolder, systemClock)).toEqual([]);
    expect(child.exitCode ?? child.signalCode).toBeNull();
    expect(existsSync(traces.jobsFolder)).toBe(true);
  });

  it.each([
    ['a folder elsewhere', () => ({ jobsFolder: localFolder })],
    ['a folder with another name', () => ({ jobsFolder: mkdtempSync(join(realpathSync(tmpdir()), 'else-')) })],
  ])('can not be used to remove %s, as a repository may bring its file', async (_what, change) => {
    const { jobsFolder } = change();
    await asIfKilled({ jobsFolder });
    await endKilledRuns(localFolder, systemClock);
    expect(existsSync(jobsFolder)).toBe(true);
    expect(existsSync(localFolder)).toBe(true);
    if (jobsFolder.includes('else-')) await rm(jobsFolder, { recursive: true });
  });

  it('can not be used to end processes of others', async () => {
    const child = await stubborn(`${traces.mark}a-job.1.`);
    await asIfKilled({ mark: '' });
    expect(await endKilledRuns(localFolder, systemClock)).toEqual([]);
    expect(child.exitCode ?? child.signalCode).toBeNull();
  });
});

describe('a run that is to end at once', () => {
  it('kills what it started, and leaves nothing to clear', async () => {
    const child = await stubborn(`${traces.mark}a-job.1.`);
    const ended = once(child, 'exit');
    clearTracesNow(runFolder, traces);
    expect(await ended).toEqual([null, 'SIGKILL']);
    expect(existsSync(traces.jobsFolder)).toBe(false);
    expect(existsSync(join(runFolder, 'running.json'))).toBe(false);
  });
});

it('a run within a job of another has that one’s mark in front of its own', async () => {
  const inner = await leaveTraces(runFolder, { [MARK]: `${traces.mark}a-job.1.` });
  expect(inner.mark.startsWith(traces.mark)).toBe(true);
  expect(JSON.parse(await readFile(join(runFolder, 'running.json'), 'utf8'))).toEqual(inner);
  await rm(inner.jobsFolder, { recursive: true });
});
