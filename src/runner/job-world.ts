import type { Source } from '../config/source.ts';
import type { CommandHost } from './command-host.ts';
import type { JobPlace } from './job-place.ts';
import type { WorkflowJob, Workflow } from './pipeline/pipeline.ts';
import type { NodeId } from './run-event.ts';

/** What the steps of one node of a job have around them. */
export interface JobWorld {
  readonly id: NodeId;
  readonly workflow: Workflow;
  readonly job: WorkflowJob;
  readonly place: JobPlace;
  readonly host: CommandHost;
  /** The environment of every step: CIRCLE_*, contexts, the job's own; without BASH_ENV's effects. */
  readonly env: Readonly<Record<string, string>>;
  readonly checkout: CheckoutSource;
  readonly config: Source;
  /** Folder of the run: `.circleci/local/runs/<n>`. */
  readonly runFolder: string;
  /** Folder that all runs share: `.circleci/local`. */
  readonly localFolder: string;
  /** Aborted when the run is canceled. */
  readonly signal: AbortSignal;
  /** Says a line in the log of the step that runs. */
  readonly say: (text: string) => void;
}

/** What `checkout` brings: the repository at a commit, and with `--dirty` what is not committed. */
export interface CheckoutSource {
  /** Top folder of the user's repository. */
  readonly repository: string;
  /** The folder of the repository that is the project, with `/`: a checkout holds its files and no others. */
  readonly subfolder?: string;
  readonly commit: string;
  readonly branch: string | undefined;
  readonly dirty: boolean;
}
