import { BATCH_TITLE } from './batch/tell-batch.ts';
import { ECS_TITLE } from './ecs/tell-ecs.ts';

/** The stories that can be told, by the names that they are asked for by; the first when none is. */
export const TITLES = { batch: BATCH_TITLE, ecs: ECS_TITLE } as const;

export type StoryName = keyof typeof TITLES;

export const USAGE = `Usage: npm run demo [-- batch|ecs] [--docker]

Runs pipelines of the samples on this machine, step by step, against a local AWS, and checks at each step what that holds.
Needs git, but no account and no network. A temporary folder keeps the projects and the page of each run.

  batch     releases of examples/nightly-batch, and two nights of its job; told when no story is named
  ecs       releases of examples/ecs-service and examples/ecs-blue-green: a good one, one that ECS rolls back, one that
            waits for an approval, and the way back to the last release that was verified
  --docker  in the story batch, have the jobs build the image with the Docker engine instead of the embedded builder
`;

export type Arguments = { story: StoryName; withDocker: boolean } | 'help' | { problem: string };

export function parseArguments(args: readonly string[]): Arguments {
  if (args.includes('--help') || args.includes('-h')) return 'help';
  const [named = 'batch', ...others] = args.filter((arg) => !arg.startsWith('-'));
  const unknownFlag = args.find((arg) => arg.startsWith('-') && arg !== '--docker');
  if (unknownFlag !== undefined) return { problem: `the demo does not know ${unknownFlag}` };
  const names = Object.keys(TITLES).join(' and ');
  if (!isStory(named)) return { problem: `the demo has no story ${named}, only ${names}` };
  if (others.length > 0) return { problem: `the demo tells one story at a time: ${names}` };
  const withDocker = args.includes('--docker');
  if (withDocker && named !== 'batch') return { problem: `the story ${named} builds with the embedded builder only` };
  return { story: named, withDocker };
}

function isStory(name: string): name is StoryName {
  return Object.hasOwn(TITLES, name);
}
