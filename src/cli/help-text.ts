import type { Param, Params } from '../params/declaration.ts';
import { flagName, orbVariable } from '../params/names.ts';

interface Documented {
  name: string;
  summary: string;
  details?: readonly string[];
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
  const longest = Math.max(...shown.map(([name, param]) => usage(name, param).length), OUTPUT_USAGE.length);
  const usageWidth = Math.min(36, longest);
  return text([
    `Usage: aws-deploy ${command.name} [options]`,
    '',
    ...wrap(command.summary, WIDTH),
    ...(all ? (command.details ?? []).flatMap((paragraph) => ['', ...wrap(paragraph, WIDTH)]) : []),
    ...(required.length === 0 ? [] : ['', 'Required:', ...rows(required)]),
    ...(optional.length === 0 ? [] : ['', 'Options:', ...rows(optional)]),
    '',
    'General:',
    ...columns(OUTPUT_USAGE, 'The result as text, or as one JSON object. Default: text.', usageWidth),
    ...columns('--debug', 'Print the stack of an error.', usageWidth),
    ...columns('--help [--all]', help, usageWidth),
  ]);
}

function usage(name: string, param: Param): string {
  const flag = flagName(name);
  switch (param.type) {
    case 'boolean':
      return flag;
    case 'enum':
      return `${flag} ${param.values.join('|')}`;
    case 'map':
      return `${flag} KEY=VALUE`;
    case 'secret':
      return `${flag} VARIABLE`;
    default:
      return `${flag} ${param.type.toUpperCase()}`;
  }
}

function describe(name: string, param: Param, all: boolean): string {
  const fallback =
    'default' in param && param.default !== undefined && param.default !== false
      ? ` Default: ${param.default === '.' ? 'the working directory' : String(param.default)}.`
      : '';
  const repeated = param.type === 'list' || param.type === 'map' ? ' May be repeated.' : '';
  const variable = all && param.only !== 'cli' ? ` In the orb: ${orbVariable(name)}.` : '';
  return `${param.description}${fallback}${repeated}${variable}`;
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
