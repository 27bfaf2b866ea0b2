import { Command, CommanderError, Option } from 'commander';
import type { Action } from '../actions/define-action.ts';
import type { DeployError } from '../core/errors.ts';
import { badArgument } from '../core/errors.ts';
import { EXIT, type ExitCode } from '../core/exit-codes.ts';
import { redactor } from '../core/redact.ts';
import { flagName } from '../params/names.ts';
import { errorText, unexpectedError } from '../report/error-text.ts';
import { commandText, groupText, overviewText, type Documented } from './help-text.ts';
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
  let debug = false;
  const program = newCommand('aws-deploy').helpOption('-h, --help').version(version, '-V, --version');
  program.helpInformation = () => overviewText(actions, local);
  program.configureOutput({ writeOut: world.stdout, writeErr: () => undefined });
  // One command takes 0.3 ms to declare; all of them are only for help and for the nearest name of a mistyped one.
  const [first = ''] = argv;
  const isNamed = ({ name }: { name: string }): boolean => name.split(' ')[0] === first;
  const isAny = ![...actions, ...local].some(isNamed);
  for (const action of actions.filter((each) => isAny || isNamed(each))) {
    addCommand(program, action, world, async (options) => {
      const runOptions: RunOptions = { output: outputKind(options), debug: options.debug ?? false, flags: options };
      // Loaded only now, so that help and usage errors cost no more than they need.
      await world.beforeWork?.();
      const { runNamedAction } = await import('./run-named-action.ts');
      exitCode = await runNamedAction(action.name, runOptions, world);
    });
  }
  for (const command of local.filter((each) => isAny || isNamed(each))) {
    const group = command.name.includes(' ') ? groupOf(program, command, local, world) : program;
    addCommand(group, command, world, async (options, operands) => {
      debug = options.debug ?? false;
      await world.beforeWork?.();
      exitCode = await command.run(options, world, operands);
    });
  }
  try {
    await program.parseAsync(isUnfinished(argv, local) ? [...argv, '--help'] : argv, { from: 'user' });
    return exitCode;
  } catch (error) {
    if (error instanceof CommanderError && error.exitCode === 0) return EXIT.ok;
    const failure = error instanceof CommanderError ? usageError(error) : unexpectedError(error, issuesUrl);
    world.stderr(redactor(world.env)(errorText(failure)));
    if (debug) world.stderr(redactor(world.env)(`${failure.stack}\n`));
    return failure.exitCode;
  }
}

/** Is it nothing at all, or a group without its command? */
function isUnfinished(argv: readonly string[], local: readonly LocalCommand[]): boolean {
  return argv.length === 0 || (argv.length === 1 && local.some(({ name }) => name.startsWith(`${argv[0]} `)));
}

function newCommand(name: string): Command {
  return new Command(name).exitOverride().allowExcessArguments(false).showSuggestionAfterError(true);
}

/** The command `config` that `config compile` is a part of. */
function groupOf(program: Command, { name }: LocalCommand, local: readonly LocalCommand[], world: World): Command {
  const [group = ''] = name.split(' ');
  const there = program.commands.find((command) => command.name() === group);
  if (there) return there;
  const command = newCommand(group).helpOption('-h, --help');
  command.helpInformation = () => groupText(group, local);
  command.configureOutput({ writeOut: world.stdout, writeErr: () => undefined });
  program.addCommand(command);
  return command;
}

function addCommand(
  program: Command,
  declared: Documented,
  world: World,
  run: (options: ParsedOptions, operands: readonly string[]) => Promise<void>,
): void {
  const command = newCommand(declared.name.split(' ').at(-1) ?? '').helpOption(false);
  command.helpInformation = () => commandText(declared, false);
  command.configureOutput({ writeOut: world.stdout, writeErr: () => undefined });
  // Whether all that are needed are there is asked after --help.
  for (const { name } of declared.operands ?? []) command.argument(`[${name}]`);
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
  if (declared.operands === undefined) command.addOption(collecting('--output <format>'));
  command.option('--debug').option('-h, --help').option('--all');
  command.action(async () => {
    const options: ParsedOptions = command.opts();
    if (options.help) return world.stdout(commandText(declared, options.all ?? false));
    await run(options, operandsOf(declared, command.args));
  });
  program.addCommand(command);
}

function operandsOf({ name, operands = [] }: Documented, given: readonly string[]): readonly string[] {
  const missing = operands.find((operand, index) => !operand.optional && given[index] === undefined);
  if (missing) throw badArgument(`${missing.name} is missing`, [`aws-deploy ${name} --help says what it is.`]);
  return given;
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
