type Environment = Readonly<Record<string, string | undefined>>;

/** What a job on CircleCI knows about itself; outside CircleCI most of it is undefined. */
export interface JobEnvironment {
  onCircleCI: boolean;
  /** The same for automatic reruns of a step, another one for a rerun by hand. */
  workflowJobId: string | undefined;
  commit: string | undefined;
  /** Project-wide and growing: tells which of two pipelines is newer. Only steps of the orb have it. */
  pipelineNumber: number | undefined;
  project: string | undefined;
  buildNumber: string | undefined;
}

export function jobEnvironment(env: Environment): JobEnvironment {
  const number = env['AWS_DEPLOY_PIPELINE_NUMBER'] ?? '';
  return {
    onCircleCI: env['CIRCLECI'] === 'true',
    workflowJobId: env['CIRCLE_WORKFLOW_JOB_ID'] || undefined,
    commit: env['CIRCLE_SHA1'] || undefined,
    pipelineNumber: /^\d{1,15}$/.test(number) ? Number(number) : undefined,
    project: env['CIRCLE_PROJECT_REPONAME'] || undefined,
    buildNumber: env['CIRCLE_BUILD_NUM'] || undefined,
  };
}
