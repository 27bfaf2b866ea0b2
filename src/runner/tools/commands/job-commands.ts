import { leaveHalt } from '../control-files.ts';
import { controlFolder } from '../control-folder.ts';
import { readAll } from './read-all.ts';
import { substituteVariables, SubstitutionError } from './substitute-variables.ts';
import { atMostOperands, isSet, type ToolCommand, ToolError } from './tool-command.ts';

/** The text is the argument, or else standard input; nothing is added to it. */
export const substituteCommand: ToolCommand = {
  paths: [['env', 'subst']],
  usage: 'circleci env subst [text]',
  summary: 'Put the values of environment variables into a text.',
  flags: {},
  async run(call, { env, stdin, stdout }) {
    atMostOperands(call, 1);
    const text = call.operands[0] ?? (await readAll(stdin));
    try {
      stdout(substituteVariables(text, env));
      return 0;
    } catch (error) {
      if (error instanceof SubstitutionError) throw new ToolError(error.message);
      throw error;
    }
  },
};

export const haltCommand: ToolCommand = {
  paths: [
    ['step', 'halt'],
    ['task', 'halt'],
  ],
  usage: 'circleci step halt',
  summary: 'End the job as a success.',
  flags: {},
  run(call, { env }) {
    atMostOperands(call, 0);
    leaveHalt(controlFolder(env));
    return 0;
  },
};

export const versionCommand: ToolCommand = {
  paths: [['version'], ['--version']],
  usage: 'circleci version [--short]',
  summary: 'Say what this is.',
  flags: { short: 'boolean' },
  run(call, { stdout }) {
    stdout(isSet(call, 'short') ? 'local\n' : "local (the local runner of aws-deploy, not CircleCI's own tool)\n");
    return 0;
  },
};
