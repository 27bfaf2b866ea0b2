import { assumeRole } from './assume-role.ts';
import { buildAndPushImage } from './build-and-push-image.ts';
import type { Action } from './define-action.ts';
import { jobStatus } from './job-status.ts';
import { pruneJobDefinitions } from './prune-job-definitions.ts';
import { registerJobDefinition } from './register-job-definition.ts';
import { releaseBatchJob } from './release-batch-job.ts';
import { rollbackJobDefinition } from './rollback-job-definition.ts';
import { scheduleJob } from './schedule-job.ts';
import { submitJob } from './submit-job.ts';
import { uploadScript } from './upload-script.ts';

/** Every action, in the order in which lists show them. */
export const catalog: readonly Action[] = [
  releaseBatchJob,
  buildAndPushImage,
  uploadScript,
  registerJobDefinition,
  submitJob,
  scheduleJob,
  jobStatus,
  rollbackJobDefinition,
  pruneJobDefinitions,
  assumeRole,
];
