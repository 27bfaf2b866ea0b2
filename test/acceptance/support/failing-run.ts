import { expect } from '@jest/globals';
import type { JsonObject } from '../../../src/core/json.ts';
import type { Ended } from './child-process.ts';
import type { LocalCloud } from './local-cloud.ts';
import { whileTimePasses } from './passing-time.ts';
import { makeWorkplace } from './workplace.ts';

/** A run that is to fail, and how. */
export interface FailingRun {
  what: string;
  arguments(cloud: LocalCloud): readonly string[];
  env?: Readonly<Record<string, string | undefined>>;
  /** Files of the project that are other than usual. */
  files?: Readonly<Record<string, string>>;
  /** What is to be there before. */
  prepare?(cloud: LocalCloud): Promise<void>;
  scenario?: JsonObject;
  code: number;
  /** What the error has to name: what, where, what to do. */
  says: readonly (string | RegExp)[];
}

export interface Failed {
  ended: Ended;
  /** Operations that were called. */
  calls: string[];
  /** Whether the cloud is as it was before. */
  unchanged: boolean;
}

/** Runs it on a cloud that is at its start, but for what it prepares, and checks how it ends and that it is told as an error for people. */
export async function runFailing(program: string, cloud: LocalCloud, run: FailingRun): Promise<Failed> {
  await cloud.restart();
  await run.prepare?.(cloud);
  if (run.scenario) cloud.control.setScenario(run.scenario);
  const before = cloud.control.state();
  const work = await makeWorkplace(program, cloud, run.files);
  const ended = await whileTimePasses(cloud.control, () => work.run(run.arguments(cloud), run.env));
  await work.remove();
  expectTold(ended, run);
  return { ended, calls: cloud.calls(), unchanged: JSON.stringify(cloud.control.state()) === JSON.stringify(before) };
}

/** The exact exit code, one error that names everything, no stack and no excuse. */
export function expectTold({ code, stdout, stderr }: Ended, expected: Pick<FailingRun, 'code' | 'says'>): void {
  expect({ code, stderr }).toMatchObject({ code: expected.code });
  expect(stderr.match(/^error: \S.*$/gm)).toHaveLength(1);
  for (const part of expected.says) expect(stderr).toMatch(typeof part === 'string' ? literally(part) : part);
  expect(stderr).not.toMatch(/^\s+at .+:\d+:\d+/m);
  expect(stderr).not.toContain('Please report it');
  expect(stdout).toBe('');
}

function literally(text: string): RegExp {
  return new RegExp(text.replaceAll(/[.*+?^${}()|[\]\\]/g, '\\$&'));
}
