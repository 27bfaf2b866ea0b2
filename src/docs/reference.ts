import type { Action, Surface } from '../actions/define-action.ts';
import { EXIT } from '../core/exit-codes.ts';
import { orbName } from '../params/names.ts';
import { INSTALL_ENVIRONMENT, INSTALL_EXIT_CODES } from '../orb/install-command.ts';
import { archiveUrl, type ArchiveFacts, orbReference, type PackageFacts } from '../orb/package-facts.ts';
import { attachWorkspace, auth, checkout, executor, noOutputTimeout, remoteDocker } from '../orb/step-parameters.ts';
import { EXIT_CODE_MEANINGS } from './exit-code-meanings.ts';
import { code, list, plain, table } from './markdown.ts';
import { outputTable, parameterTable } from './parameter-table.ts';

export interface ReferenceSources {
  package: PackageFacts;
  archive: ArchiveFacts;
  catalog: readonly Action[];
}

/** The reference of the orb and the CLI, as Markdown. */
export function referencePage(sources: ReferenceSources): string {
  const sections = [
    '<!-- Generated from src/actions by "npm run generate". Do not edit: change the declarations. -->',
    '# Reference',
    `The orb is imported as ${code(orbReference(sources.package))}. Each action is a job and a command of the orb and a sub-command of the CLI, with the same parameters.`,
    actionIndex(sources.catalog),
    VALUES,
    ...sources.catalog.flatMap(actionSection),
    ...jobSection(),
    ...installSection(sources),
    ...exitCodeSection(),
  ];
  return `${sections.join('\n\n')}\n`;
}

const VALUES = `## How values are written

- In the orb every parameter that has no default is required. CircleCI checks types before the CLI sees a value: a string that YAML would read as a number or a boolean has to be quoted, as in \`expected_account_id: "123456789012"\`.
- In the orb, \`$NAME\` and \`\${NAME}\` stand for environment variables of the job in values of kind string, path, list and map. Nothing else is evaluated, and flags of the CLI are taken as they are; \`\\$\` is a dollar sign. A variable that is not set is an error, and one that holds a secret is not expanded.
- list: one item a line, or a JSON array. map: \`KEY=VALUE\` a line, or a JSON object. As flags they are repeated.
- duration: \`500ms\`, \`90s\`, \`15m\` or \`2h\`.
- environment variable name: the name of a variable that holds a secret, never the secret.`;

const SURFACES: Record<Surface, string> = { 'orb-job': 'job', 'orb-command': 'command', cli: 'CLI' };

function actionIndex(catalog: readonly Action[]): string {
  const rows = catalog.map((action) => [
    `[${orbName(action.name)}](#${orbName(action.name)})`,
    action.surfaces.map((surface) => SURFACES[surface]).join(', '),
    plain(action.summary),
  ]);
  return table(['Action', 'Is a', 'Does'], rows);
}

function actionSection(action: Action): string[] {
  return [
    `## ${orbName(action.name)}`,
    plain(action.summary),
    ...(action.details ?? []).map(plain),
    ...(action.surfaces.includes('cli') ? [`On the command line: ${code(`aws-deploy ${action.name}`)}.`] : []),
    '### Parameters',
    parameterTable(action),
    ...outputSection(action),
    ...(action.awsCalls.length === 0 ? [] : ['### AWS permissions', list(action.awsCalls.map(code))]),
  ];
}

function outputSection(action: Action): string[] {
  if (Object.keys(action.outputs).length === 0) return [];
  const inOrb = action.surfaces.some((surface) => surface !== 'cli');
  return [
    '### Outputs',
    ...(inOrb ? ['Later steps of the same job read them from the environment.'] : []),
    outputTable(action.outputs),
  ];
}

function jobSection(): string[] {
  const row = (name: string, kind: string, value: string, description: string): string[] => [
    code(name),
    kind,
    value,
    plain(description),
  ];
  const parameters = [executor, auth, checkout, attachWorkspace(true), remoteDocker, noOutputTimeout];
  const defaults: Record<string, string> = {
    [auth.name]: 'no steps',
    [attachWorkspace(true).name]: 'where the action can use the record: true',
    [remoteDocker.name]: 'true; only in jobs that build',
  };
  return [
    '## Parameters of every job',
    table(
      ['Parameter', 'Kind', 'Default', 'Description'],
      parameters.map(({ name, type, default: value, description }) =>
        row(name, type, defaults[name] ?? code(String(value)), description),
      ),
    ),
    `A job checks out, attaches the release record, installs the CLI, runs the ${code(auth.name)} steps, starts a Docker engine when it builds, runs its command, and keeps the record for the jobs after it. ${code(noOutputTimeout.name)} is a parameter of every command too.`,
  ];
}

function installSection(sources: ReferenceSources): string[] {
  return [
    '## install',
    'Jobs run it by themselves; in a job of your own it comes before the other commands. It has no parameters: an orb installs the CLI of its own version, whose SHA-256 it holds.',
    `It reads ${archiveUrl(sources.package, sources.archive)} unless told otherwise. Environment variables:`,
    table(
      ['Variable', 'Meaning'],
      INSTALL_ENVIRONMENT.map(({ name, description }) => [code(name), plain(description)]),
    ),
    'How it ends when it fails:',
    table(
      ['Exit code', 'Meaning'],
      INSTALL_EXIT_CODES.map(({ code: exitCode, meaning }) => [String(exitCode), plain(meaning)]),
    ),
  ];
}

function exitCodeSection(): string[] {
  const names = Object.keys(EXIT) as (keyof typeof EXIT)[];
  return [
    '## Exit codes',
    table(
      ['Exit code', 'Meaning'],
      names.map((name) => [String(EXIT[name]), plain(EXIT_CODE_MEANINGS[name])]),
    ),
  ];
}
