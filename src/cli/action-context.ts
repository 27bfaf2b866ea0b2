import { homedir } from 'node:os';
import type { ActionContext } from '../actions/context.ts';
import type { AwsSession } from '../aws/session.ts';
import { jobEnvironment } from '../circleci/job-environment.ts';
import { readRecord, recordFolders, stateFolder } from '../circleci/release-record.ts';
import type { DeployError } from '../core/errors.ts';
import type { GrowingRedactor } from '../core/redact.ts';
import type { ResultEvent } from '../core/result.ts';
import { within } from '../core/within.ts';
import { outputLine, progressLine } from '../report/progress-lines.ts';
import type { World } from './world.ts';

/** A context, and what can be read off it after the action has run. */
export interface RunningContext {
  context: ActionContext;
  events: readonly ResultEvent[];
  /** The session that the action opened, if it came so far. */
  session(): AwsSession | undefined;
  /**
   * Lets the action do what it has asked to do in the case of a cancel, and then ends every call to AWS. Gives the error
   * that the action wants to end with, if there is one.
   */
  cancel(): Promise<DeployError | undefined>;
}

/** CircleCI kills the process about ten seconds after it asked it to end. */
const FINISHING_MS = 8000;

export function createContext(world: World, { redact, hide }: GrowingRedactor): RunningContext {
  const job = jobEnvironment(world.env);
  const folder = stateFolder(world.env, homedir());
  const events: ResultEvent[] = [];
  const calls = new AbortController();
  let opened: AwsSession | undefined;
  let finish: (() => Promise<DeployError>) | undefined;
  const say = (level: ResultEvent['level']) => (text: string) => {
    const event = { at: world.clock.now().toISOString(), level, text: redact(text) };
    events.push(event);
    world.stderr(progressLine(event));
  };
  const progress = {
    step: say('step'),
    info: say('info'),
    warn: say('warn'),
    output: (line: string) => world.stderr(outputLine(redact(line))),
  };
  const context: ActionContext = {
    env: world.env,
    cwd: world.cwd,
    clock: world.clock,
    progress,
    hide,
    signal: world.signal,
    job,
    stateFolder: folder,
    async openSession({ region, expectedAccountId }, variables = {}) {
      const { openSession } = await import('../aws/session.ts');
      opened = await openSession({
        env: { ...world.env, ...variables },
        clock: world.clock,
        region,
        expectedAccountId,
        signal: calls.signal,
      });
      progress.info(`AWS account ${opened.identity.accountId}, region ${opened.region}, as ${opened.identity.arn}`);
      return opened;
    },
    async readRecord(asked) {
      if (!asked && !job.onCircleCI) return [];
      const { own, attached } = recordFolders(folder);
      return readRecord([attached, own]);
    },
    whenCanceled(work) {
      world.signal.throwIfAborted();
      finish = work;
      return () => {
        finish = undefined;
      };
    },
  };
  return {
    context,
    events,
    session: () => opened,
    async cancel() {
      try {
        return await (finish && within(FINISHING_MS, finish()));
      } finally {
        calls.abort();
      }
    },
  };
}
