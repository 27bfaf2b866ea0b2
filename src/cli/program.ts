import { Command, CommanderError, Option } from 'commander';
import type { Action } from '../actions/define-action.ts';
import type { DeployError } from '../core/errors.ts';
import { badArgument } from '../core/errors.ts';
import { EXIT, type ExitCode } from '../core/exit-codes.ts';
import { redactor } from '../core/redact.ts';
import type { Params } from '../params/declaration.ts';
import { flagName } from '../params/names.ts';
import { errorText, unexpectedError } from '../report/error-text.ts';
import { commandText, overviewText } from './help-text.ts';
import type { LocalCommand } from './local-command.ts';
import { issuesUrl, version } from './package-facts.ts';
import type { RunOptions } from './run-action.ts';
import type { World } from './world.ts';

type Flags = Readonly<Record<string, readonly string[]>>;

/** What commander hands over: texts for parameters, and the general options. */
type ParsedOptions = Flags & { help?: true; all?: true; debug?: true; output?: readonly string[] };

/** Runs one command line and gives the exit code. Prints through `world` only. */
export async function runProgram(
  argv: readonly string[],
  world: World,
  actions: readonly Action[],
  local: readonly LocalCommand[],
): Promise<ExitCode> {
  let exitCode: ExitCode = EXIT.ok;
  const program = newCommand('aws-deploy').helpOption('-h, --help').version(version, '-V, --version');
  program.helpInformation = () => overviewText(actions, local);
  program.configureOutput({ writeOut: world.stdout, writeErr: () => undefined });
  // One command takes 0.3 ms to declare; all of them are only for help and for the nearest name of a mistyped one.
  const named = actions.find(({ name }) => name === argv[0]);
  for (const action of named ? [named] : actions) {
    addCommand(program, action, world, async (options) => {
      const runOptions: RunOptions = { output: outputKind(options), debug: options.debug ?? false, flags: options };
      // Loaded only now, so that help and usage errors cost no more than they need.
      await world.beforeWork?.();
      const { runNamedAction } = await import('./run-named-action.ts');
      exitCode = await runNamedAction(action.name, runOptions, world);
    });
  }
  for (const command of local) {
    addCommand(program, command, world, async (options) => {
      exitCode = await command.run(options, world);
    });
  }
  try {
    await program.parseAsync(argv.length === 0 ? ['--help'] : argv, { from: 'user' });
    return exitCode;
  } catch (error) {
    if (error instanceof CommanderError && error.exitCode === 0) return EXIT.ok;
    const failure = error instanceof CommanderError ? usageError(error) : unexpectedError(error, issuesUrl);
    world.stderr(redactor(world.env)(errorText(failure)));
    return failure.exitCode;
  }
}

function newCommand(name: string): Command {
  return new Command(name).exitOverride().allowExcessArguments(false).showSuggestionAfterError(true);
}

function addCommand(
  program: Command,
  declared: { name: string; summary: string; details?: readonly string[]; params: Params },
  world: World,
  run: (options: ParsedOptions) => Promise<void>,
): void {
  const command = newCommand(declared.name).helpOption(false);
  command.helpInformation = () => commandText(declared, false);
  command.configureOutput({ writeOut: world.stdout, writeErr: () => undefined });
  for (const [name, param] of Object.entries(declared.params)) {
    if (param.only === 'orb') continue;
    const flag = flagName(name);
    if (param.type === 'boolean') {
      command.addOption(new Option(flag).argParser(() => ['true']).preset('true'));
      command.addOption(new Option(`--no-${flag.slice(2)}`).argParser(() => ['false']).preset('false'));
    } else {
      command.addOption(collecting(`${flag} <${param.type}>`));
    }
  }
  command.addOption(collecting('--output <format>'));
  command.option('--debug').option('-h, --help').option('--all');
  command.action(async (options: ParsedOptions) => {
    if (options.help) return world.stdout(commandText(declared, options.all ?? false));
    await run(options);
  });
  program.addCommand(command);
}

function collecting(flags: string): Option {
  return new Option(flags).argParser((value: string, earlier: string[] | undefined) => [...(earlier ?? []), value]);
}

function outputKind({ output }: ParsedOptions): 'text' | 'json' {
  const kind = output?.at(-1) ?? 'text';
  if (kind === 'text' || kind === 'json') return kind;
  throw badArgument(`--output must be text or json (got: ${JSON.stringify(kind)})`);
}

/** `error: unknown option '--imag'` and commander's suggestion, in the shape of our own errors. */
function usageError(error: CommanderError): DeployError {
  const [first = '', ...rest] = error.message.replace(/^error: /, '').split('\n');
  const suggestion = rest.join(' ').replace(/^\((.*)\)$/, '$1');
  return badArgument(first, [
    ...(suggestion ? [suggestion] : []),
    'aws-deploy --help lists the commands, aws-deploy <command> --help the options.',
  ]);
}
