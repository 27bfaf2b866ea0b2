import { expect, it } from '@jest/globals';
import { attachCommand, terminateCommand, type Submission } from '../../../src/plan/job-run/follow-up-commands.ts';

const PLAIN: Submission = {
  definitionName: 'crawl',
  revision: undefined,
  queue: 'nightly',
  baseName: 'crawl',
  key: 'k-1',
  changes: {
    container: undefined,
    command: undefined,
    environment: undefined,
    parameters: undefined,
    arraySize: undefined,
    shareIdentifier: undefined,
  },
};

it('the command that attaches again says what the job is known by', () => {
  expect(attachCommand(PLAIN, 'eu-west-1')).toBe(
    'aws-deploy submit-job --job-definition-name crawl --job-queue nightly --job-name crawl --idempotency-key k-1 --region eu-west-1',
  );
});

it('values stand in it so that a shell takes them as they are', () => {
  const changes = { ...PLAIN.changes, command: ['echo', "it's $HOME"], environment: { A: '`x`' }, arraySize: 3 };
  expect(attachCommand({ ...PLAIN, revision: 7, key: 'a b', changes }, 'eu-west-1')).toBe(
    'aws-deploy submit-job --job-definition-name crawl --revision 7 --job-queue nightly --job-name crawl ' +
      String.raw`--command '["echo","it'\''s $HOME"]' ` +
      `--environment '{"A":"\`x\`"}' --array-size 3 --idempotency-key 'a b' --region eu-west-1`,
  );
});

it('the command that ends a job', () => {
  expect(terminateCommand('id-1', 'eu-west-1')).toBe(
    "aws batch terminate-job --job-id id-1 --reason 'by hand' --region eu-west-1",
  );
});
