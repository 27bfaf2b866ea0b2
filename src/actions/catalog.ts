import { assumeRole } from './assume-role.ts';
import { buildAndPushImage } from './build-and-push-image.ts';
import { continueDeployment } from './continue-deployment.ts';
import type { Action } from './define-action.ts';
import { deployScheduledTask } from './deploy-scheduled-task.ts';
import { deployService } from './deploy-service.ts';
import { jobStatus } from './job-status.ts';
import { pruneJobDefinitions } from './prune-job-definitions.ts';
import { registerJobDefinition } from './register-job-definition.ts';
import { registerTaskDefinition } from './register-task-definition.ts';
import { releaseBatchJob } from './release-batch-job.ts';
import { releaseEcsService } from './release-ecs-service.ts';
import { rollbackJobDefinition } from './rollback-job-definition.ts';
import { rollbackService } from './rollback-service.ts';
import { runTask } from './run-task.ts';
import { scheduleJob } from './schedule-job.ts';
import { submitJob } from './submit-job.ts';
import { uploadScript } from './upload-script.ts';
import { watchDeployment } from './watch-deployment.ts';

/** Every action, in the order in which lists show them. */
export const catalog: readonly Action[] = [
  releaseBatchJob,
  releaseEcsService,
  buildAndPushImage,
  uploadScript,
  registerJobDefinition,
  submitJob,
  scheduleJob,
  jobStatus,
  rollbackJobDefinition,
  pruneJobDefinitions,
  registerTaskDefinition,
  runTask,
  deployService,
  watchDeployment,
  continueDeployment,
  rollbackService,
  deployScheduledTask,
  assumeRole,
];
