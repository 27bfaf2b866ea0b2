import { haltCommand, substituteCommand, versionCommand } from './commands/job-commands.ts';
import { oidcCommand } from './commands/oidc-command.ts';
import { logCommand, planCommand, updateCommand } from './commands/release-commands.ts';
import { globCommand, runTestsCommand, splitCommand } from './commands/tests/tests-commands.ts';
import { readCall, type ToolCommand, ToolError, type ToolWorld } from './commands/tool-command.ts';

const COMMANDS: readonly ToolCommand[] = [
  substituteCommand,
  oidcCommand,
  planCommand,
  updateCommand,
  logCommand,
  haltCommand,
  globCommand,
  splitCommand,
  runTestsCommand,
  versionCommand,
];

/**
 * Runs what a step of a job called as `circleci` or `circleci-agent`, and gives its exit code. `argv` is the name of the
 * tool and its arguments.
 */
export async function runTool(argv: readonly string[], world: ToolWorld): Promise<number> {
  const [tool = 'circleci', ...words] = argv;
  try {
    const found = findCommand(words);
    if (found === undefined) return unknownCommand(tool, words, world);
    const call = readCall(found.args, found.command.flags);
    if (call.flags.get('help') === 'true') {
      world.stdout(commandHelp(found.command));
      return 0;
    }
    return await found.command.run(call, world);
  } catch (error) {
    // A file that can't be written, a shell that can't be started: there is nothing more to say than the system says.
    const isTold = error instanceof ToolError || (error instanceof Error && 'syscall' in error);
    if (!isTold) throw error;
    world.stderr(`Error: ${error.message}\n`);
    return 1;
  }
}

function findCommand(words: readonly string[]): { command: ToolCommand; args: readonly string[] } | undefined {
  for (const command of COMMANDS) {
    const path = command.paths.find((each) => each.every((word, index) => words[index] === word));
    if (path !== undefined) return { command, args: words.slice(path.length) };
  }
  return undefined;
}

function unknownCommand(tool: string, words: readonly string[], { stdout, stderr }: ToolWorld): number {
  const asksForHelp = words.length === 0 || words.some((word) => ['help', '--help', '-h'].includes(word));
  if (asksForHelp) {
    stdout(allHelp());
    return 0;
  }
  const firstFlag = words.findIndex((word) => word.startsWith('-'));
  const named = [tool, ...words.slice(0, firstFlag === -1 ? 3 : Math.min(3, firstFlag))].join(' ');
  stderr(`Error: The local runner does not have "${named}". What it has:\n${commandList()}`);
  return 1;
}

function allHelp(): string {
  return `CircleCI's tools in a job, as the local runner of aws-deploy has them:\n${commandList()}`;
}

function commandHelp({ usage, summary, flags }: ToolCommand): string {
  const names = Object.keys(flags).map((name) => `  --${name}\n`);
  return `${summary}\n\nUsage:\n  ${usage}\n${names.length > 0 ? `\nFlags:\n${names.join('')}` : ''}`;
}

function commandList(): string {
  const width = Math.max(...COMMANDS.map(({ paths }) => paths[0]!.join(' ').length));
  return COMMANDS.map(({ paths, summary }) => `  circleci ${paths[0]!.join(' ').padEnd(width)}  ${summary}\n`).join('');
}
