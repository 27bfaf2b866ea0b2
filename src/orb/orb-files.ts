import type { Orb, Script, Step, YamlMap } from './orb-model.ts';
import { orbProblems } from './orb-checks.ts';
import { commandBody, executorBody, jobBody, type ScriptText } from './sdk.ts';
import { yamlText } from './yaml-text.ts';

/** The first lines of every generated YAML file. */
export const GENERATED = ['Generated from src/actions by "npm run generate". Do not edit: change the declarations.'];

/** The orb in one file, as it is published and as a URL orb. Throws with the list of everything that is wrong with it. */
export function packedOrb(orb: Orb): string {
  assertValid(orb);
  const inlined: ScriptText = ({ text }) => text.replaceAll('<<', '\\<<');
  return yamlText(
    {
      ...header(orb),
      commands: byName(orb.commands, (command) => commandBody(command, inlined)),
      jobs: byName(orb.jobs, (job) => jobBody(job, inlined)),
      executors: byName(orb.executors, (executor) => executorBody(executor, inlined)),
      examples: byName(orb.examples, ({ description, usage }) => ({ description, usage })),
    },
    GENERATED,
  );
}

/**
 * The orb as the tree of files that `circleci orb pack` and orb-tools read: text by path, relative to its root. Throws as
 * `packedOrb` does.
 */
export function unpackedOrb(orb: Orb): Map<string, string> {
  assertValid(orb);
  const included: ScriptText = ({ fileName }) => `<<include(scripts/${fileName})>>`;
  const files = new Map<string, string>([['@orb.yml', yamlText(header(orb), GENERATED)]]);
  const add = (folder: string, name: string, body: YamlMap): unknown =>
    files.set(`${folder}/${name}.yml`, yamlText(body, GENERATED));
  for (const command of orb.commands) add('commands', command.name, commandBody(command, included));
  for (const job of orb.jobs) add('jobs', job.name, jobBody(job, included));
  for (const executor of orb.executors) add('executors', executor.name, executorBody(executor, included));
  for (const { name, description, usage } of orb.examples) add('examples', name, { description, usage });
  for (const script of scriptsOf(orb)) files.set(`scripts/${script.fileName}`, script.text);
  return files;
}

function header(orb: Orb): YamlMap {
  return {
    version: 2.1,
    description: orb.description,
    display: { home_url: orb.display.homeUrl, source_url: orb.display.sourceUrl },
  };
}

function byName<E extends { name: string }>(elements: readonly E[], body: (element: E) => YamlMap): YamlMap {
  return Object.fromEntries(elements.map((element) => [element.name, body(element)]));
}

function scriptsOf(orb: Orb): Script[] {
  return [...orb.commands, ...orb.jobs].flatMap(({ steps }) => steps.flatMap(scriptsOfStep));
}

function scriptsOfStep(step: Step): Script[] {
  if (step.kind === 'when' || step.kind === 'unless') return step.steps.flatMap(scriptsOfStep);
  return step.kind === 'run' && typeof step.command !== 'string' ? [step.command] : [];
}

function assertValid(orb: Orb): void {
  const problems = orbProblems(orb);
  if (problems.length > 0) throw new Error(`The orb is not valid:\n  ${problems.join('\n  ')}`);
}
