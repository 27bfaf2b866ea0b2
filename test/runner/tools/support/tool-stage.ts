import { join } from 'node:path';
import { prepareControl, type ReleaseRecord } from '../../../../src/runner/tools/control-files.ts';
import { localIssuer, type LocalIssuer, type TokenJob } from '../../../../src/runner/tools/local-issuer.ts';
import { runTool } from '../../../../src/runner/tools/run-tool.ts';
import { tempFolder } from '../../../support/temp-folder.ts';

export const TOKEN_JOB: TokenJob = {
  projectId: 'p1',
  userId: 'u1',
  pipelineId: 'pi1',
  workflowId: 'w1',
  jobId: 'j1',
  contextIds: ['c1'],
  vcsOrigin: 'github.com/acme/crawler',
  vcsRef: 'refs/heads/main',
};

export interface ToolRun {
  readonly exitCode: number;
  readonly stdout: string;
  readonly stderr: string;
}

/** Calls a tool as a step would: the words of the command line, what comes in, variables. */
export async function callTool(
  words: readonly string[],
  { input = '', env = {}, cwd = '/' }: { input?: string; env?: Record<string, string>; cwd?: string } = {},
): Promise<ToolRun> {
  const out = { stdout: '', stderr: '' };
  const exitCode = await runTool(words, {
    env,
    cwd,
    stdin: (async function* () {
      yield Buffer.from(input);
    })(),
    stdout: (text) => (out.stdout += Buffer.from(text).toString()),
    stderr: (text) => (out.stderr += Buffer.from(text).toString()),
  });
  return { exitCode, ...out };
}

/** Making a key takes most of a test's time. */
let madeIssuer: Promise<LocalIssuer> | undefined;

/** A job's control folder, and the environment in which its tools find it. */
export async function jobControl(releases: readonly ReleaseRecord[] = []) {
  const folder = join(await tempFolder(), 'control');
  const issuer = await (madeIssuer ??= localIssuer('o1'));
  await prepareControl(folder, { issuer, job: TOKEN_JOB, releases });
  return { folder, issuer, env: { AWS_DEPLOY_LOCAL_CONTROL: folder, CIRCLE_PROJECT_REPONAME: 'crawler' } };
}
