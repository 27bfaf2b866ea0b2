import { readdirSync, readFileSync, writeFileSync } from 'node:fs';
import { join, relative } from 'node:path';
import type { CompileOptions, ResolvedOrb } from '../../../src/config/compile.ts';
import type { Problem } from '../../../src/config/problem.ts';
import type { Source } from '../../../src/config/source.ts';

/*
 * A case is one file: what is given and what is to be told as comments at its head, then the config, and perhaps what it
 * becomes. Places count in the file itself, so an editor finds them.
 *
 *     # Why this is a case.
 *     # parameter deploy: true
 *     # value git.branch: main
 *     # orb acme/tools@1 = acme/tools@1.0.0:
 *     #   commands: {…}
 *     # error 14:9 unknown-command
 *     #   Error calling workflow: 'main'
 *     #   Cannot find a definition for command named instal
 *     # hint Did you mean install?
 *     version: 2.1
 *     …
 *     --- # becomes
 *     version: 2
 *     …
 */

export interface ConfigCase {
  /** The path of the file without its ending, from the folder of all cases. */
  readonly name: string;
  /** The words at the head. */
  readonly title: string;
  readonly options: CompileOptions;
  readonly source: Source;
  /** The lines of the head that tell problems. */
  readonly told: string;
  /** What the config becomes; undefined where the file does not say. */
  readonly becomes: string | undefined;
}

/** What a case is told, and what its config becomes where it asks for that. */
export type Outcome = Pick<ConfigCase, 'told' | 'becomes'>;

/** Set to write anew what cases expect: look at every change before you commit it. */
export const WRITE_ANEW = 'WRITE_CASES_ANEW';

export const writesAnew = process.env[WRITE_ANEW] === '1';

export const howToWriteAnew = `if this is as it should be, run the test once with ${WRITE_ANEW}=1 and read what it has changed`;

const BECOMES = '--- # becomes\n';
const PROBLEM = /^# (?:error|warning|hint) /;

/** All cases in a folder and in the folders in it, by their names. */
export function caseNames(folder: string): string[] {
  return readdirSync(folder, { recursive: true, withFileTypes: true })
    .filter((entry) => entry.isFile() && entry.name.endsWith('.yml'))
    .map((entry) =>
      relative(folder, join(entry.parentPath, entry.name))
        .replace(/\.yml$/, '')
        .replaceAll('\\', '/'),
    )
    .toSorted();
}

export function readCase(folder: string, name: string): ConfigCase {
  return parseCase(name, readFileSync(join(folder, `${name}.yml`), 'utf8'));
}

export function parseCase(name: string, text: string): ConfigCase {
  const [config = '', becomes] = text.split(BECOMES);
  const head = headOf(config);
  const parts = head.split(/^(?=# \S)/m);
  return {
    name,
    title: parts
      .filter((part) => !PROBLEM.test(part) && !GIVEN.test(part))
      .join('')
      .replaceAll(/^# ?/gm, '')
      .trim(),
    options: optionsIn(parts),
    source: { name: 'config.yml', text: config },
    told: parts.filter((part) => PROBLEM.test(part)).join(''),
    becomes,
  };
}

function headOf(config: string): string {
  return /^(?:#.*\n)*/.exec(config)?.[0] ?? '';
}

const GIVEN = /^# (parameter|value|orb) (\S+)(?: = (\S+))?:(?: (.*))?\n([^]*)$/;

function optionsIn(parts: readonly string[]): CompileOptions {
  const pipelineParameters: Record<string, string> = {};
  const pipelineValues: Record<string, string> = {};
  const orbs = new Map<string, ResolvedOrb>();
  for (const part of parts) {
    const [, kind, name = '', exact = name, value = '', lines = ''] = GIVEN.exec(part) ?? [];
    if (kind === 'parameter') pipelineParameters[name] = value;
    if (kind === 'value') pipelineValues[name] = value;
    if (kind === 'orb') orbs.set(name, { reference: exact, text: lines.replaceAll(/^#(?: {3})?/gm, '') });
  }
  const byName = [...orbs].filter(([name]) => !name.includes('/'));
  return {
    pipelineParameters,
    pipelineValues,
    orbs: Object.fromEntries(byName.map(([name, { text }]) => [name, { name: `${name}.yml`, text }])),
    resolve: (reference) => {
      const any = orbs.get('https://*');
      return orbs.get(reference) ?? (any && { ...any, reference });
    },
  };
}

/** Problems as the head of a case tells them. */
export function problemsAsHead(problems: readonly Problem[]): string {
  return problems
    .flatMap(({ severity, code, at, scopes, message, hints = [] }) => [
      `${severity} ${at.source.name === 'config.yml' ? '' : `${at.source.name}:`}${at.line}:${at.column} ${code}`,
      ...scopes.map(({ text }) => `  ${text}`),
      ...message.split('\n').map((line) => `  ${line}`),
      ...hints.map((hint) => `hint ${hint}`),
    ])
    .map((line) => `# ${line}\n`)
    .join('');
}

/** Puts what is told and what the config becomes into the file of a case. */
export function writeCase(
  folder: string,
  { name, source, becomes: before }: ConfigCase,
  { told, becomes = '' }: Outcome,
): void {
  const head = headOf(source.text);
  const given = head.split(/^(?=# \S)/m).filter((part) => !PROBLEM.test(part));
  const config = given.join('') + told + source.text.slice(head.length);
  writeFileSync(join(folder, `${name}.yml`), config + (before === undefined ? '' : BECOMES + becomes));
}
