import type { AwsSession } from '../../aws/session.ts';
import type { JsonObject } from '../../core/json.ts';
import type { Change } from '../../core/result.ts';
import type { ActionContext } from '../context.ts';
import type { CheckedTaskDefinition } from './check-inputs.ts';

export interface TaskDefinitionRelease {
  family: string;
  /** What was asked for, checked offline. */
  checked: CheckedTaskDefinition;
  /**
   * Further demands on the definition that is to be registered, such as those of its service. Throws before anything is
   * registered.
   */
  check?: (desired: JsonObject) => void;
  /** An image that would be pushed, so that it is not looked for; only in a dry run. */
  plannedImage?: string | undefined;
  dryRun: boolean;
}

export interface ReleasedTaskDefinition {
  status: 'changed' | 'unchanged' | 'planned';
  change: Change;
  family: string;
  /** ARN and number of the revision; in a dry run those of the newest one that is there, if any. */
  arn: string | undefined;
  revision: number | undefined;
  hash: string;
  /** As it is registered, or would be; without our tags. */
  definition: JsonObject;
}

/**
 * Brings a family to what a release asks for: finds the base, edits, checks, registers when something differs, and reads
 * back.
 */
export async function releaseTaskDefinition(
  _release: TaskDefinitionRelease,
  _session: AwsSession,
  _context: ActionContext,
): Promise<ReleasedTaskDefinition> {
  throw new Error('not there yet');
}
