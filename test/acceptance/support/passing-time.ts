import type { Control } from '../../../src/local-aws/control.ts';

const HOUR_MS = 3_600_000;
const QUARTER_OF_AN_HOUR_MS = 900_000;

/** What AWS takes time for, and after how long it has come to its end, or to a pause. ECS forgets tasks after an hour. */
const TAKES_MS: Readonly<Record<string, number>> = {
  'batch:SubmitJob': HOUR_MS,
  'ecs:CreateService': QUARTER_OF_AN_HOUR_MS,
  'ecs:UpdateService': QUARTER_OF_AN_HOUR_MS,
  'ecs:ContinueServiceDeployment': QUARTER_OF_AN_HOUR_MS,
  'ecs:StopServiceDeployment': QUARTER_OF_AN_HOUR_MS,
  'ecs:RunTask': QUARTER_OF_AN_HOUR_MS,
};

/**
 * The clock of the cloud stands still. While this goes on, time passes whenever something was started that takes time,
 * before who started it is answered: whoever looks at it finds it ended.
 */
export async function whileTimePasses<T>(control: Control, work: () => Promise<T>): Promise<T> {
  const stop = new AbortController();
  const passing = passTime(control, stop.signal);
  try {
    return await Promise.race([work(), passing]);
  } finally {
    stop.abort();
  }
}

/** Goes on until it is stopped, which is no error; fails when time can not pass. */
async function passTime(control: Control, signal: AbortSignal): Promise<never> {
  for (let last = control.requests().at(-1)?.number ?? 0; ;) {
    const { number, operation } = await control.waitForRequest(
      (request) => Object.hasOwn(TAKES_MS, request.operation) && request.state === 'answered' && request.number > last,
      signal,
    );
    last = number;
    await control.advance(TAKES_MS[operation] ?? 0);
  }
}
