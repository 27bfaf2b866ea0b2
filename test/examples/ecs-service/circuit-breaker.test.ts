import { afterAll, beforeAll, beforeEach, describe, expect, it } from '@jest/globals';
import { startLocalAws, type LocalAws } from '../../../src/local-aws/server.ts';
import { runCli } from '../../support/run-cli.ts';

const DIGEST = `sha256:${'0123456789abcdef'.repeat(4)}`;

let aws: LocalAws;
beforeAll(async () => {
  aws = await startLocalAws({ scenario: 'examples/ecs-service/scenarios/circuit-breaker.yml' });
});
beforeEach(() => aws.control.reset());
afterAll(() => aws.close());

/** As the scenario's own comment has it. */
function deploy(service: string) {
  const flags = ['--cluster', 'demo', '--service', service, '--image', `web=ghcr.io/acme/web@${DIGEST}`];
  const env = {
    AWS_ENDPOINT_URL: aws.endpoint,
    AWS_REGION: 'eu-central-1',
    AWS_ACCESS_KEY_ID: 'x',
    AWS_SECRET_ACCESS_KEY: 'x',
  };
  return runCli(['deploy-service', ...flags], { env });
}

function calls(): string[] {
  return aws.control.requests().map(({ operation }) => operation);
}

describe('a service that no newer revision gets into', () => {
  it('is taken back by ECS, and the deployment ends with 9, the reason, the exit code and the log of its tasks', async () => {
    const { exitCode, stderr } = await deploy('web');
    expect(exitCode).toBe(9);
    expect(stderr).toContain('OutOfMemoryError: Container killed due to memory usage');
    expect(stderr).toContain('137');
    expect(stderr).toContain('web: loading the catalogue');
    expect(calls().filter((call) => call === 'ecs:UpdateService')).toHaveLength(1);
  });

  it('is not meant by a name that is not there: exit code 5, the right one suggested, and nothing changed', async () => {
    const { exitCode, stderr } = await deploy('wbe');
    expect(exitCode).toBe(5);
    expect(stderr).toMatch(/\bweb\b/);
    expect(calls()).not.toContain('ecs:RegisterTaskDefinition');
    expect(calls()).not.toContain('ecs:UpdateService');
  });
});
