import type { Fact } from '../problem.ts';
import { invalidAt } from './schema/schema-texts.ts';

/*
 * What is wrong with the parts of a config. Texts that are marked so are the compiler's, as CircleCI's language server has
 * them (internal/parser/validate/typed_keys.go, jobs.go, steps.go); where nothing is known they are in the same style.
 */

/** The language server, about options of built-in steps. */
export function droppedKey(owner: string, key: string, near: string | undefined): Fact {
  return {
    code: 'dropped-key',
    message: `${owner} has no ${key} option, so this is ignored.`,
    hints: near === undefined ? [] : [`Did you mean ${near}?`],
  };
}

export function droppedTopLevelKey(key: string, near: string | undefined): Fact {
  return {
    code: 'unknown-top-level-key',
    message: `CircleCI does not know the top-level key ${key} and drops it in silence`,
    hints: near === undefined ? [] : [`Did you mean ${near}?`],
  };
}

/** Language server. */
export function siblingsIgnored(step: string, siblings: readonly string[]): Fact {
  return {
    code: 'step-siblings-ignored',
    message:
      `Step '${step}' has ${siblings.length} sibling key(s) at the same indentation (${siblings.join(', ')}). Keeping '${step}' ` +
      "as a no-argument step and ignoring the rest; this usually means the step's parameters are indented to the same level as the step name.",
    hints: [`Indent ${siblings.join(', ')} deeper than ${step}.`],
  };
}

/** Language server. */
export function emptyStepBody(step: string): Fact {
  return {
    code: 'empty-step-body',
    message: `Step '${step}' has a null body; treating as a no-argument invocation. Write \`- ${step}\` instead.`,
  };
}

export function unusualName(kind: string, name: string, pattern: string): Fact {
  return {
    code: 'unusual-name',
    message: `The name of the ${kind} ${JSON.stringify(name)} is not of the form that CircleCI documents: ${pattern}`,
  };
}

export function namesDifferByCase(name: string, other: string): Fact {
  return {
    code: 'names-differ-by-case',
    message: `The jobs ${other} and ${name} differ only by case; CircleCI asks for names that are unique without it`,
  };
}

/** Captured where the config had no `version` at its top; nothing is known of versions that are none. */
export function unsupportedVersion(hint: string): Fact {
  return { code: 'version', message: 'Unsupported or missing workflows config version', hints: [hint] };
}

export function version2(): Fact {
  return {
    code: 'version-2',
    message: 'CircleCI has announced the end of configuration version 2: pipelines with it stop compiling in 2026',
    hints: ['Write version: 2.1, and `\\<<` for every `<<` of a shell script (discuss.circleci.com/t/54719).'],
  };
}

export function branchesDeprecated(): Fact {
  return {
    code: 'deprecated-key',
    message: 'The key branches of a job is deprecated',
    hints: ['Use filters of the job in its workflow.'],
  };
}

/** Language server. */
export function noExecutor(job: string): Fact {
  return {
    code: 'no-executor',
    message: 'Executor <inline> is missing a required key: "docker", "machine", or "macos"',
    hints: [`The job ${job} needs an executor: add docker, machine or macos, or the name of an executor.`],
  };
}

export function severalExecutors(job: string, keys: readonly string[]): Fact {
  return {
    code: 'several-executors',
    message: `Job ${job} has ${keys.join(' and ')}: only one executor type may be specified per job`,
  };
}

/** Language server. */
export function remoteDockerTwice(job: string): Fact {
  return {
    code: 'remote-docker-twice',
    message: `More than one setup_remote_docker is not valid, please adjust in job ${job}.`,
  };
}

/** Documented as a boolean; how CircleCI takes other values is not known. */
export function noFlag(key: string): Fact {
  return {
    code: 'no-flag',
    message: `The value of ${key} is neither true nor false: CircleCI may refuse it, or take it as either`,
  };
}

/** The documentation and the JSON schema have lists for the shell of a job only. */
export function listedShell(): Fact {
  return {
    code: 'listed-shell',
    message: 'The shell of a step is documented as a text: CircleCI may refuse a list',
    hints: ['Write the shell and its options in one text, such as /bin/bash -eo pipefail.'],
  };
}

/** CircleCI's JSON schema; a job can not start without a container. */
export function noImages(job: string): Fact {
  return invalidAt(`#/jobs/${job}/docker`, 'expected minimum item count: 1, found: 0', [
    'Name the image in which the steps run: `- image: cimg/base:current`.',
  ]);
}

/** A value that templates hid until the job was compiled. Most texts are the compiler's. */
export function invalidSetting(message: string, hints: readonly string[] = []): Fact {
  return { code: 'invalid-setting', message, hints };
}
