import { dirname, join, resolve } from 'node:path';
import { compile, type Compilation } from '../../config/compile.ts';
import { explainJob, jobsNamed } from '../../config/views/explain.ts';
import { configGraph } from '../../config/views/graph.ts';
import { member, type MapNode } from '../../config/node.ts';
import { plainValue } from '../../config/render/plain-value.ts';
import { renderConfig } from '../../config/render/render-config.ts';
import type { Source } from '../../config/source.ts';
import { DeployError } from '../../core/errors.ts';
import { EXIT, type ExitCode } from '../../core/exit-codes.ts';
import { nearestName } from '../../core/nearest-name.ts';
import type { Inputs } from '../../params/declaration.ts';
import { explanationJson } from '../../report/explanation-json.ts';
import { explanationText } from '../../report/explanation-text.ts';
import { problemsJson } from '../../report/problem-json.ts';
import type { World } from '../world.ts';
import { checkoutValues } from './checkout-values.ts';
import { DEFAULT_CONFIG, type CONFIG_PARAMS } from './config-commands.ts';
import { optimizeLater } from './optimize-later.ts';
import { orbFinder } from './orb-finder.ts';
import { readSource } from './source-file.ts';
import { tellProblems } from './tell-problems.ts';

type ConfigInputs = Inputs<typeof CONFIG_PARAMS>;

export async function printCompiled(
  file: string | undefined,
  inputs: ConfigInputs & { format: string },
  world: World,
): Promise<ExitCode> {
  const { config, problems } = await compileFile(file, inputs, world);
  tellProblems(problems, world);
  if (!config) return EXIT.invalidFile;
  world.stdout(inputs.format === 'json' ? jsonText(plainValue(config.document)) : renderConfig(config));
  return EXIT.ok;
}

export async function printProblems(
  file: string | undefined,
  inputs: ConfigInputs & { format: string },
  world: World,
): Promise<ExitCode> {
  const { config, problems } = await compileFile(file, inputs, world);
  if (inputs.format === 'json') world.stdout(jsonText(problemsJson(problems)));
  else {
    tellProblems(problems, world);
    if (config) world.stdout(`${file ?? DEFAULT_CONFIG} is valid.\n`);
  }
  return config ? EXIT.ok : EXIT.invalidFile;
}

export async function printGraph(file: string | undefined, inputs: ConfigInputs, world: World): Promise<ExitCode> {
  const { config, problems } = await compileFile(file, inputs, world);
  tellProblems(problems, world);
  if (!config) return EXIT.invalidFile;
  world.stdout(configGraph(config));
  return EXIT.ok;
}

/** Exit code 5 when the compiled config has no such job or workflow. */
export async function printExplanation(
  name: string,
  inputs: ConfigInputs & { config: string; format: string },
  world: World,
): Promise<ExitCode> {
  const { config, problems } = await compileFile(inputs.config, inputs, world);
  tellProblems(problems, world);
  if (!config) return EXIT.invalidFile;
  const names = jobsNamed(config.document, name);
  if (names.length === 0) throw noSuchJob(name, config.document);
  const explained = names.flatMap((job) => {
    const body = member(member(config.document, 'jobs'), job);
    return body?.kind === 'map' ? [{ job, explanation: explainJob(body) }] : [];
  });
  world.stdout(
    inputs.format === 'json'
      ? jsonText(explained.map(({ job, explanation }) => explanationJson(job, explanation)))
      : explained.map(({ job, explanation }) => explanationText(job, explanation)).join('\n'),
  );
  return EXIT.ok;
}

/** Reads a config and compiles it, with the orbs that can be found and the values of the checkout. */
export async function compileFile(
  file: string | undefined,
  inputs: ConfigInputs,
  world: World,
): Promise<Compilation & { source: Source }> {
  optimizeLater();
  const path = file ?? DEFAULT_CONFIG;
  const source = await readSource(path, world, [
    `Name the file; without a name it is ${DEFAULT_CONFIG} in the working directory.`,
  ]);
  const folder = path === '-' ? world.cwd : dirname(resolve(world.cwd, path));
  const orbs = path === '-' ? join(world.cwd, dirname(DEFAULT_CONFIG), 'orbs') : join(folder, 'orbs');
  const finder = orbFinder({ given: inputs.orb ?? {}, folder: orbs, world });
  const compilation = compile(source, {
    orbs: finder.byName,
    resolve: finder.resolve,
    pipelineParameters: inputs.pipelineParam ?? {},
    pipelineValues: { ...(await checkoutValues(folder)), ...inputs.pipelineValue },
  });
  return { ...compilation, source };
}

function noSuchJob(name: string, document: MapNode): DeployError {
  const names = ['jobs', 'workflows'].flatMap((key) => {
    const node = member(document, key);
    return node?.kind === 'map' ? [...node.entries.keys()].filter((found) => found !== 'version') : [];
  });
  const nearest = nearestName(name, names);
  return new DeployError({
    code: 'config.no_such_job',
    title: `the compiled config has neither a job nor a workflow named ${JSON.stringify(name)}`,
    hints: [...(nearest === undefined ? [] : [`Did you mean ${nearest}?`]), `It has: ${names.join(', ')}.`],
    exitCode: EXIT.notFound,
  });
}

function jsonText(value: unknown): string {
  return `${JSON.stringify(value, null, 2)}\n`;
}
