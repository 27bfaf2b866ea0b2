import { badArgument, DeployError } from '../../core/errors.ts';
import { dockerfileError, type Location } from './error.ts';
import type { Dockerfile, Instruction, Stage } from './instruction.ts';
import { parseImageReference, type ImageReference } from '../image-reference.ts';
import { expandIn } from '../stages/image-settings.ts';
import { formatPlatform, type Platform } from '../oci-image.ts';

/** What ARG can see before the first FROM, and what was given from outside. */
export interface BuildScope {
  dockerfile: Dockerfile;
  given: ReadonlyMap<string, string>;
  global: Map<string, string>;
  /** Names of given arguments that some ARG asked for. */
  used: Set<string>;
}

type ArgInstruction = Extract<Instruction, { kind: 'arg' }>;

/**
 * The variables of FROM lines. The BUILD… ones are those of the target: nothing is run, so the machine that builds is of no interest, and
 * the image does not depend on it.
 */
export function buildScope(
  dockerfile: Dockerfile,
  buildArgs: Readonly<Record<string, string>>,
  platform: Platform,
  target: string | undefined,
): BuildScope {
  const given = new Map(Object.entries(buildArgs));
  const global = new Map<string, string>([['TARGETSTAGE', target ?? 'default']]);
  for (const side of ['TARGET', 'BUILD']) {
    global.set(`${side}PLATFORM`, formatPlatform(platform));
    global.set(`${side}OS`, platform.os);
    global.set(`${side}ARCH`, platform.architecture);
    global.set(`${side}VARIANT`, platform.variant ?? '');
  }
  for (const name of global.keys()) {
    const value = given.get(name);
    if (value !== undefined) global.set(name, value);
  }
  const scope: BuildScope = { dockerfile, given, global, used: new Set() };
  for (const instruction of dockerfile.globalArgs) declareArgs(scope, instruction, global);
  return scope;
}

/** Carries out ARG: a given value wins over the default, and that over one from before the first FROM. */
export function declareArgs(scope: BuildScope, instruction: ArgInstruction, variables: Map<string, string>): string {
  const expand = expandIn(instruction, scope.dockerfile.escape, variables);
  const said = instruction.pairs.map((pair) => {
    const key = expand(pair.key);
    const given = scope.given.get(key);
    const value = given ?? (pair.value === undefined ? scope.global.get(key) : expand(pair.value));
    if (given !== undefined) scope.used.add(key);
    if (value !== undefined) variables.set(key, value);
    // The value that was given stays out of the history: arguments are not for secrets, but people do it.
    return pair.value === undefined ? key : `${key}=${pair.value}`;
  });
  return `ARG ${said.join(' ')}`;
}

/** What a stage starts from. */
export type StageBase = { kind: 'scratch' } | { kind: 'stage'; index: number } | { kind: 'image'; name: string };

export function stageBase(scope: BuildScope, index: number): StageBase {
  const stage = stageAt(scope, index);
  const name = expandFrom(scope, stage, stage.base);
  if (name === '') {
    throw dockerfileError(stage, `the base "${stage.base}" is empty once its variables are replaced`, [
      'Give the build argument, or a default: ARG NAME=value before the first FROM.',
    ]);
  }
  if (name === 'scratch') return { kind: 'scratch' };
  const earlier = scope.dockerfile.stages.findLastIndex(
    (other, place) => place < index && other.name === name.toLowerCase(),
  );
  return earlier === -1 ? { kind: 'image', name } : { kind: 'stage', index: earlier };
}

/** `--platform` of a stage as text; undefined when it has none. */
export function stagePlatform(scope: BuildScope, index: number): string | undefined {
  const stage = stageAt(scope, index);
  if (stage.platform === undefined) return undefined;
  const text = expandFrom(scope, stage, stage.platform);
  if (!/^[a-z0-9]+\/[a-z0-9_]+(?:\/[a-z0-9]+)?$/.test(text)) {
    throw dockerfileError(stage, `--platform=${text} is not a platform such as linux/arm64`);
  }
  return text;
}

/** Where `COPY --from` takes its files: an earlier stage, or an image. */
export function copySource(scope: BuildScope, index: number, instruction: Instruction, from: string): StageBase {
  const { stages } = scope.dockerfile;
  if (from.includes('$')) throw dockerfileError(instruction, '--from takes no variables; name a stage whose FROM does');
  const number = /^\d+$/.test(from) ? Number(from) : stages.findIndex(({ name }) => name === from.toLowerCase());
  if (number >= index) throw dockerfileError(instruction, `--from=${from} is not a stage before this one`);
  if (number >= 0) return { kind: 'stage', index: number };
  return from.toLowerCase() === 'scratch' ? { kind: 'scratch' } : { kind: 'image', name: from };
}

/**
 * The stage that is asked for; the last one when none is.
 * @throws DeployError (exit code 2) when there is no such stage
 */
export function targetStage({ stages, file }: Dockerfile, target: string | undefined): number {
  if (target === undefined || target === '') return stages.length - 1;
  const named = stages.findIndex(({ name }) => name === target.toLowerCase());
  const index = named === -1 && /^\d+$/.test(target) ? Number(target) : named;
  if (index >= 0 && index < stages.length) return index;
  const names = stages.flatMap(({ name }) => name ?? []);
  throw badArgument(`${file} has no stage "${target}"`, [
    `Its stages are: ${names.join(', ') || 'one without a name'}.`,
  ]);
}

export function stageAt({ dockerfile }: BuildScope, index: number): Stage {
  const stage = dockerfile.stages[index];
  if (!stage) throw new RangeError(`there is no stage ${index}`);
  return stage;
}

/** The name of a base as a reference; a name that is none is an error of the line that has it. */
export function baseReference(location: Location, name: string): ImageReference {
  try {
    return parseImageReference(name);
  } catch (error) {
    throw dockerfileError(location, error instanceof DeployError ? error.title : String(error));
  }
}

function expandFrom(scope: BuildScope, stage: Stage, text: string): string {
  return expandIn({ ...stage, kind: 'workdir', text }, scope.dockerfile.escape, scope.global)(text).trim();
}
