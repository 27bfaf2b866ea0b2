import { tmpdir } from 'node:os';
import { afterEach, beforeEach } from '@jest/globals';
import { systemClock, type Clock } from '../../../src/core/clock.ts';
import { redactor } from '../../../src/core/redact.ts';
import type { CommandHost } from '../../../src/runner/command-host.ts';
import type { JobPlace } from '../../../src/runner/job-place.ts';
import { makeJobPlace, removeJobPlace } from '../../../src/runner/job/make-job-place.ts';
import { runSteps, type StepsEnd } from '../../../src/runner/job/run-steps.ts';
import type { StepHandlers } from '../../../src/runner/job/step-handlers.ts';
import type { Step } from '../../../src/runner/pipeline/pipeline.ts';
import type { RunEvent } from '../../../src/runner/run-event.ts';
import { hostShell } from '../../../src/runner/shell/host-shell.ts';
import { jobWorld } from './job-world.ts';

/** The folders of the job that a test is about. */
export let place: JobPlace;
let host: CommandHost;

beforeEach(async () => {
  place = await makeJobPlace(tmpdir());
  host = hostShell({ folder: place.folder, graceMs: 200 });
});

afterEach(async () => {
  await host.close();
  await removeJobPlace(place);
});

interface Setting extends NonNullable<Parameters<typeof jobWorld>[1]> {
  readonly handlers?: Partial<StepHandlers>;
  readonly clock?: Clock;
  readonly secret?: string;
  readonly onOutput?: (text: string) => void;
}

interface Ran extends StepsEnd {
  readonly events: readonly RunEvent[];
  /** What the log of a step holds. */
  readonly log: (step: number) => string;
  readonly statuses: readonly string[];
}

/** Runs steps on this machine, in real processes, and gives all that was told about them. */
export async function run(steps: readonly Step[], setting: Setting = {}): Promise<Ran> {
  const { handlers = {}, clock = systemClock, secret, onOutput, ...world } = setting;
  const events: RunEvent[] = [];
  const end = await runSteps(steps, jobWorld({ place, host }, world), {
    handlers: handlers as StepHandlers,
    listen: (event) => {
      events.push(event);
      if (event.kind === 'output') onOutput?.(event.text);
    },
    redact: redactor(secret === undefined ? {} : { A_TOKEN: secret }),
    clock,
  });
  const log = (step: number): string =>
    events.map((event) => (event.kind === 'output' && event.step === step ? event.text : '')).join('');
  return { ...end, events, log, statuses: end.steps.map(({ status }) => status) };
}

/** A clock on which every wait is over at once, and that writes down how long each would have been. */
export function hastyClock(): Clock & { readonly waits: number[] } {
  const waits: number[] = [];
  let now = Date.parse('2026-01-01T00:00:00Z');
  return {
    waits,
    now: () => new Date(now),
    async sleep(ms, signal) {
      signal?.throwIfAborted();
      waits.push(ms);
      now += ms;
    },
  };
}

/** A wait that is over only when it is given up. */
export function never(_ms: number, signal?: AbortSignal): Promise<void> {
  return new Promise((_resolve, reject) => {
    signal?.addEventListener('abort', () => reject(new Error('over')), { once: true });
  });
}
