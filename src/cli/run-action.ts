import { randomUUID } from 'node:crypto';
import { join } from 'node:path';
import type { ActionContext } from '../actions/context.ts';
import type { Action, Outcome } from '../actions/define-action.ts';
import { exportVariables } from '../circleci/bash-env.ts';
import { recordFolders, writeResultFile } from '../circleci/release-record.ts';
import { DeployError } from '../core/errors.ts';
import { EXIT, type ExitCode } from '../core/exit-codes.ts';
import { isJsonObject } from '../core/json.ts';
import { growingRedactor, redactJson, type Redact } from '../core/redact.ts';
import type { OutputsRecord, Result, ResultStatus } from '../core/result.ts';
import { within } from '../core/within.ts';
import type { Outputs } from '../params/declaration.ts';
import { outputVariable } from '../params/names.ts';
import { resolveInputs } from '../params/resolve.ts';
import { errorText, unexpectedError } from '../report/error-text.ts';
import { resultText } from '../report/result-text.ts';
import { createContext, type RunningContext } from './action-context.ts';
import { issuesUrl } from './package-facts.ts';
import type { World } from './world.ts';

export interface RunOptions {
  output: 'text' | 'json';
  debug: boolean;
  /** What stood on the command line, by parameter name. */
  flags: Readonly<Record<string, readonly string[]>>;
}

/** Runs one action and tells what came of it: to people, to programs, to the next steps and to the next jobs. */
export async function runAction(action: Action, options: RunOptions, world: World): Promise<ExitCode> {
  const redactor = growingRedactor(world.env);
  const { redact } = redactor;
  const startedAt = world.clock.now().toISOString();
  const running = createContext(world, redactor);
  const attempt = await attemptAction(action, options, world, running);
  const result = redactJson(toResult(action, attempt, running, startedAt, world), redact);

  if (attempt.error) {
    world.stderr(redact(errorText(attempt.error)));
    if (options.debug) world.stderr(redact(`${stackOf(attempt.error)}\n`));
  }
  await keep(result, attempt.error ? undefined : attempt.outcome, running.context, world);
  if (options.output === 'json') world.stdout(`${JSON.stringify(result)}\n`);
  else if (!attempt.error) world.stdout(textOf(attempt, result, redact));
  return result.exitCode;
}

function textOf({ outcome }: Attempt, result: Result, redact: Redact): string {
  return outcome?.text === undefined ? resultText(result) : redact(outcome.text);
}

interface Attempt {
  outcome?: Outcome<Outputs>;
  error?: DeployError;
}

async function attemptAction(
  action: Action,
  options: RunOptions,
  world: World,
  running: RunningContext,
): Promise<Attempt> {
  try {
    const { inputs, warnings } = resolveInputs(action.params, { flags: options.flags, env: world.env });
    for (const warning of warnings) running.context.progress.warn(warning);
    const outcome = await untilCanceled(action.run(inputs, running.context), running, world.signal);
    return outcome.failure ? { outcome, error: outcome.failure } : { outcome };
  } catch (error) {
    return { error: unexpectedError(error, issuesUrl) };
  }
}

/** So long the work has after a cancel to remove its temporary files: CircleCI kills the process soon after it asked. */
const TIDY_UP_MS = 1000;

/** Work that does not end by itself when it is canceled is not waited for. */
async function untilCanceled<T>(work: Promise<T>, running: RunningContext, signal: AbortSignal): Promise<T> {
  const ended = work.then(
    (value) => ({ value }),
    (error: unknown) => ({ error }),
  );
  const first = await Promise.race([ended, abortOf(signal)]);
  if (first && 'value' in first) return first.value;
  if (!signal.aborted) throw first?.error;
  const told = await running.cancel();
  if (told) throw told;
  const late = await within(TIDY_UP_MS, ended);
  if (late && 'value' in late) return late.value;
  throw canceledError();
}

function abortOf(signal: AbortSignal): Promise<undefined> {
  return new Promise((resolve) => {
    if (signal.aborted) resolve(undefined);
    signal.addEventListener('abort', () => resolve(undefined), { once: true });
  });
}

function canceledError(): DeployError {
  return new DeployError({
    code: 'canceled',
    title: 'canceled',
    hints: ['What was done so far stays and is taken up by the next run.'],
    exitCode: EXIT.canceled,
  });
}

function toResult(
  action: Action,
  { outcome, error }: Attempt,
  running: RunningContext,
  startedAt: string,
  world: World,
): Result {
  const session = running.session();
  return {
    schema: 'aws-deploy/result@1',
    action: action.name,
    component: outcome?.component ?? '',
    status: outcome && !error ? outcome.status : failedStatus(error?.exitCode),
    exitCode: error?.exitCode ?? EXIT.ok,
    account: session?.identity.accountId ?? null,
    region: session?.region ?? null,
    changes: outcome?.changes ?? [],
    outputs: outcome ? withoutUndefined(outcome.outputs) : {},
    events: running.events,
    ...(error ? { error: plainError(error) } : {}),
    startedAt,
    finishedAt: world.clock.now().toISOString(),
  };
}

function failedStatus(exitCode: ExitCode | undefined): ResultStatus {
  if (exitCode === EXIT.superseded) return 'superseded';
  return exitCode === EXIT.canceled ? 'canceled' : 'failed';
}

function withoutUndefined(outputs: Outcome<Outputs>['outputs']): OutputsRecord {
  return Object.fromEntries(
    Object.entries(outputs).flatMap(([name, value]) => (value === undefined ? [] : [[name, value]])),
  );
}

function plainError({ code, title, message, hints, exitCode, cause }: DeployError): NonNullable<Result['error']> {
  return {
    code,
    title,
    message,
    hints,
    exitCode,
    ...(cause instanceof Error ? { cause: `${cause.name}: ${cause.message}` } : {}),
  };
}

/**
 * Writes the result for reporters; after a success that changed or found something also the release record and the
 * variables for the next steps. A folder that can't be written is a warning: what was deployed is deployed.
 */
async function keep(
  result: Result,
  outcome: Outcome<Outputs> | undefined,
  context: ActionContext,
  world: World,
): Promise<void> {
  const runId = context.job.workflowJobId ?? randomUUID();
  try {
    await writeResultFile(join(context.stateFolder, 'results'), runId, result);
    if (!outcome || outcome.status === 'planned') return;
    // Later jobs deploy what stands here: a digest that happens to hold somebody's password must not arrive masked.
    const outputs = withoutUndefined(outcome.outputs);
    await writeResultFile(recordFolders(context.stateFolder).own, runId, {
      ...result,
      component: outcome.component,
      // Objects are for people to read, and may quote what a job said.
      outputs: { ...outputs, ...objectsOf(result.outputs) },
    });
    await exportVariables(world.env, outputVariables(outputs));
  } catch (error) {
    context.progress.warn(`The result could not be kept for later steps: ${(error as Error).message}`);
  }
}

function objectsOf(outputs: OutputsRecord): OutputsRecord {
  return Object.fromEntries(Object.entries(outputs).filter(([, value]) => isJsonObject(value)));
}

/** An object is left out: it can outgrow what a system takes as one variable, and then no later step could start. */
function outputVariables(outputs: OutputsRecord): Record<string, string> {
  return Object.fromEntries(
    Object.entries(outputs).flatMap(([name, value]) =>
      isJsonObject(value) ? [] : [[outputVariable(name), typeof value === 'object' ? value.join(',') : String(value)]],
    ),
  );
}

function stackOf(error: DeployError): string {
  const { cause } = error;
  return [error.stack, cause instanceof Error ? `caused by ${cause.stack}` : undefined].filter(Boolean).join('\n');
}
