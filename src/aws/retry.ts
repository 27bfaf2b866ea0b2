import { StandardRetryStrategy } from '@smithy/core/retry';
import type { RetryErrorInfo, StandardRetryToken } from '@smithy/types';

/**
 * For calls that AWS does not promise to apply only once (RegisterJobDefinition has no client token): repeats them only
 * when AWS said that it was too busy to take them. Every other failure is looked into by the caller, because the call
 * may have been applied.
 */
export class ThrottlingOnlyRetry extends StandardRetryStrategy {
  override async refreshRetryTokenForRetry(
    token: StandardRetryToken,
    info: RetryErrorInfo,
  ): Promise<StandardRetryToken> {
    if (info.errorType !== 'THROTTLING') throw new Error('not repeated: the call may have been applied');
    return super.refreshRetryTokenForRetry(token, info);
  }
}
