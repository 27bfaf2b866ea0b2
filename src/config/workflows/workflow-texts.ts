import type { Fact } from '../problem.ts';

/*
 * What CircleCI says about workflows. Texts that are marked so come from its language server 0.37, which words them after
 * the compiler; those without a mark come from captured errors; where nothing is known they are in the same style.
 */

/** Names are as long as their author wants; messages show so much of them. */
export function shown(name: string): string {
  return name.length > 200 ? `${name.slice(0, 200)}…` : name;
}

export function workflowScope(name: string): string {
  return `Error calling workflow: '${name}'`;
}

/** Language server. */
export function noWorkflows(): Fact {
  return {
    code: 'no-workflows',
    message: 'There are no workflows or build jobs in the config.',
    hints: ['Add a workflow that calls your jobs, or name the only job build.'],
  };
}

export function notInvocation(): Fact {
  return {
    code: 'workflow-job-shape',
    message: 'A job of a workflow is a name, or a map of one name to its keys',
    hints: ['Write `- build`, or `- build:` with the keys of this job indented by four more spaces.'],
  };
}

/** Language server. */
export function onlyApprovalInline(type: string): Fact {
  return {
    code: 'inline-job-type',
    message:
      'Only jobs with `type: approval` can be defined inline under the `workflows:`/`job-groups:` section. ' +
      `For \`type: ${type}\`, define the job in the \`jobs:\` section instead.`,
  };
}

/** Language server. */
export function approvalKeyIgnored(job: string, key: string): Fact {
  return {
    code: 'approval-key-ignored',
    message: `Job <local>/${shown(job)}: '${shown(key)}' is not a recognized approval key and is ignored`,
  };
}

/** Language server. */
export function approvalShadowsJob(job: string): Fact {
  return {
    code: 'approval-shadows-job',
    message: `'${shown(job)}' is invoked here with type: approval, which shadows the job definition of the same name`,
    hints: ['The steps of that job do not run here: give the approval another name.'],
  };
}

export function requiresNotNames(): Fact {
  return {
    code: 'requires-shape',
    message: 'An item of requires is the name of a job, or a map of one name to one or more statuses',
  };
}

export function unknownStatus(status: string, known: readonly string[]): Fact {
  return {
    code: 'unknown-status',
    message: `'${shown(status)}' is not a status that a job can end with`,
    hints: [`The statuses are ${known.join(', ')}.`],
  };
}

/** @param where such as `workflow 'deploy'` */
export function requiresNothing(job: string, name: string, where: string, near: string | undefined): Fact {
  return {
    code: 'requires-nothing',
    message: `Job '${shown(job)}' requires '${shown(name)}', which is the name of 0 other jobs in ${shown(where)}`,
    hints: name === job ? ['A job can not wait for itself.'] : near === undefined ? [] : [`Did you mean '${near}'?`],
  };
}

/** That matrices are counted too is known from the language server. */
export function requiresAmbiguous(
  job: string,
  name: string,
  where: string,
  { jobs, sets }: { jobs: number; sets: number },
): Fact {
  const both = `${counted(jobs, 'other job', 'other jobs')} and ${counted(sets, 'matrix', 'matrices')}`;
  const named = sets === 0 ? counted(jobs, 'other job', 'other jobs') : both;
  const advice =
    sets === 0
      ? 'You can give a job within a workflow an explicit name by adding a name key'
      : 'Give each of them a unique `name`, or a matrix a unique `alias`, to require one';
  return {
    code: 'requires-ambiguous',
    message: `Job '${shown(job)}' requires '${shown(name)}', which is the name of ${named} in ${shown(where)}\n${advice}`,
  };
}

function counted(count: number, one: string, many: string): string {
  return `${count} ${count === 1 ? one : many}`;
}

export function noStartJob(): Fact {
  return { code: 'no-start-job', message: 'At least one job in the workflow must have no dependencies.' };
}

/** @param cycle names of jobs of which each requires the next, and the last one the first; empty when there is none */
export function unreachableJobs(names: readonly string[], cycle: readonly string[]): Fact {
  return {
    code: 'unreachable-jobs',
    message: `The following jobs are unreachable: ${names.map(shown).join(', ')}`,
    hints:
      cycle.length === 0
        ? []
        : [`They wait for each other: ${[...cycle, ...cycle.slice(0, 1)].map(shown).join(' requires ')}.`],
  };
}

/** The JSON schema asks for one at least; what CircleCI says or does is not known. */
export function workflowWithoutJobs(): Fact {
  return {
    code: 'workflow-without-jobs',
    message: 'The list of jobs is empty: this workflow runs nothing, and CircleCI may refuse it',
  };
}

export function sameName(name: string): Fact {
  return {
    code: 'same-name',
    message: `Another job of this workflow has the name '${shown(name)}' too: both get a number at its end, and no job can require either by this name`,
    hints: ['Give each of them a unique name.'],
  };
}

/** @param what what is wrong with it, as the documentation of triggers has it */
export function unusualCron(cron: string, what: string): Fact {
  return {
    code: 'unusual-cron',
    message: `The schedule '${shown(cron)}' is none that CircleCI documents, and the workflow may never run: ${what}`,
    hints: ['Write minute, hour, day of the month, month and day of the week, in UTC, such as "0 4 * * 1,2,3".'],
  };
}

/** Language server; the limits are in CircleCI's schema. */
export function invalidReruns(value: number): Fact {
  return {
    code: 'invalid-reruns',
    message: value < 1 ? 'Must be greater than or equal to 1' : 'Must be less than or equal to 5',
    hints: ['max_auto_reruns is from 1 to 5.'],
  };
}

/** Documented in the configuration reference. */
export function invalidSerialGroup(value: string): Fact {
  return {
    code: 'invalid-serial-group',
    message: `'${shown(value)}' is not a valid serial-group`,
    hints: ['It has 1 to 512 characters: letters, digits, `.`, `-`, `_` and `/`.'],
  };
}

/** Language server. */
export function overrideNotFromOrb(name: string): Fact {
  return {
    code: 'override-not-from-orb',
    message: `override-with: "${name}" does not reference a job definition in an orb`,
    hints: ['Write the name of an orb and of its job: `my-orb/my-job`.'],
  };
}

export function overrideUnknown(name: string, job: string): Fact {
  return {
    code: 'override-unknown',
    message: `override-with: there is no job ${shown(name)}, so this runs the job ${shown(job)}`,
  };
}

export function namesDifferInCase(name: string, other: string): Fact {
  return {
    code: 'names-differ-in-case',
    message: `The jobs '${shown(name)}' and '${shown(other)}' differ only in case`,
    hints: ['CircleCI wants the names of jobs to be unique whatever their case.'],
  };
}

/** Language server. */
export function groupKeyNotSupported(key: string): Fact {
  return {
    code: 'job-group-key',
    message: `Job group invocations do not support use of \`${key}\``,
    hints: ['They have name, requires, filters and serial-group.'],
  };
}

/** Language server. */
export function groupArguments(names: readonly string[]): Fact {
  return {
    code: 'job-group-arguments',
    message: `Job group invocations do not support custom parameters, but found: ${names.map((name) => `\`${name}\``).join(', ')}`,
    hints: ['They have name, requires, filters and serial-group.'],
  };
}

/** Language server. */
export function nestedGroup(outer: string, inner: string): Fact {
  return {
    code: 'nested-job-group',
    message: `Job group "${shown(outer)}" cannot reference job group "${shown(inner)}" -- nesting is not supported`,
  };
}

/** Language server. */
export function serialGroupInGroup(): Fact {
  return {
    code: 'serial-group-in-job-group',
    message:
      'Use of `serial-group` on job invocations inside a job-group is not supported. ' +
      'Please consider using `serial-group` on the job-group instead.',
  };
}

/** Language server. */
export function repeatedGroup(name: string, count: number, workflow: string): Fact {
  return {
    code: 'repeated-job-group',
    message:
      `Job-group '${shown(name)}' occurs ${count} times in workflow '${shown(workflow)}'. ` +
      'You can give a job-group an explicit name by adding a `name` key',
  };
}

/** Language server. */
export function repeatedGroupJob(name: string, count: number, group: string): Fact {
  return {
    code: 'repeated-job-group-job',
    message:
      `Job '${shown(name)}' occurs ${count} times in job group '${shown(group)}'. ` +
      'You can give a job within a job group an explicit name by adding a `name` key',
  };
}
