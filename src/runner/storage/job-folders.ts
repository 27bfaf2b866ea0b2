import { realpath } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { basename, dirname, join, relative } from 'node:path';
import { DeployError } from '../../core/errors.ts';
import { isWithin, jobFolder, jobPath } from '../job/job-path.ts';
import type { JobWorld } from '../job-world.ts';
import { placeText } from '../../config/source.ts';
import type { Step } from '../pipeline/pipeline.ts';
import { hasCode } from './storage-error.ts';

/** A folder that every job has, though each in another place. */
export type Anchor = (typeof ANCHORS)[number];

const ANCHORS = ['home', 'temp', 'working-directory', 'machine-temp'] as const;

/** A path that means the same in every job. */
export interface AnchoredPath {
  readonly anchor: Anchor;
  /** Relative to the anchor, and empty for the anchor itself; absolute in the machine's folder for temporary files. */
  readonly path: string;
}

export function isAnchoredPath(value: unknown): value is AnchoredPath {
  if (typeof value !== 'object' || value === null) return false;
  const { anchor, path } = value as Record<string, unknown>;
  return ANCHORS.some((known) => known === anchor) && typeof path === 'string';
}

/** The working directory of the job, absolute. */
function workingFolder({ job, place }: JobWorld): string {
  return jobFolder(job.job?.workingDirectory ?? '~/project', place.home);
}

/** A path of a step, absolute, as the job's commands know it. */
export function writtenPath(path: string, world: JobWorld): string {
  return jobPath(path, { folder: workingFolder(world), home: world.place.home });
}

/** Where a path of a step is on this machine: elsewhere for some paths of a container. */
export function stepPath(path: string, world: JobWorld): string {
  return onDisk(writtenPath(path, world), world);
}

function onDisk(absolute: string, { host }: JobWorld): string {
  return host.hostPath?.(absolute) ?? absolute;
}

/** The other way round: what the job calls a path of this machine. */
function inJob(absolute: string, world: JobWorld): string {
  if (!world.host.hostPath) return absolute;
  const moved = ['/tmp', workingFolder(world)].map((path) => [path, onDisk(path, world)] as const);
  const [path, folder] = moved.find(([, each]) => isWithin(absolute, each)) ?? [];
  return path === undefined || folder === undefined ? absolute : join(path, relative(folder, absolute));
}

/** Undefined for a path that no other job has: on the machine, outside of the job's folders. */
export function anchoredPath(absolute: string, world: JobWorld): AnchoredPath | undefined {
  const within = anchors(world).find(([, folder]) => isWithin(absolute, folder));
  if (!within) return undefined;
  const [anchor, folder] = within;
  return { anchor, path: anchor === 'machine-temp' ? inJob(absolute, world) : relative(folder, absolute) };
}

/** The same path in this job. */
export function pathInJob({ anchor, path }: AnchoredPath, world: JobWorld): string {
  if (anchor === 'machine-temp') return onDisk(path, world);
  const [, folder = world.place.home] = anchors(world).find(([name]) => name === anchor) ?? [];
  return join(folder, path);
}

/** As CircleCI would show it: in the job's home with `~`. */
export function shownPath(absolute: string, world: JobWorld): string {
  const { home } = world.place;
  if (absolute === home) return '~';
  return isWithin(absolute, home) ? `~/${relative(home, absolute)}` : inJob(absolute, world);
}

/**
 * Sees to it that a step writes into the job's own folders only, or into the machine's folder for temporary files, which
 * is said, as on CircleCI every job has its own. Links on the way count as what they lead to.
 */
export async function checkMayWrite(step: Step, absolute: string, world: JobWorld): Promise<void> {
  await checkRealPath(step, absolute, await realPath(absolute), world);
}

/** The same for a path that is itself replaced when it is a link: only links on the way to it count. */
export async function checkMayReplace(step: Step, absolute: string, world: JobWorld): Promise<void> {
  await checkRealPath(step, absolute, join(await realPath(dirname(absolute)), basename(absolute)), world);
}

async function checkRealPath(step: Step, absolute: string, real: string, world: JobWorld): Promise<void> {
  const roots = await Promise.all(
    anchors(world).map(async ([anchor, folder]) => [anchor, await realPath(folder)] as const),
  );
  const within = roots.find(([, folder]) => isWithin(real, folder));
  if (within?.[0] === 'machine-temp' && !world.host.hostPath) {
    world.say(
      `${shownPath(absolute, world)} is shared by all that runs on this machine; on CircleCI each job has its own.`,
    );
  }
  if (within) return;
  throw new DeployError({
    code: 'run.outside_of_job',
    title: `${step.name}: ${shownPath(absolute, world)} is outside of the job's folders`,
    message: `${placeText(step.at)}: on this machine a step writes only below the job's home (\`~\`) and its working directory.`,
    hints: ['Use a path below `~`, or run the job in its image with `--docker`.'],
  });
}

/** On this machine, all that a job in a container shares with it. */
export function jobRoots(world: JobWorld): readonly string[] {
  return [world.place.folder, ...['/tmp', workingFolder(world)].map((path) => onDisk(path, world))];
}

/** The innermost first. */
function anchors(world: JobWorld): readonly (readonly [Anchor, string])[] {
  const { home, temp, folder } = world.place;
  const working = onDisk(workingFolder(world), world);
  return [
    ['home', home],
    ['temp', temp],
    ...(isWithin(working, folder) ? [['working-directory', working] as const] : []),
    ['machine-temp', onDisk('/tmp', world)],
    // A container has a /tmp of its own, and none of this machine's.
    ...(world.host.hostPath ? [] : [['machine-temp', tmpdir()] as const]),
  ];
}

/** What a path leads to; of what does not exist yet, the part that does. */
async function realPath(path: string): Promise<string> {
  try {
    return await realpath(path);
  } catch (error) {
    if (!hasCode(error, 'ENOENT') || dirname(path) === path) throw error;
    return join(await realPath(dirname(path)), relative(dirname(path), path));
  }
}
