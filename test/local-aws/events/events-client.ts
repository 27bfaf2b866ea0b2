import { EventBridgeClient, PutRuleCommand, PutTargetsCommand, type Target } from '@aws-sdk/client-eventbridge';

import type { LocalAws } from '../../../src/local-aws/server.ts';

export const JOB_QUEUE = 'arn:aws:batch:eu-central-1:123456789012:job-queue/nights';
export const ROLE = 'arn:aws:iam::123456789012:role/events';

export function eventsClient(localAws: Pick<LocalAws, 'endpoint'>, region = 'eu-central-1'): EventBridgeClient {
  return new EventBridgeClient({
    endpoint: localAws.endpoint,
    region,
    credentials: { accessKeyId: 'AKIATEST', secretAccessKey: 'secret' },
    maxAttempts: 1,
  });
}

/** A target that submits a job of the definition `crawl`. */
export function batchTarget(more: Partial<Target> = {}): Target {
  return {
    Id: 'crawl',
    Arn: JOB_QUEUE,
    RoleArn: ROLE,
    BatchParameters: { JobDefinition: 'crawl', JobName: 'nightly-crawl' },
    ...more,
  };
}

/** A rule for three at night with these targets. */
export async function nightlyRule(events: EventBridgeClient, ...Targets: Target[]): Promise<void> {
  await events.send(new PutRuleCommand({ Name: 'nightly', ScheduleExpression: 'cron(0 3 * * ? *)' }));
  if (Targets.length > 0) await events.send(new PutTargetsCommand({ Rule: 'nightly', Targets }));
}
