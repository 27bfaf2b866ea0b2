import { mkdir, readdir, readFile, writeFile } from 'node:fs/promises';
import { delimiter, join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import type { JsonObject } from '../../src/core/json.ts';
import { FAR_NIGHT, playJobs, prepareBatch, SCHEDULER_ROLE } from './support/batch-world.ts';
import { buildCli } from './support/built-cli.ts';
import type { Ended } from './support/child-process.ts';
import { prepareScheduledTasks, prepareService } from './support/ecs-world.ts';
import { BUCKET, REGION, startLocalCloud, type LocalCloud } from './support/local-cloud.ts';
import { whileTimePasses } from './support/passing-time.ts';
import { IN_DEFINITION, TALKATIVE_LOG, VARIABLES } from './support/planted-secrets.ts';
import {
  MIGRATION,
  runOnEcs,
  SECRET_TASK_FILE,
  secretTaskDefinition,
  TASK_DEFINITION,
} from './support/talkative-tasks.ts';
import { makeWorkplace, releaseArguments, type Workplace } from './support/workplace.ts';

// Secrets are planted wherever a job has some; then everything is run, to success and to failure, and everything that
// was written anywhere is searched for them.

let program: string;
let cloud: LocalCloud;
beforeAll(async () => {
  program = await buildCli();
  cloud = await startLocalCloud();
});
afterAll(() => cloud?.close());

const REGISTRY_PASSWORD = 'planted-registry-password';

/** By what they are. That of ECR is known when there is one. */
const PLANTED: Readonly<Record<string, () => string>> = {
  ...Object.fromEntries(Object.entries(VARIABLES).map(([name, value]) => [name, () => value])),
  'a line of the private key': () => 'planted-second-line',
  'the API key of the definition': () => IN_DEFINITION,
  'the password in the configuration of docker': () => REGISTRY_PASSWORD,
  'the same in base64': () => Buffer.from(`user:${REGISTRY_PASSWORD}`).toString('base64'),
  'the password of ECR': () => cloud.registryPassword,
  'the same with its user in base64': () => Buffer.from(`AWS:${cloud.registryPassword}`).toString('base64'),
};

/** Writes down every command line, answers as an engine, and tells all that it knows when it is to build. */
const TALKATIVE_DOCKER = `#!/bin/bash
for process in $$ $PPID; do tr '\\0' ' ' <"/proc/$process/cmdline" >>"$DOCKER_LOG"; echo >>"$DOCKER_LOG"; done
case "$1 $2" in
  version*) echo '{"Client":{"Version":"28.0.0"},"Server":{"Version":"28.0.0","Os":"linux","Arch":"amd64"}}' ;;
  'buildx version') exit 0 ;;
  *) env; env >&2; cat "$DOCKER_CONFIG/config.json"; exit 1 ;;
esac
`;

const written = new Map<string, string>();
const ended: Ended[] = [];
let work: Workplace;

beforeAll(async () => {
  await cloud.restart();
  const definition = {
    jobDefinitionName: 'crawl',
    type: 'container',
    containerProperties: {
      image: 'ghcr.io/acme/crawl:1',
      environment: [
        { name: 'API_TOKEN', value: IN_DEFINITION },
        { name: 'DB_PASSWORD', value: VARIABLES.DB_PASSWORD },
      ],
      resourceRequirements: [
        { type: 'VCPU', value: '1' },
        { type: 'MEMORY', value: '512' },
      ],
    },
  };
  const taskDefinition = secretTaskDefinition(definition.containerProperties.environment);
  work = await makeWorkplace(program, cloud, {
    'secret.json': JSON.stringify(definition),
    [SECRET_TASK_FILE]: JSON.stringify(taskDefinition),
  });
  await runEverything();
  await collect();
  await work.remove();
});

async function runEverything(): Promise<void> {
  const bin = join(work.folder, 'bin');
  await mkdir(bin);
  await writeFile(join(bin, 'docker'), TALKATIVE_DOCKER, { mode: 0o755 });
  await mkdir(join(work.home, '.docker'));
  const auth = Buffer.from(`user:${REGISTRY_PASSWORD}`).toString('base64');
  await writeFile(join(work.home, '.docker/config.json'), JSON.stringify({ auths: { '127.0.0.1:1': { auth } } }));
  const env = {
    ...VARIABLES,
    CIRCLECI: 'true',
    BASH_ENV: join(work.folder, 'bash-env'),
    DOCKER_LOG: join(work.folder, 'docker-log'),
    PATH: `${bin}${delimiter}${process.env['PATH'] ?? ''}`,
  };
  const run = async (args: readonly string[], more: Readonly<Record<string, string | undefined>> = {}) => {
    ended.push(await work.run([...args, '--debug', '--output', 'json'], { ...env, ...more }));
  };
  const runAsText = async (args: readonly string[]) => {
    ended.push(await work.run(args, env));
  };
  const denying = async (action: string, args: readonly string[]) => {
    cloud.control.setScenario({ iam: { deny: [{ action }] } });
    await run(args);
    cloud.control.setScenario({});
  };
  const upload = ['upload-script', '--script', 'job', '--script-destination', `s3://${BUCKET}`];
  const register = ['register-job-definition', '--job-definition', 'secret.json'];
  const keyless = { AWS_ACCESS_KEY_ID: undefined, AWS_SECRET_ACCESS_KEY: undefined, AWS_SESSION_TOKEN: undefined };
  const role = ['assume-role', '--role-arn', 'arn:aws:iam::123456789012:role/x'];

  await run(releaseArguments(cloud));
  await run(register);
  await runAsText([...register, '--parameters', 'as=text']);
  await run([...register, '--environment', 'API_TOKEN=another', '--dry-run']);
  await run(upload);
  await run(role, keyless);
  await run(role);
  await run([...releaseArguments(cloud), '--build-args', 'BASE=127.0.0.1:1/base:1']);
  await run([
    'build-and-push-image',
    '--repository',
    'crawl',
    '--builder',
    'docker',
    '--build-secrets',
    'npm=NPM_TOKEN',
  ]);
  await run(register, { ...keyless, AWS_EC2_METADATA_DISABLED: 'true' });
  await run(['register-job-definition'], {
    AWS_DEPLOY_ORB: '1',
    ORB_JOB_DEFINITION: 'secret.json',
    ORB_ENVIRONMENT: 'A=$SLACK_TOKEN\nB=$DB_PASSWORD\nC=$NPM_TOKEN',
    ORB_TIMEOUT: '$SLACK_TOKEN',
  });
  await denying('sts:GetCallerIdentity', upload);
  await denying('s3:PutObject', [...upload.slice(0, -1), `s3://${BUCKET}/other`]);
  await denying('registry:PutManifest', [...releaseArguments(cloud), '--tags', 'new']);
  await denying('batch:RegisterJobDefinition', [...register, '--parameters', 'a=b']);
  await runJobs(run);
  written.set('the log of AWS before ECS', JSON.stringify(cloud.control.requests()));
  await prepareService(cloud);
  await prepareScheduledTasks(cloud, 'tasks');
  await whileTimePasses(cloud.control, () => runOnEcs(cloud, run, runAsText));
  await denying('ecs:RegisterTaskDefinition', [...TASK_DEFINITION, '--environment', 'API_TOKEN=another']);
  await denying('ecs:RunTask', [...MIGRATION, '--environment', `API_TOKEN=${IN_DEFINITION}`]);
}

type Run = (args: readonly string[]) => Promise<void>;

/** The actions that run and schedule what was released; the first job succeeds, the second fails. */
async function runJobs(run: Run): Promise<void> {
  await prepareBatch(cloud, []);
  playJobs(
    cloud.control,
    { match: 'good-*', outcome: { exitCode: 0, log: TALKATIVE_LOG } },
    { match: '*', outcome: { exitCode: 1, reason: VARIABLES.SLACK_TOKEN, log: TALKATIVE_LOG } },
  );
  const crawl = ['--job-definition-name', 'crawl'];
  const submit = ['submit-job', ...crawl, '--job-queue', 'nightly', '--poll-interval', '1s'];
  const environment = ['--environment', `API_TOKEN=${IN_DEFINITION}`, '--environment', 'LOG_LEVEL=debug'];
  const nightly = ['--schedule-name', 'nightly', '--schedule', FAR_NIGHT, '--schedule-role-arn', SCHEDULER_ROLE];
  const schedule = ['schedule-job', ...nightly, ...crawl, '--job-queue', 'nightly'];
  await whileTimePasses(cloud.control, async () => {
    await run([...submit, '--job-name', 'good', '--mark-verified']);
    await run([...submit, ...environment]);
    await run([...submit, ...environment, '--dry-run']);
    await run([
      ...releaseArguments(cloud),
      ...['--job-definition', 'secret.json', '--smoke-test', '--job-queue', 'nightly'],
      ...environment,
    ]);
  });
  await run([...schedule, ...environment]);
  await run([...schedule, '--environment', 'API_TOKEN=another']);
  await run([...schedule, '--description', VARIABLES.NPM_TOKEN, '--dry-run']);
  await run(['job-status', ...crawl]);
  ended.push(await work.run(['job-status', ...crawl], { ...VARIABLES }));
  await run(['rollback-job-definition', ...crawl, '--to-revision', '1']);
  await run(['prune-job-definitions', ...crawl, '--keep', '1']);
}

/** Files into which the secrets were planted, or which are made to hold one. */
const PLANTED_INTO = [/project\/secret(-task)?\.json$/, /home\/\.docker\/config\.json$/];

async function collect(): Promise<void> {
  written.set('standard output', ended.map(({ stdout }) => stdout).join('\n'));
  written.set('standard error', ended.map(({ stderr }) => stderr).join('\n'));
  written.set('the log of AWS', JSON.stringify(cloud.control.requests()));
  const { batch: _definitions, ecs: _tasks, scheduler: _overrides, logs: _ofJobs, ...state } = cloud.control.state();
  written.set('the state of AWS, other than definitions, overrides and the logs of jobs', JSON.stringify(state));
  const entries = await readdir(work.folder, { recursive: true, withFileTypes: true });
  for (const entry of entries.filter((each) => each.isFile())) {
    const file = join(entry.parentPath, entry.name);
    if (PLANTED_INTO.some((pattern) => pattern.test(file))) continue;
    written.set(file.slice(work.folder.length + 1), await readFile(file, 'latin1'));
  }
}

describe('what was run', () => {
  it('came to successes and to failures of every kind', () => {
    expect(new Set(ended.map(({ code }) => code))).toEqual(new Set([0, 1, 2, 3, 4, 9, 10]));
  });

  it('wrote results, a record, variables for later steps and command lines', () => {
    const files = [...written.keys()].join('\n');
    expect(files).toMatch(/home\/\.aws-deploy\/results\//);
    expect(files).toMatch(/home\/\.aws-deploy\/record\//);
    expect(written.get('bash-env')).toContain('export AWS_DEPLOY_');
    expect(written.get('docker-log')).toContain('--secret id=npm,env=NPM_TOKEN');
    expect(written.get('standard error')).toContain('SLACK_TOKEN=****');
  });

  it('showed the log of jobs and tasks, line by line', () => {
    const shown = written.get('standard error') ?? '';
    expect(shown).toContain('the job tells all that it knows');
    expect(shown).toContain('NPM_TOKEN=****');
    expect(shown).toContain('Authorization: Bearer ****');
    expect(shown).toMatch(/app in task [0-9a-f]+/);
  });

  it('left no temporary file', () => {
    expect([...written.keys()].filter((file) => file.startsWith('tmp/'))).toEqual([]);
  });
});

describe('nothing that was written anywhere holds', () => {
  it.each(Object.keys(PLANTED))('%s', (name) => {
    const secret = PLANTED[name]?.() ?? '';
    const forms = [secret, JSON.stringify(secret).slice(1, -1)];
    const found = [...written].filter(([, text]) => forms.some((form) => text.includes(form))).map(([file]) => file);
    // The one exception, which later steps need: only this user can read it.
    const allowed = name === 'CIRCLE_OIDC_TOKEN_V2' ? ['home/.aws-deploy/oidc-token'] : [];
    expect(found).toEqual(allowed);
  });

  it('a secret of the definition in AWS other than where it was put', () => {
    const { batch, ecs } = cloud.control.state() as Record<string, Record<string, JsonObject>>;
    const text = JSON.stringify([batch?.[REGION]?.['jobDefinitions'], ecs?.[REGION]?.['taskDefinitions']]);
    for (const name of ['AWS_SECRET_ACCESS_KEY', 'AWS_SESSION_TOKEN', 'SLACK_TOKEN', 'NPM_TOKEN'] as const) {
      expect(text).not.toContain(VARIABLES[name]);
    }
    expect(text).toContain(IN_DEFINITION);
  });
});
