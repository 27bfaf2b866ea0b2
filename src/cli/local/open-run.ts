import { join } from 'node:path';
import type { Source } from '../../config/source.ts';
import { growingRedactor, type GrowingRedactor } from '../../core/redact.ts';
import { secretTexts } from '../../runner/contexts/secret-texts.ts';
import { clearTraces, clearTracesNow } from '../../runner/interrupted/clear-traces.ts';
import { endKilledRuns, type KilledRun } from '../../runner/interrupted/end-killed-runs.ts';
import { leaveTraces, type RunTraces } from '../../runner/interrupted/run-traces.ts';
import type { CheckoutSource } from '../../runner/job-world.ts';
import type { Pipeline } from '../../runner/pipeline/pipeline.ts';
import { runIdentity } from '../../runner/run-identity.ts';
import type { PipelineIdentity } from '../../runner/run-job.ts';
import { findCheckoutSource } from '../../runner/storage/checkout/checkout-source.ts';
import { openRunFolder, removeWorkspaces, type RunFolder } from '../../runner/storage/run-folder.ts';
import { localIssuer, type LocalIssuer } from '../../runner/tools/local-issuer.ts';
import { writeToolShims } from '../../runner/tools/tool-shims.ts';
import type { World } from '../world.ts';
import type { Play } from './play-pipeline.ts';

/** A run that has its folder and all that its jobs are told, before the first of them starts. */
export interface OpenRun {
  readonly folder: RunFolder;
  readonly traces: RunTraces;
  readonly toolsFolder: string;
  readonly pipeline: Pipeline;
  /** The config. */
  readonly source: Source;
  readonly checkout: CheckoutSource;
  readonly identity: PipelineIdentity;
  readonly issuer: LocalIssuer;
  readonly secrets: GrowingRedactor;
  /** Earlier runs that were killed, and have been cleared away. */
  readonly killed: readonly KilledRun[];
  /** Removes what only the run itself needs. */
  close(): Promise<void>;
}

export async function openRun({ inputs, world, folders, contexts, numbered }: Play): Promise<OpenRun> {
  const { project, localFolder } = folders;
  const checkout = await findCheckoutSource(project, inputs.dirty);
  const secrets = growingRedactor({});
  secrets.hide(secretTexts(contexts));

  const killed = await endKilledRuns(localFolder, world.clock);
  const folder = await openRunFolder(localFolder);
  const traces = await leaveTraces(folder.path, world.env);
  // A second signal ends this process at once.
  const clear = (): void => clearTracesNow(folder.path, traces);
  process.once('exit', clear);
  const close = async (): Promise<void> => {
    await removeWorkspaces(folder.path);
    await clearTraces(folder.path, traces);
    process.off('exit', clear);
  };
  try {
    const { pipeline, source } = await numbered(folder.number);
    const identity = await runIdentity(checkout, pipeline, folder.number);
    const issuer = await localIssuer(identity.organizationId);
    const toolsFolder = join(folder.path, 'tools');
    await writeToolShims(toolsFolder, { node: process.execPath, program: programOf(world) });
    return { folder, traces, toolsFolder, pipeline, source, checkout, identity, issuer, secrets, killed, close };
  } catch (error) {
    await close();
    throw error;
  }
}

/** What jobs call as `circleci`: this very program. */
function programOf({ packageFolder }: World): string {
  return packageFolder === undefined ? (process.argv[1] ?? '') : join(packageFolder, 'dist', 'aws-deploy.js');
}
