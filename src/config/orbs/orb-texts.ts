import { nearestName } from '../../core/nearest-name.ts';
import type { Fact } from '../problem.ts';
import type { RegistryReference } from './orb-reference.ts';

/*
 * What is said about orbs. `invalidOrbReference` and `orbNotFound` are CircleCI's words (CircleCI-Archived/api-preview-docs#98,
 * CircleCI-Public/circleci-cli#751), those of packing are the words of `circleci orb pack`; the others are ours.
 */

export function invalidOrbReference(text: string, hints: readonly string[]): Fact {
  return { code: 'invalid-orb-reference', message: `Invalid orb reference: '${text}'`, hints };
}

/**
 * Offline, an orb is missing when nobody gave it; CircleCI's words come with how to give it.
 * @param name the name that the config gives the orb; undefined for an orb that another orb imports
 */
export function orbNotFound({ text, namespace, orb }: RegistryReference, name: string | undefined): Fact {
  return {
    code: 'orb-not-found',
    message: `Cannot find ${text} in the orb registry. Check that the namespace, orb name and version are correct.`,
    hints: [
      `Nothing is looked up online while compiling. Fetch it once: aws-deploy config fetch-orb ${text}`,
      `Or give a file or the folder of an unpacked orb: --orb ${name ?? `${namespace}/${orb}`}=PATH`,
      `Or keep it with the config: .circleci/orbs/${namespace}/${orb}.yml`,
    ],
  };
}

export function urlOrbNotFound(url: string, name: string | undefined): Fact {
  return {
    code: 'orb-not-found',
    message: `Cannot find the URL orb ${url}`,
    hints: [
      `Nothing is looked up online while compiling. Fetch it once: aws-deploy config fetch-orb '${url}'`,
      ...(name === undefined ? [] : [`Or give a file or the folder of an unpacked orb: --orb ${name}=PATH`]),
    ],
  };
}

/** @param path the references that lead from an orb to itself */
export function orbCycle(path: readonly string[]): Fact {
  return {
    code: 'orb-cycle',
    message: `Orbs import each other in a circle: ${path.join(' -> ')}`,
    hints: ['Move what both need into a third orb, or write it inline in one of them.'],
  };
}

/** Limits of URL orbs: circleci.com/docs/orbs/use/managing-url-orbs-allow-lists, "Limitations and caveats". */
export function tooManyUrlOrbs(limit: number): Fact {
  return {
    code: 'too-many-url-orbs',
    message: `A config may use no more than ${limit} URL orbs in total, whether referenced directly or by other orbs.`,
    hints: ['Put the elements of several URL orbs into one.'],
  };
}

export function urlOrbsTooDeep(limit: number, path: readonly string[]): Fact {
  return {
    code: 'url-orbs-too-deep',
    message: `A hierarchy of URL orbs may not be deeper than ${limit}: ${path.join(' -> ')}`,
    hints: ['Import the innermost of them directly, or write it inline.'],
  };
}

export function orbsTooDeep(limit: number): Fact {
  return { code: 'orbs-too-deep', message: `Orbs import orbs more than ${limit} deep.`, hints: [] };
}

export function unusedOrbOption(name: string, imported: readonly string[]): Fact {
  const nearest = nearestName(name, imported);
  const known = imported.length === 0 ? 'It imports no orbs.' : `It imports: ${imported.join(', ')}.`;
  const hint = nearest === undefined ? known : `Did you mean ${nearest}?`;
  return {
    code: 'unused-orb-option',
    message: `An orb is given for the name '${name}', but the config imports none of that name.`,
    hints: [hint],
  };
}

export function noOrbRoot(): Fact {
  return {
    code: 'no-orb-root',
    message: '@orb.yml file not found, are you sure this is the Orb root?',
    hints: ['Give the folder that holds @orb.yml, next to the folders commands, jobs and executors.'],
  };
}

export function orbFileNoMap(): Fact {
  return { code: 'orb-file-no-map', message: 'A file of an orb must have a YAML map at its root.', hints: [] };
}

/** @param other where the first of the two is, as `path:line:column` */
export function packedTwice(key: string, other: string): Fact {
  return {
    code: 'packed-twice',
    message: `${key} is there twice: here and in ${other}.`,
    hints: ['Keep one of them: which of two wins differs between versions of circleci orb pack.'],
  };
}

export function orbTooLarge(): Fact {
  return {
    code: 'orb-too-large',
    message: 'The packed orb is larger than 8 MB.',
    hints: ['Include large scripts in one command only, and call that.'],
  };
}

export function notPacked(path: string): Fact {
  return {
    code: 'not-packed',
    message: `${path} does not become part of the orb.`,
    hints: [
      'circleci orb pack takes @orb.yml and the folders commands, jobs, executors and examples. Releases before 1.0 take this file too.',
    ],
  };
}

export function includeNotFound(path: string, files: readonly string[]): Fact {
  const nearest = nearestName(path, files);
  return {
    code: 'include-not-found',
    message: `could not open ${path} for inclusion`,
    hints: [
      nearest === undefined
        ? 'Paths are relative to the folder of @orb.yml.'
        : `Did you mean ${nearest}? Paths are relative to the folder of @orb.yml.`,
    ],
  };
}

export function includeOfFolder(path: string): Fact {
  return {
    code: 'include-of-folder',
    message: `could not open ${path} for inclusion: it is a folder`,
    hints: ['Name a file in it.'],
  };
}

export function includeOutside(path: string): Fact {
  return {
    code: 'include-outside',
    message: `could not open ${path} for inclusion: it is outside of the orb's folder`,
    hints: ['Move the file into the folder of @orb.yml: an orb holds all that it needs.'],
  };
}

export function includeNotRead(text: string): Fact {
  return {
    code: 'include-not-read',
    message: `${text} is left as it is, and CircleCI will read it as an expression.`,
    hints: ['It is written <<include(scripts/name.sh)>>; a path has letters, digits and _ - / . only.'],
  };
}

export function includeAlreadyEscaped(path: string): Fact {
  return {
    code: 'include-already-escaped',
    message: `${path} has \\<<, which packing turns into \\\\<<: a backslash and the beginning of a tag.`,
    hints: ['Write << in scripts that are included: packing escapes it.'],
  };
}
