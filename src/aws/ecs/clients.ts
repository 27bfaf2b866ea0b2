import { ECSClient } from '@aws-sdk/client-ecs';
import { clientOptions, type ClientSettings } from '../client-settings.ts';
import { ThrottlingOnlyRetry } from '../retry.ts';

/** Clients that differ in what they repeat. */
export interface EcsClients {
  /** Whatever failed for a passing reason. */
  client: ECSClient;
  /** Only what AWS was too busy to take: what may have been applied is looked at by the caller. */
  once: ECSClient;
  /** Nothing: who polls asks again anyway. */
  polling: ECSClient;
}

export function ecsClients(settings: ClientSettings): EcsClients {
  const options = clientOptions(settings);
  return {
    client: new ECSClient(options),
    once: new ECSClient({ ...options, retryStrategy: new ThrottlingOnlyRetry(settings.maxAttempts) }),
    polling: new ECSClient({ ...options, maxAttempts: 1 }),
  };
}
