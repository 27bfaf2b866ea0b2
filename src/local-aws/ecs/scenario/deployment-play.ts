/** How one service deployment goes. It is kept with the deployment, so that it stays when the scenario changes. */
export interface DeploymentPlay {
  /** How long it stays in a status, or at least in a stage, in milliseconds of the virtual clock. */
  durations: Record<string, number>;
  /** A stage that it never leaves; `ROLLOUT` is a rolling update that starts no tasks. */
  stuck?: string;
  /** An alarm that goes off; one that is on at the start is not monitored. */
  alarm?: { afterMs: number; name?: string; atStart: boolean };
  hooks: HookPlay[];
  /** ECS finds that it has failed. */
  fails?: { afterMs: number; reason: string; rollback: boolean };
  /** Somebody else starts another deployment. */
  superseded?: { afterMs: number; taskDefinition?: string };
  /** Somebody else deletes the service. */
  deleted?: { afterMs: number };
  /** How a rollback of it goes, other than well. */
  rollback?: 'fails' | 'stuck';
}

export type HookResult = 'SUCCEEDED' | 'FAILED' | 'IN_PROGRESS' | 'INVALID';

/** What a Lambda function answers that is the target of a lifecycle hook. */
export interface HookPlay {
  stage?: string;
  /** A pattern for the function's ARN. */
  target: string;
  /** One for each time that it is called; the last one stays. */
  results: HookResult[];
  /** How long a call takes. */
  takesMs: number;
  callBackDelayMs: number;
}
