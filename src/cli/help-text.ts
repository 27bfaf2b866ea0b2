import type { Param, Params } from '../params/declaration.ts';
import { flagName, orbVariable } from '../params/names.ts';
import type { Operand } from './local-command.ts';

/** What help says of a command. Only commands of this machine have operands; they have no result of an action. */
export interface Documented {
  name: string;
  summary: string;
  details?: readonly string[];
  operands?: readonly Operand[];
  params: Params;
}

const WIDTH = 100;
const OUTPUT_USAGE = '--output text|json';

/** `aws-deploy --help`: what there is, in one screen. */
export function overviewText(actions: readonly Documented[], local: readonly Documented[]): string {
  const width = Math.max(...[...actions, ...local].map(({ name }) => name.length));
  const list = (commands: readonly Documented[]): string[] =>
    commands.flatMap(({ name, summary }) => columns(name, summary, width));
  return text([
    'Usage: aws-deploy <command> [options]',
    '',
    'Deploys containers and nightly jobs to AWS, and says "deployed" only when they are.',
    '',
    'Deploy:',
    ...list(actions),
    ...(local.length === 0 ? [] : ['', 'On this machine:', ...list(local)]),
    '',
    'aws-deploy <command> --help shows the options of a command. --version prints the version.',
  ]);
}

/** `aws-deploy config --help`: the commands of a group. */
export function groupText(group: string, local: readonly Documented[]): string {
  const commands = local.filter(({ name }) => name.startsWith(`${group} `));
  const width = Math.max(...commands.map(({ name }) => name.length));
  return text([
    `Usage: aws-deploy ${group} <command> [options]`,
    '',
    ...commands.flatMap(({ name, summary }) => columns(name, summary, width)),
    '',
    `aws-deploy ${group} <command> --help shows the options of a command.`,
  ]);
}

/** `aws-deploy <command> --help`: at most 60 lines; `all` adds the details and the options that few need. */
export function commandText(command: Documented, all: boolean): string {
  const params = Object.entries(command.params).filter(([, param]) => param.only !== 'orb');
  const shown = params.filter(([, param]) => all || !param.advanced);
  const hidden = params.length - shown.length;
  const required = shown.filter(([, param]) => param.required);
  const optional = shown.filter(([, param]) => !param.required);
  const rows = (group: typeof shown): string[] =>
    group.flatMap(([name, param]) => columns(usage(name, param), describe(name, param, all), usageWidth));
  const help =
    hidden === 0 ? 'This text.' : `This text, or all of it: ${hidden} more ${hidden === 1 ? 'option' : 'options'}.`;
  const operands = command.operands ?? [];
  const hasResult = command.operands === undefined;
  const usages = [...shown.map(([name, param]) => usage(name, param)), hasResult ? OUTPUT_USAGE : '--help [--all]'];
  const longest = Math.max(...usages.map(({ length }) => length));
  const usageWidth = Math.min(36, longest);
  return text([
    ['Usage: aws-deploy', command.name, ...operands.map(operandUsage), '[options]'].join(' '),
    '',
    ...wrap(command.summary, WIDTH),
    ...(all ? (command.details ?? []).flatMap((paragraph) => ['', ...wrap(paragraph, WIDTH)]) : []),
    ...(operands.length === 0 ? [] : ['']),
    ...operands.flatMap(({ name, description }) => columns(name, description, usageWidth)),
    ...(required.length === 0 ? [] : ['', 'Required:', ...rows(required)]),
    ...(optional.length === 0 ? [] : ['', 'Options:', ...rows(optional)]),
    '',
    'General:',
    ...(hasResult
      ? columns(OUTPUT_USAGE, 'The result as text, or as one JSON object. Default: text.', usageWidth)
      : []),
    ...columns('--debug', 'Print the stack of an error.', usageWidth),
    ...columns('--help [--all]', help, usageWidth),
  ]);
}

function operandUsage({ name, optional }: Operand): string {
  return optional ? `[${name}]` : name;
}

function usage(name: string, param: Param): string {
  const flag = flagName(name);
  switch (param.type) {
    case 'boolean':
      return flag;
    case 'enum':
      return `${flag} ${hasManyValues(param) ? 'VALUE' : param.values.join('|')}`;
    case 'map':
      return `${flag} KEY=VALUE`;
    case 'secret':
      return `${flag} VARIABLE`;
    default:
      return `${flag} ${param.type.toUpperCase()}`;
  }
}

/** Too many to stand beside the name of their option. */
function hasManyValues(param: Param): boolean {
  return param.type === 'enum' && param.values.join('|').length > WIDTH / 2;
}

function describe(name: string, param: Param, all: boolean): string {
  const fallback =
    'default' in param && param.default !== undefined && param.default !== false
      ? ` Default: ${param.default === '.' ? 'the working directory' : String(param.default)}.`
      : '';
  const repeated = param.type === 'list' || param.type === 'map' ? ' May be repeated.' : '';
  const values = param.type === 'enum' && hasManyValues(param) ? ` One of ${param.values.join(', ')}.` : '';
  const variable = all && param.only !== 'cli' ? ` In the orb: ${orbVariable(name)}.` : '';
  return `${param.description}${values}${fallback}${repeated}${variable}`;
}

function columns(left: string, right: string, width: number): string[] {
  const lines = wrap(right, WIDTH - width - 4);
  const first = left.length > width ? [`  ${left}`] : [`  ${left.padEnd(width)}  ${lines.shift() ?? ''}`];
  return [...first, ...lines.map((line) => `${' '.repeat(width + 4)}${line}`)];
}

function wrap(paragraph: string, width: number): string[] {
  const lines: string[] = [];
  for (const word of paragraph.split(' ')) {
    const last = lines.at(-1);
    if (last === undefined || last.length + 1 + word.length > width) lines.push(word);
    else lines[lines.length - 1] = `${last} ${word}`;
  }
  return lines;
}

function text(lines: readonly string[]): string {
  return `${lines.join('\n')}\n`;
}
