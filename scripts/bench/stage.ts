import { type ChildProcess, spawn } from 'node:child_process';
import { once } from 'node:events';
import { mkdir, mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { createInterface } from 'node:readline';
import type { CliArchive } from '../cli-archive.ts';
import type { Bench } from './measure.ts';

/** A local AWS, the CLI as the orb installs it, and files to work with; in a folder that is removed at the end. */
export interface Stage extends Bench {
  /** The installed CLI. */
  cli: string;
  /** A job definition without a name. */
  definition: string;
  /** A task definition without a family. */
  taskDefinition: string;
  /** A program that does nothing. */
  empty: string;
  close(): Promise<void>;
}

const DEFINITION = {
  type: 'container',
  platformCapabilities: ['FARGATE'],
  containerProperties: {
    image: `ghcr.io/acme/crawl@sha256:${'0123456789abcdef'.repeat(4)}`,
    command: ['python', '-m', 'crawl'],
    jobRoleArn: 'arn:aws:iam::123456789012:role/crawl-job',
    executionRoleArn: 'arn:aws:iam::123456789012:role/crawl-execution',
    fargatePlatformConfiguration: { platformVersion: 'LATEST' },
    networkConfiguration: { assignPublicIp: 'ENABLED' },
    resourceRequirements: [
      { type: 'VCPU', value: '1' },
      { type: 'MEMORY', value: '2048' },
    ],
    environment: [{ name: 'STAGE', value: 'production' }],
  },
  retryStrategy: { attempts: 2 },
  timeout: { attemptDurationSeconds: 3600 },
};

const TASK_DEFINITION = {
  requiresCompatibilities: ['FARGATE'],
  networkMode: 'awsvpc',
  cpu: '512',
  memory: '1024',
  taskRoleArn: 'arn:aws:iam::123456789012:role/web-task',
  executionRoleArn: 'arn:aws:iam::123456789012:role/web-execution',
  containerDefinitions: [
    {
      name: 'web',
      image: `ghcr.io/acme/web@sha256:${'0123456789abcdef'.repeat(4)}`,
      portMappings: [{ containerPort: 8080, name: 'http' }],
      environment: [{ name: 'STAGE', value: 'production' }],
      healthCheck: { command: ['CMD-SHELL', 'wget -qO- http://localhost:8080/health || exit 1'] },
      logConfiguration: {
        logDriver: 'awslogs',
        options: {
          'awslogs-group': '/ecs/web',
          'awslogs-region': 'eu-west-1',
          'awslogs-stream-prefix': 'web',
        },
      },
    },
    {
      name: 'proxy',
      image: `ghcr.io/acme/proxy@sha256:${'0123456789abcdef'.repeat(4)}`,
      essential: false,
      dependsOn: [{ containerName: 'web', condition: 'HEALTHY' }],
    },
  ],
};

export async function openStage(root: string, archive: CliArchive): Promise<Stage> {
  const folder = await mkdtemp(join(tmpdir(), 'aws-deploy-bench-'));
  const files = {
    'job-definition.json': JSON.stringify(DEFINITION, null, 2),
    'task-definition.json': JSON.stringify(TASK_DEFINITION, null, 2),
    'empty.cjs': '',
    ...Object.fromEntries([...archive.files].map(([path, bytes]) => [`cli/${path}`, bytes])),
  };
  for (const [path, content] of Object.entries(files)) {
    const file = join(folder, path);
    await mkdir(dirname(file), { recursive: true });
    await writeFile(file, content, { mode: 0o755 });
  }
  const localAws = spawn(process.execPath, [join(root, 'dist', 'aws-deploy.js'), 'local-aws', '--port', '0'], {
    env: { PATH: process.env['PATH'], HOME: folder },
    stdio: ['ignore', 'pipe', 'inherit'],
  });
  const close = async (): Promise<void> => {
    await stop(localAws);
    await rm(folder, { recursive: true, force: true });
  };
  try {
    return {
      cli: join(folder, 'cli', 'bin', 'aws-deploy'),
      definition: join(folder, 'job-definition.json'),
      taskDefinition: join(folder, 'task-definition.json'),
      empty: join(folder, 'empty.cjs'),
      cwd: folder,
      env: environment(folder, await endpointOf(localAws)),
      close,
    };
  } catch (error) {
    await close();
    throw error;
  }
}

/**
 * All that the programs see. Certificates that a machine sets (NODE_EXTRA_CA_CERTS, AWS_CA_BUNDLE, SSL_CERT_FILE) are
 * left out: reading them takes Node 20 as long as its whole start.
 */
function environment(folder: string, endpoint: string): Record<string, string> {
  return {
    PATH: process.env['PATH'] ?? '',
    HOME: folder,
    AWS_ENDPOINT_URL: endpoint,
    AWS_REGION: 'eu-west-1',
    AWS_ACCESS_KEY_ID: 'AKIAEXAMPLE',
    AWS_SECRET_ACCESS_KEY: 'example',
    AWS_PAGER: '',
  };
}

async function endpointOf(localAws: ChildProcess): Promise<string> {
  if (!localAws.stdout) throw new Error('the local AWS has no output');
  const lines = createInterface(localAws.stdout);
  const [line] = (await Promise.race([
    once(lines, 'line'),
    once(localAws, 'exit').then(([code]) => Promise.reject(new Error(`the local AWS ended with ${String(code)}`))),
  ])) as [string];
  return (JSON.parse(line) as { endpoint: string }).endpoint;
}

async function stop(child: ChildProcess): Promise<void> {
  if (child.exitCode !== null || child.signalCode !== null) return;
  const exited = once(child, 'exit');
  child.kill('SIGTERM');
  await exited;
}
