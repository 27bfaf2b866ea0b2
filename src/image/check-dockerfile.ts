import { readContext } from './files/build-context.ts';
import { locateSources, planCopy } from './stages/copy-instruction.ts';
import type { Location } from './dockerfile/error.ts';
import type { Instruction } from './dockerfile/instruction.ts';
import {
  baseReference,
  buildScope,
  copySource,
  declareArgs,
  stageAt,
  stageBase,
  stagePlatform,
  targetStage,
  type BuildScope,
} from './dockerfile/scope.ts';
import { loadDockerfile, type EmbeddedBuildOptions } from './embedded-builder.ts';
import { expandIn } from './stages/image-settings.ts';
import { parsePlatform } from './oci-image.ts';

export interface DockerfileCheck {
  /** Images that have to be read from registries, as written, each once. */
  bases: string[];
}

/**
 * Everything that can be known about a build before it: the Dockerfile is valid for the embedded builder, the stage exists, the files of
 * the context that the needed stages copy are there. Changes nothing and asks no registry.
 * @throws DeployError as `buildEmbedded` would
 */
export async function checkDockerfile(options: Omit<EmbeddedBuildOptions, 'bases'>): Promise<DockerfileCheck> {
  const dockerfile = await loadDockerfile(options.contextDir, options.dockerfile);
  const platform = parsePlatform(options.platform ?? 'linux/amd64');
  const scope = buildScope(dockerfile, options.buildArgs ?? {}, platform, options.target);
  const context = await readContext(options.contextDir, dockerfile.file);
  const bases = new Set<string>();
  const checked = new Map<number, Map<string, string>>();

  const addBase = (location: Location, name: string): void => {
    baseReference(location, name);
    bases.add(name);
  };
  const checkStage = (index: number): Map<string, string> => {
    const known = checked.get(index);
    if (known) return known;
    const base = stageBase(scope, index);
    stagePlatform(scope, index);
    const variables = new Map(base.kind === 'stage' ? checkStage(base.index) : []);
    checked.set(index, variables);
    if (base.kind === 'image') addBase(stageAt(scope, index), base.name);
    for (const instruction of stageAt(scope, index).instructions) {
      defineVariables(scope, instruction, variables);
      if (instruction.kind !== 'copy') continue;
      if (instruction.from !== undefined) {
        const source = copySource(scope, index, instruction, instruction.from);
        if (source.kind === 'stage') checkStage(source.index);
        if (source.kind === 'image') addBase(instruction, source.name);
      }
      // A variable of the base image is known only when that is read.
      if (usesUnknown(instruction.sources, variables)) continue;
      const plan = planCopy({ ...instruction, destination: '/' }, dockerfile.escape, variables, '/');
      if (instruction.from === undefined) locateSources(instruction, plan, context.root, context);
    }
    return variables;
  };
  checkStage(targetStage(dockerfile, options.target));
  return { bases: [...bases] };
}

function defineVariables(scope: BuildScope, instruction: Instruction, variables: Map<string, string>): void {
  if (instruction.kind === 'arg') declareArgs(scope, instruction, variables);
  if (instruction.kind !== 'env') return;
  const expand = expandIn(instruction, scope.dockerfile.escape, new Map(variables));
  for (const { key, value } of instruction.pairs) variables.set(expand(key), expand(value));
}

function usesUnknown(words: readonly string[], variables: ReadonlyMap<string, string>): boolean {
  return words.some((word) => [...word.matchAll(/\$\{?(\w+)/g)].some(([, name = '']) => !variables.has(name)));
}
