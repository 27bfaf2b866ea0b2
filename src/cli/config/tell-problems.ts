import type { Problem } from '../../config/problem.ts';
import { problemsText } from '../../report/problem-text.ts';
import type { World } from '../world.ts';

const MOST_SHOWN = 100;

/** Prints problems to stderr; of very many only the first. */
export function tellProblems(problems: readonly Problem[], world: Pick<World, 'stderr'>): void {
  if (problems.length === 0) return;
  const more = problems.length - MOST_SHOWN;
  world.stderr(problemsText(problems.slice(0, MOST_SHOWN)));
  if (more > 0) world.stderr(`\n… and ${more} more\n`);
}
