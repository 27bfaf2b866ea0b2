import { posix } from 'node:path';
import type { BuildContext } from '../files/build-context.ts';
import type { BaseImage } from './base-image.ts';
import { makeDirectories, type CopyOptions, type TreeEdit } from '../files/copy-files.ts';
import { locateSources, planCopy, runCopy, type CopyPlan } from './copy-instruction.ts';
import { dockerfileError, needsDocker, type Location } from '../dockerfile/error.ts';
import type { CopyInstruction, Instruction } from '../dockerfile/instruction.ts';
import { copySource, declareArgs, stageAt, type BuildScope, type StageBase } from '../dockerfile/scope.ts';
import { cloneDirectory, newDirectory, resolvePath, type DirectoryNode } from '../files/file-tree.ts';
import type { ImageLayer } from '../layers/image-layer.ts';
import { applySetting, expandIn, type Settings } from './image-settings.ts';
import type { WrittenLayer } from '../layers/layer-writer.ts';
import type { HistoryEntry, ImageConfig, Platform } from '../oci-image.ts';
import { lookUpUser, type UserAndGroup } from './stage-user.ts';
import { looksCompressed } from '../files/archive-check.ts';

/** What a stage came to. */
export interface BuiltStage {
  settings: Settings;
  /** Of ARG and ENV: what a stage that starts from this one sees. */
  variables: Map<string, string>;
  layers: ImageLayer[];
  history: HistoryEntry[];
  /** Platform, and what else of the base is kept. */
  image: Omit<ImageConfig, 'config' | 'rootfs' | 'history' | 'author' | 'created'>;
  /** The file system; read when somebody needs it. */
  tree(): Promise<DirectoryNode>;
}

/** What a stage needs from the build that it belongs to. */
export interface StageSurroundings {
  scope: BuildScope;
  /** For `created`, with seconds: `1970-01-01T00:00:00Z`. */
  created: string;
  context(): Promise<BuildContext>;
  /** The file system that `COPY --from` names. */
  treeOf(source: StageBase, instruction: Location): Promise<DirectoryNode>;
  writeLayer(edit: TreeEdit): Promise<WrittenLayer>;
  step(text: string): void;
}

// What containers get when the image says nothing; BuildKit writes it into images that start from scratch.
const DEFAULT_PATH = '/usr/local/sbin:/usr/local/bin:/usr/sbin:/usr/bin:/sbin:/bin';

/** A stage before its first instruction, from nothing. */
export function fromScratch(platform: Platform): BuiltStage {
  const root = Promise.resolve(newDirectory());
  return {
    settings: { config: { Env: [`PATH=${DEFAULT_PATH}`], WorkingDir: '/' }, author: undefined, hasOwnCmd: false },
    variables: new Map([['PATH', DEFAULT_PATH]]),
    layers: [],
    history: [],
    image: {
      architecture: platform.architecture,
      os: platform.os,
      ...(platform.variant !== undefined && { variant: platform.variant }),
    },
    tree: () => root,
  };
}

/** A stage before its first instruction, from an image. */
export function fromImage(base: BaseImage, tree: () => Promise<DirectoryNode>, from: Location): BuiltStage {
  const { architecture, os, variant, author, config = {}, history = [] } = base.config;
  if ((config.OnBuild ?? []).length > 0) throw needsDocker(from, `the base ${base.name} has ONBUILD instructions`);
  const {
    User,
    ExposedPorts,
    Env = [],
    Entrypoint,
    Cmd,
    Volumes,
    WorkingDir,
    Labels,
    StopSignal,
    Healthcheck,
    Shell,
  } = config;
  const kept = {
    User,
    ExposedPorts,
    Env,
    Entrypoint,
    Cmd,
    Volumes,
    WorkingDir,
    Labels,
    StopSignal,
    Healthcheck,
    Shell,
  };
  const version = base.config['os.version'];
  const features = base.config['os.features'];
  return {
    settings: { config: withoutEmpty(kept), author, hasOwnCmd: false },
    variables: new Map(Env.map((entry) => [entry.split('=', 1)[0] ?? '', entry.slice(entry.indexOf('=') + 1)])),
    layers: base.layers,
    history,
    image: {
      architecture,
      os,
      ...(variant !== undefined && { variant }),
      ...(version !== undefined && { 'os.version': version }),
      ...(features !== undefined && { 'os.features': features }),
    },
    tree,
  };
}

/** Runs the instructions of a stage on what it starts from, which stays as it is. */
export async function buildStage(index: number, start: BuiltStage, around: StageSurroundings): Promise<BuiltStage> {
  let own: Promise<DirectoryNode> | undefined;
  const stage: BuiltStage = {
    ...start,
    settings: { ...structuredClone(start.settings), hasOwnCmd: false },
    variables: new Map(start.variables),
    layers: [...start.layers],
    history: [...start.history],
    tree: () => (own ??= start.tree().then(cloneDirectory)),
  };
  for (const instruction of stageAt(around.scope, index).instructions) {
    await runInstruction(index, stage, instruction, around);
  }
  return stage;
}

async function runInstruction(
  index: number,
  stage: BuiltStage,
  instruction: Instruction,
  around: StageSurroundings,
): Promise<void> {
  const { escape } = around.scope.dockerfile;
  if (instruction.kind === 'copy') return copy(index, stage, instruction, around);
  if (instruction.kind === 'workdir') return workdir(stage, instruction, instruction.text, around);
  if (instruction.kind === 'arg') {
    remember(stage, around, declareArgs(around.scope, instruction, stage.variables));
    return;
  }
  const said = applySetting(stage.settings, instruction, escape, stage.variables);
  if (instruction.kind === 'env') {
    // All at once: the values of one ENV do not see each other.
    const expand = expandIn(instruction, escape, new Map(stage.variables));
    for (const { key, value } of instruction.pairs) stage.variables.set(expand(key), expand(value));
  }
  remember(stage, around, said ?? '');
}

async function copy(
  index: number,
  stage: BuiltStage,
  instruction: CopyInstruction & Location,
  around: StageSurroundings,
): Promise<void> {
  const { scope } = around;
  const plan = planCopy(instruction, scope.dockerfile.escape, stage.variables, stage.settings.config.WorkingDir || '/');
  around.step(describe(instruction, plan));
  const source = instruction.from === undefined ? undefined : copySource(scope, index, instruction, instruction.from);
  const context = source === undefined && plan.sources.length > 0 ? await around.context() : undefined;
  const root = source ? await around.treeOf(source, instruction) : (context?.root ?? newDirectory());
  const paths = locateSources(instruction, plan, root, context);
  if (instruction.keyword === 'ADD') await refuseArchives(instruction, root, paths);
  const owner: Partial<UserAndGroup> = plan.chown === undefined ? {} : await userOf(stage, instruction, plan.chown);
  const options: CopyOptions = { ...owner, ...(plan.mode !== undefined && { mode: plan.mode }) };
  const edit: TreeEdit = { root: await stage.tree(), changed: new Set() };
  runCopy(instruction, plan, edit, { root, paths }, options);
  await commit(stage, edit, around, describe(instruction, plan));
}

/** WORKDIR creates the folder, for the user that is set, unless it is there. */
async function workdir(
  stage: BuiltStage,
  instruction: Instruction,
  text: string,
  around: StageSurroundings,
): Promise<void> {
  const written = expandIn(instruction, around.scope.dockerfile.escape, stage.variables)(text);
  if (written === '') throw dockerfileError(instruction, 'the path is empty once its variables are replaced');
  const { config } = stage.settings;
  const path = posix.resolve('/', config.WorkingDir ?? '', written);
  config.WorkingDir = path;
  const edit: TreeEdit = { root: path === '/' ? newDirectory() : await stage.tree(), changed: new Set() };
  const { parts, node } = resolvePath(edit.root, path);
  if (node === undefined) {
    const owner = config.User ? await userOf(stage, instruction, config.User) : { uid: 0, gid: 0 };
    try {
      makeDirectories(edit, parts, owner);
    } catch (error) {
      throw dockerfileError(instruction, (error as Error).message);
    }
  } else if (node.kind !== 'directory') {
    throw dockerfileError(instruction, `"${path}" is no folder in the image`);
  }
  await commit(stage, edit, around, `WORKDIR ${path}`);
}

async function commit(stage: BuiltStage, edit: TreeEdit, around: StageSurroundings, said: string): Promise<void> {
  if (edit.changed.size === 0) return remember(stage, around, said);
  const { descriptor, diffId, file } = await around.writeLayer(edit);
  stage.layers.push({ descriptor, diffId, source: { kind: 'file', file } });
  stage.history.push({ created: around.created, created_by: said, comment: HISTORY_COMMENT });
}

const HISTORY_COMMENT = 'aws-deploy embedded builder';

function remember(stage: BuiltStage, around: StageSurroundings, said: string): void {
  stage.history.push({ created: around.created, created_by: said, comment: HISTORY_COMMENT, empty_layer: true });
}

async function userOf(stage: BuiltStage, instruction: Instruction, spec: string): Promise<UserAndGroup> {
  try {
    return await lookUpUser(() => stage.tree(), spec);
  } catch (error) {
    throw dockerfileError(instruction, (error as Error).message);
  }
}

/** ADD unpacks archives; here that is refused, and never silently left out. */
async function refuseArchives(instruction: Location, root: DirectoryNode, paths: readonly string[]): Promise<void> {
  for (const path of paths) {
    const { node } = resolvePath(root, path);
    if (node?.kind !== 'file' || !(await looksCompressed(node.content))) continue;
    throw dockerfileError(instruction, `ADD would unpack "${path}", which the embedded builder does not do`, [
      'Use COPY to have the archive itself in the image, or build with a Docker engine: builder: docker.',
    ]);
  }
}

/** The line of the history, as BuildKit writes it. */
function describe({ keyword, chown, chmod }: CopyInstruction, plan: CopyPlan): string {
  const flags = [
    ...(chown === undefined ? [] : [`--chown=${plan.chown}`]),
    ...(chmod === undefined ? [] : [`--chmod=${chmod}`]),
  ];
  return [keyword, ...flags, ...plan.sources, ...plan.heredocs.map(({ name }) => `<<${name}`), plan.destination].join(
    ' ',
  );
}

function withoutEmpty<T extends object>(fields: T): { [Key in keyof T]?: NonNullable<T[Key]> } {
  return Object.fromEntries(Object.entries(fields).filter(([, value]) => value !== undefined && value !== null)) as {
    [Key in keyof T]?: NonNullable<T[Key]>;
  };
}
