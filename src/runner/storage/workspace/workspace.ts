import { readdir, stat } from 'node:fs/promises';
import { isAbsolute, join, posix } from 'node:path';
import { placeText } from '../../../config/source.ts';
import { DeployError } from '../../../core/errors.ts';
import type { JobWorld } from '../../job-world.ts';
import type { StepResult } from '../../job/step-handlers.ts';
import type { Step, WorkspaceStep } from '../../pipeline/pipeline.ts';
import { DamagedArchive, readArchive, type Archive } from '../archive/archive-index.ts';
import { makeFolderAtomic } from '../files/atomic-write.ts';
import { bytePath, joined, parentOf, textOf, type BytePath } from '../files/byte-path.ts';
import { extractArchive } from '../archive/extract-archive.ts';
import { globPaths } from '../files/glob-paths.ts';
import { jobDisk, LEADS_OUTSIDE, leadsOutside } from '../leads-outside.ts';
import { checkMayWrite, shownPath, stepPath } from '../job-folders.ts';
import { pathSegment } from '../files/path-segment.ts';
import { workspacesFolder } from '../run-folder.ts';
import { counted, sizeText } from '../../../core/amount-text.ts';
import { asStep, hasCode } from '../storage-error.ts';
import { isUpstream, upstreamJobs } from './upstream-jobs.ts';
import { walkFiles, type FoundFile } from '../files/walk-files.ts';
import { localDisk, writeArchive, type ArchiveDisk } from '../archive/write-archive.ts';

type PersistStep = Extract<WorkspaceStep, { kind: 'persist_to_workspace' }>;
type AttachStep = Extract<WorkspaceStep, { kind: 'attach_workspace' }>;

/** What one step of one node persisted. */
interface Layer {
  readonly job: string;
  readonly node: string;
  readonly folder: string;
}

/** Adds a layer to the workspace of the workflow. Fails, as CircleCI does, when there is no root or nothing matches. */
export async function persistToWorkspace(
  step: PersistStep,
  world: JobWorld,
  disk: ArchiveDisk = localDisk,
): Promise<StepResult> {
  const root = stepPath(step.root, world);
  await checkRoot(step, root, world);
  return asStep(step, async () => {
    const paths = await matchedPaths(step, root, world);
    const layers = jobLayersFolder(world, world.job.name, String(world.id.node));
    const number = (await namesIn(layers)).length + 1;
    let size = 0;
    let files = 0;
    await makeFolderAtomic(join(layers, String(number).padStart(4, '0')), async (folder) => {
      const entries = await writeArchive(folder, allBelow(bytePath(root), paths), {
        ...world,
        disk: jobDisk(disk, world),
        shown: (path) => shownPath(path, world),
      });
      size = entries.reduce((sum, entry) => sum + (entry.size ?? 0), 0);
      files = entries.filter(({ kind }) => kind !== 'folder').length;
    });
    world.say(`Persisted ${counted(files, 'file')} (${sizeText(size)}) of ${shownPath(root, world)} to the workspace`);
    return {};
  });
}

/** Lays what the jobs upstream have persisted over each other. Fails when two that may run at once persisted the same file. */
export async function attachWorkspace(step: AttachStep, world: JobWorld): Promise<StepResult> {
  const target = stepPath(step.path, world);
  return asStep(step, async () => {
    await checkMayWrite(step, target, world);
    const layers = await upstreamLayers(world);
    if (layers.length === 0) {
      world.say(noLayersText(world));
      return {};
    }
    world.say('Applying workspace layers');
    const archives: Archive[] = [];
    const owners = new Map<BytePath, Layer>();
    for (const layer of layers) {
      const archive = await readLayer(layer, step);
      claim(archive, layer, owners, world);
      archives.push(archive);
    }
    for (const [index, archive] of archives.entries()) {
      world.say(`  ${layers[index]?.job}`);
      await extractArchive(archive, target, world.signal);
    }
    world.say(`Attached the workspace at ${shownPath(target, world)}: ${counted(owners.size, 'file')}`);
    return {};
  });
}

async function checkRoot(step: PersistStep, root: string, world: JobWorld): Promise<void> {
  const stats = await stat(root).catch((error: unknown) => {
    if (hasCode(error, 'ENOENT', 'ENOTDIR')) return undefined;
    throw error;
  });
  if (stats && (await leadsOutside(bytePath(root), world))) {
    throw persistError(
      step,
      `the workspace root ${shownPath(root, world)} ${LEADS_OUTSIDE}`,
      'It lies behind a link. Let the job copy what it wants to persist.',
    );
  }
  if (stats?.isDirectory()) return;
  throw persistError(
    step,
    `Error locating workspace root directory: stat ${shownPath(root, world)}: ${stats ? 'not a directory' : 'no such file or directory'}`,
    'Does an earlier step make the folder? A relative root is below the working directory; variables are not expanded in it.',
  );
}

async function matchedPaths(step: PersistStep, root: string, world: JobWorld): Promise<BytePath[]> {
  const found: BytePath[] = [];
  for (const pattern of step.paths) {
    if (isAbsolute(pattern) || pattern.startsWith('~') || posix.normalize(pattern).startsWith('..')) {
      throw persistError(
        step,
        `the path ${JSON.stringify(pattern)} is not below the root`,
        `List paths relative to the root directory, which is ${shownPath(root, world)}.`,
      );
    }
    const matches = await globPaths(root, pattern).catch((cause: unknown) => {
      throw persistError(step, `the pattern ${JSON.stringify(pattern)} is malformed`, (cause as Error).message);
    });
    if (matches.length === 0) world.say(`Nothing matches ${pattern}`);
    for (const match of matches) {
      // The link itself is persisted, as a link; what lies behind one would be this machine's.
      const folder = joined(bytePath(root), parentOf(match));
      if (await leadsOutside(folder, world)) world.say(`${textOf(match)} ${LEADS_OUTSIDE}: left out`);
      else found.push(match);
    }
  }
  if (found.length === 0) {
    throw persistError(
      step,
      `The specified paths did not match any files in ${shownPath(root, world)}`,
      'Patterns are those of Go: `**` is no more than `*`. Variables are not expanded in paths.',
    );
  }
  return found;
}

/** Every file once, also where patterns overlap. */
async function* allBelow(root: BytePath, paths: readonly BytePath[]): AsyncGenerator<FoundFile> {
  const seen = new Set<BytePath>();
  for (const path of paths) {
    for await (const file of walkFiles(root, path)) {
      if (seen.has(file.path)) continue;
      seen.add(file.path);
      yield file;
    }
  }
}

async function upstreamLayers(world: JobWorld): Promise<Layer[]> {
  const layers: Layer[] = [];
  for (const job of upstreamJobs(world.workflow, world.job.name)) {
    const nodes = await namesIn(jobLayersFolder(world, job));
    for (const node of nodes.toSorted((a, b) => Number(a) - Number(b))) {
      const folder = jobLayersFolder(world, job, node);
      layers.push(...(await namesIn(folder)).map((name) => ({ job, node, folder: join(folder, name) })));
    }
  }
  return layers;
}

/** Notes who persisted each file; nodes of one job, and jobs of which none waits for the other, may not share one. */
function claim(archive: Archive, layer: Layer, owners: Map<BytePath, Layer>, { workflow }: JobWorld): void {
  const shared: string[] = [];
  const others = new Set<string>();
  const inOrder = new Map<string, boolean>();
  const isBefore = ({ job, node }: Layer): boolean => {
    if (job === layer.job) return node === layer.node;
    const known = inOrder.get(job) ?? isUpstream(workflow, job, layer.job);
    inOrder.set(job, known);
    return known;
  };
  for (const { path, kind } of archive.entries) {
    if (kind === 'folder') continue;
    const owner = owners.get(path);
    if (owner && !isBefore(owner)) {
      shared.push(textOf(path));
      others.add(owner.job);
    }
    owners.set(path, layer);
  }
  if (shared.length > 0) throw concurrentError(layer.job, [...others], shared);
}

const SHOWN_FILES = 20;

function concurrentError(job: string, others: readonly string[], shared: readonly string[]): DeployError {
  const more = shared.length - SHOWN_FILES;
  const who = others.includes(job) ? `parallel nodes of ${job}` : `${job} and ${others.join(' and ')}`;
  return new DeployError({
    code: 'run.workspace_conflict',
    title: `Error applying workspace layer for job ${job}: Concurrent upstream jobs persisted the same file(s)`,
    message: [
      'Concurrent upstream jobs persisted the same file(s) into the workspace:',
      ...shared.slice(0, SHOWN_FILES).map((path) => `  - ${path}`),
      ...(more > 0 ? [`  and ${more} more`] : []),
    ].join('\n'),
    hints: [
      `They were persisted by ${who}, which may run at once. Give the files other names, persist them in one job only, or let one job require the other.`,
    ],
  });
}

async function readLayer({ folder, job }: Layer, step: Step): Promise<Archive> {
  return readArchive(folder).catch((cause: unknown) => {
    if (!(cause instanceof DamagedArchive)) throw cause;
    throw new DeployError({
      code: 'run.workspace_damaged',
      title: `${step.name}: what ${job} persisted can not be read: ${cause.message}`,
      hints: ['Nothing but the runner may write below .circleci/local/runs. Run again.'],
      cause,
    });
  });
}

function noLayersText({ workflow, job }: JobWorld): string {
  const upstream = upstreamJobs(workflow, job.name);
  const why =
    upstream.length === 0
      ? `${job.name} requires no job of this run`
      : `no job that ${job.name} requires has persisted anything (${upstream.join(', ')})`;
  return `No workspace layers were found: ${why}. A job sees only what jobs upstream of it persisted, see \`requires\`.`;
}

function persistError(step: PersistStep, title: string, hint: string): DeployError {
  return new DeployError({
    code: 'run.nothing_to_persist',
    title,
    message: `${placeText(step.at)}: ${step.name}`,
    hints: [hint],
  });
}

function jobLayersFolder({ runFolder, workflow }: JobWorld, job: string, ...node: readonly string[]): string {
  return join(workspacesFolder(runFolder), pathSegment(workflow.name), pathSegment(job), ...node);
}

/** Names that do not begin with a dot, in order: what is not complete yet begins with one. */
async function namesIn(folder: string): Promise<string[]> {
  const names = await readdir(folder).catch((error: unknown) => {
    if (hasCode(error, 'ENOENT')) return [];
    throw error;
  });
  return names.filter((name) => !name.startsWith('.')).toSorted();
}
