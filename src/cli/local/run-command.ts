import type { Params } from '../../params/declaration.ts';
import { resolveInputs } from '../../params/resolve.ts';
import { CONFIG_PARAMS, DEFAULT_CONFIG } from '../config/config-commands.ts';
import type { LocalCommand } from '../local-command.ts';

export const RUN_PARAMS = {
  config: { type: 'path', default: DEFAULT_CONFIG, description: 'The config.' },
  list: { type: 'boolean', default: false, description: 'List workflows and jobs, and run nothing.' },
  dryRun: { type: 'boolean', default: false, description: 'Say step by step what would run, and run nothing.' },
  only: { type: 'list', description: 'Only this job.' },
  from: { type: 'list', description: 'This job, and all that require it.' },
  needs: { type: 'boolean', default: false, description: 'The jobs that the chosen ones require, too.' },
  matrix: { type: 'list', description: 'Of the jobs of a matrix only those with this value: NAME:VALUE.' },
  approve: { type: 'list', description: 'Give this approval. On a terminal the others are asked for.' },
  localAws: {
    type: 'boolean',
    default: false,
    description: 'Start a local AWS for the run, point the jobs at it, and say what changed in it.',
  },
  scenario: {
    type: 'path',
    description:
      'What the local AWS holds and how it behaves. Default: local-aws.yml beside the config, if it is there.',
  },
  docker: { type: 'boolean', default: false, description: 'Run jobs in their images instead of on this machine.' },
  dirty: { type: 'boolean', default: false, description: 'Check out what is not committed, too.' },
  jobs: {
    type: 'integer',
    min: 1,
    max: 100,
    description: 'How many jobs run at once. Default: one for each processor.',
  },
  ...CONFIG_PARAMS,
} as const satisfies Params;

export const runCommand: LocalCommand = {
  name: 'local run',
  summary: 'Run the jobs of a config on this machine, as CircleCI would.',
  details: [
    'Each job runs in a fresh clone at the commit, with a HOME and an environment of its own. Workspaces, caches, artifacts, test results, approvals and statuses in "requires" work as on CircleCI.',
    'Contexts are files of NAME=value lines that git ignores: .circleci/local/contexts/<name>.env. Their values are masked in all output.',
    'Logs, artifacts and a page to look at are in .circleci/local/runs/<number>.',
    'Exit codes: 0 all jobs succeeded, 1 a job failed, 6 canceled, 12 an approval was not given.',
  ],
  operands: [
    { name: 'WORKFLOW|JOB', description: 'What to run. Default: all workflows of the config.', optional: true },
  ],
  params: RUN_PARAMS,
  async run(flags, world, [name]) {
    const { inputs } = resolveInputs(RUN_PARAMS, { flags, env: {} });
    const { runLocally } = await import('./run-work.ts');
    return runLocally(name, inputs, world);
  },
};
