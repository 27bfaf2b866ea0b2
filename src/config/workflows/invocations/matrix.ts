import type { Budget } from '../../budget.ts';
import { reportForm } from '../../expand/follow-up.ts';
import { member, stringOf, type MapNode, type Node } from '../../node.ts';
import type { Report } from '../../problem.ts';
import type { Place } from '../../source.ts';
import {
  excludeIsLiteral,
  matrixAllExcluded,
  matrixNotList,
  matrixTooLarge,
  matrixWithoutJobs,
  matrixWithoutParameters,
  matrixWithoutValues,
} from './matrix-texts.ts';
import type { ValueIds } from './value-ids.ts';

/**
 * The jobs that one matrix may make. The limit and the words of its error are those of CircleCI's language server 0.37
 * (internal/parser/matrix.go), which takes them from the compiler.
 */
const MAX_MATRIX_JOBS = 10_000;

/** The values of one job of a matrix by parameter, in the alphabetical order of the parameters. */
export type Combination = ReadonlyMap<string, Node>;

interface Axis {
  readonly parameter: string;
  readonly values: readonly Node[];
}

/**
 * All combinations of a matrix that are not excluded. The parameters count in alphabetical order, the first varying slowest:
 * so the default names are built, and so the one listing in CircleCI's documentation goes.
 * @param matrix what stands under `matrix`, `parameters` with their templates replaced, `exclude` as it is written
 * @param alias what the matrix is called in messages
 */
export function combinations(
  matrix: MapNode,
  { alias, at, report, budget, ids }: { alias: string; at: Place; report: Report; budget: Budget; ids: ValueIds },
): Combination[] {
  const axes = readAxes(member(matrix, 'parameters'), report);
  if (axes.length === 0) report.warning(matrixWithoutParameters(alias), at);
  // A million jobs take no longer to refuse than two: they are counted before any is made.
  const count = axes.reduce((jobs, { values }) => jobs * values.length, 1);
  if (count > MAX_MATRIX_JOBS) {
    report.error(matrixTooLarge(alias, count, MAX_MATRIX_JOBS), at);
    return [];
  }
  const excluded = readExcludes(member(matrix, 'exclude'), { report, ids });
  budget.spend(count * (axes.length + excluded.length), at);
  const left = product(axes).filter((combination) => !excluded.some((exclude) => matches(combination, exclude, ids)));
  if (left.length === 0 && count > 0) report.warning(matrixAllExcluded(alias, count), at);
  return left;
}

function readAxes(parameters: Node | undefined, report: Report): Axis[] {
  if (parameters?.kind !== 'map') return [];
  const axes = [...parameters.entries].map(([parameter, { keyAt, value }]): Axis => {
    if (value.kind === 'list') {
      if (value.items.length === 0) report.warning(matrixWithoutValues(parameter), value.at);
      return { parameter, values: value.items };
    }
    if (value.kind === 'scalar' && value.value === null) report.warning(matrixWithoutJobs(parameter), keyAt);
    else reportForm(matrixNotList(parameter), value.at, report);
    return { parameter, values: [] };
  });
  return axes.toSorted((a, b) => (a.parameter < b.parameter ? -1 : 1));
}

function product(axes: readonly Axis[]): Combination[] {
  let built: Combination[] = [new Map()];
  for (const { parameter, values } of axes) {
    built = built.flatMap((combination) => values.map((value) => new Map([...combination, [parameter, value]])));
  }
  return built;
}

/** What `exclude` lists, each a map of values by their ids. Templates in it stay text: CircleCI does not replace them. */
function readExcludes(
  exclude: Node | undefined,
  { report, ids }: { report: Report; ids: ValueIds },
): ReadonlyMap<string, number>[] {
  if (exclude?.kind !== 'list') return [];
  return exclude.items.map((item) => {
    if (item.kind !== 'map') return new Map();
    for (const { value } of item.entries.values()) {
      if (stringOf(value)?.includes('<<')) report.warning(excludeIsLiteral(String(stringOf(value))), value.at);
    }
    return new Map([...item.entries].map(([parameter, { value }]) => [parameter, ids.of(value)]));
  });
}

/** An exclude may name some of the parameters only; one that names no parameter, or an unknown one, excludes nothing. */
function matches(combination: Combination, exclude: ReadonlyMap<string, number>, ids: ValueIds): boolean {
  if (exclude.size === 0) return false;
  return [...exclude].every(([parameter, id]) => {
    const value = combination.get(parameter);
    return value !== undefined && ids.of(value) === id;
  });
}
