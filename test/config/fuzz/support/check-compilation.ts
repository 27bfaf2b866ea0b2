import { isDeepStrictEqual } from 'node:util';
import { compile, type CompiledConfig } from '../../../../src/config/compile.ts';
import { explainJob } from '../../../../src/config/views/explain.ts';
import { configGraph } from '../../../../src/config/views/graph.ts';
import { member } from '../../../../src/config/node.ts';
import { Report, type Problem } from '../../../../src/config/problem.ts';
import { plainValue } from '../../../../src/config/render/plain-value.ts';
import { renderConfig } from '../../../../src/config/render/render-config.ts';
import type { Place } from '../../../../src/config/source.ts';
import { readYaml } from '../../../../src/config/yaml/read-yaml.ts';
import { explanationJson } from '../../../../src/report/explanation-json.ts';
import { explanationText } from '../../../../src/report/explanation-text.ts';
import { problemsJson } from '../../../../src/report/problem-json.ts';
import { problemsText } from '../../../../src/report/problem-text.ts';
import type { Input } from './input.ts';

/** CircleCI takes 8 MB; what is spent is counted a little lower than what is printed. */
const LONGEST_OUTPUT = 32 * 1024 * 1024;

/**
 * Compiles a text and prints the result in all ways that there are. Lets through what it throws.
 * @throws Error that says what is not as it must be
 */
export function checkCompilation({ text, orbs = {}, options = {} }: Input): 'compiled' | 'refused' {
  const source = { name: 'config.yml', text };
  const { config, problems } = compile(source, {
    ...options,
    resolve: (reference) => (Object.hasOwn(orbs, reference) ? { reference, text: orbs[reference] ?? '' } : undefined),
  });
  const errors = problems.filter(({ severity }) => severity === 'error').length;
  if ((config === undefined) !== errors > 0) throw new Error(`${errors} errors, and a config: ${config !== undefined}`);
  const texts = new Map([[source.name, text], ...Object.entries(orbs)]);
  for (const problem of problems) checkProblem(problem, texts);
  checkSize('problems', problemsText(problems) + JSON.stringify(problemsJson(problems)));
  if (config) checkPrinted(config);
  return config ? 'compiled' : 'refused';
}

function checkProblem({ code, message, hints = [], at, scopes }: Problem, texts: ReadonlyMap<string, string>): void {
  if (!/^[a-z][a-z0-9-]*$/.test(code)) throw new Error(`the code ${JSON.stringify(code)}`);
  for (const words of [message, ...hints, ...scopes.map(({ text }) => text)]) {
    if (typeof words !== 'string' || words === '') throw new Error(`${code}: a text of ${JSON.stringify(words)}`);
  }
  for (const place of [at, ...scopes.map((scope) => scope.at)]) checkPlace(place, code, texts);
}

// A carriage return that is the last character ends no line for SnakeYAML, whose places errors of YAML have.
const LINE_BREAK = /\r\n|\r(?!$)|[\n\u0085\u2028\u2029]/;

const lines = new WeakMap<object, readonly string[]>();

function checkPlace({ source, line, column }: Place, code: string, texts: ReadonlyMap<string, string>): void {
  if (texts.get(source.name) !== source.text) throw new Error(`${code}: a place in ${source.name}`);
  const known = lines.get(source) ?? source.text.split(LINE_BREAK);
  lines.set(source, known);
  const length = known[line - 1]?.length;
  if (length === undefined || !(column >= 1 && column <= length + 1)) {
    throw new Error(`${code}: no such place as ${line}:${column} in ${known.length} lines, that one of ${length}`);
  }
}

/** What is printed is read as what it was, and everything can be told of it. */
function checkPrinted(config: CompiledConfig): void {
  const printed = renderConfig(config);
  checkSize('the config', printed);
  const report = new Report();
  const read = readYaml({ name: 'printed.yml', text: printed }, report);
  const [problem] = report.problems;
  if (!read) throw new Error(`what is printed can't be read: ${problem?.message}`);
  if (!isDeepStrictEqual(plainValue(read), plainValue(config.document)))
    throw new Error('what is printed is not what it was');

  checkSize('JSON', JSON.stringify(plainValue(config.document)));
  checkSize('the graph', configGraph(config));
  const jobs = member(config.document, 'jobs');
  if (jobs?.kind !== 'map') throw new Error('a compiled config without jobs');
  for (const [name, { value }] of jobs.entries) {
    if (value.kind !== 'map') throw new Error(`the job ${name} is a ${value.kind}`);
    const explained = explainJob(value);
    checkSize('the explanation', explanationText(name, explained) + JSON.stringify(explanationJson(name, explained)));
  }
}

function checkSize(what: string, text: string): void {
  if (text.length > LONGEST_OUTPUT) throw new Error(`${what} has ${text.length} characters`);
}
