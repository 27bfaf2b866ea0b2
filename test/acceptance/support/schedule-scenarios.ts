import { BatchClient, RegisterJobDefinitionCommand } from '@aws-sdk/client-batch';
import { CONTAINER } from '../../support/definitions.ts';
import { succeeded } from './child-process.ts';
import { REGION, type LocalCloud } from './local-cloud.ts';
import type { Scenario } from './release-scenarios.ts';
import type { Workplace } from './workplace.ts';

const CREATE = [
  ...['--schedule', 'cron(0 3 * * ? *)', '--job-queue', 'nights'],
  ...['--schedule-role-arn', 'arn:aws:iam::123456789012:role/scheduler'],
  ...['--dead-letter-queue-arn', `arn:aws:sqs:${REGION}:123456789012:failed-nights`],
];

const KINDS = [
  ['a schedule', '--schedule-name'],
  ['a rule', '--rule-name'],
] as const;

/** Everything that schedule-job does to what is there: it creates, and it changes all of a schedule or rule. */
export const SCHEDULE_SCENARIOS: readonly Scenario[] = KINDS.flatMap(([kind, flag]) => {
  const nightly = ['schedule-job', flag, 'nightly', '--job-definition-name', 'crawl'];
  return [
    {
      name: `${kind} that is created`,
      prepare: (_work: Workplace, cloud: LocalCloud) => prepared(cloud, () => register(cloud)),
      arguments: () => [...nightly, ...CREATE],
    },
    {
      name: `${kind} that is moved to the next revision and paused`,
      prepare: (work: Workplace, cloud: LocalCloud) =>
        prepared(cloud, async () => {
          await register(cloud);
          succeeded(await work.run([...nightly, ...CREATE]));
          await register(cloud);
        }),
      arguments: () => [...nightly, '--state', 'disabled', '--description', 'Paused'],
    },
  ];
});

async function prepared(cloud: LocalCloud, work: () => Promise<void>): Promise<void> {
  await work();
  cloud.control.clearRequests();
}

async function register({ endpoint }: LocalCloud): Promise<void> {
  const credentials = { accessKeyId: 'SEED', secretAccessKey: 'seed' };
  const batch = new BatchClient({ endpoint, region: REGION, credentials });
  await batch.send(new RegisterJobDefinitionCommand(CONTAINER as never));
  batch.destroy();
}
