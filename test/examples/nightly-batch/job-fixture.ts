import {
  CreateBucketCommand,
  PutObjectCommand,
  type BucketLocationConstraint,
  type S3Client,
} from '@aws-sdk/client-s3';
import { spawn, spawnSync, type ChildProcessWithoutNullStreams } from 'node:child_process';
import { createHash } from 'node:crypto';
import { existsSync, mkdirSync, mkdtempSync, readdirSync, readFileSync, rmSync } from 'node:fs';
import { createServer, type RequestListener, type Server } from 'node:http';
import type { AddressInfo } from 'node:net';
import { tmpdir } from 'node:os';
import { join, resolve } from 'node:path';
import { startLocalAws, type LocalAws } from '../../../src/local-aws/server.ts';
import { s3Client } from '../../local-aws/s3/s3-client.ts';

export const FETCH_AND_RUN = resolve('examples/nightly-batch/fetch-and-run.sh');
export const REGION = 'eu-central-1';
export const BUCKET = 'acme-batch-scripts';

/** What a job role's credentials look like. */
export const ROLE = {
  AccessKeyId: 'ASIAJOBROLE',
  SecretAccessKey: 'job/role+secret==',
  Token: 'session/token+of/the/job//role==',
};

export interface JobResult {
  code: number | null;
  signal: NodeJS.Signals | null;
  stdout: string;
  stderr: string;
}

/** A job that runs, and what it has written so far. */
export interface RunningJob {
  child: ChildProcessWithoutNullStreams;
  finished: Promise<JobResult>;
  /** Resolves when this has come out on stdout. */
  printed(text: string): Promise<void>;
}

/** A local AWS with a bucket, the endpoint that hands out a job role's credentials, and containers' processes. */
export class JobFixture {
  folder = '';
  readonly #servers: Server[] = [];
  readonly #clients: S3Client[] = [];
  #aws: LocalAws | undefined;
  #credentials = '';

  /** The job's only writable folder. */
  get temp(): string {
    return join(this.folder, 'tmp');
  }

  get aws(): LocalAws {
    if (this.#aws === undefined) throw new Error('not started');
    return this.#aws;
  }

  async start(): Promise<void> {
    this.folder = mkdtempSync(join(tmpdir(), 'fetch-and-run-test-'));
    mkdirSync(this.temp, { mode: 0o777 });
    this.#aws = await startLocalAws();
    await this.createBucket(BUCKET, REGION);
    this.#credentials = await this.serve((_request, response) => response.end(JSON.stringify(ROLE)));
  }

  async stop(): Promise<void> {
    for (const client of this.#clients) client.destroy();
    for (const server of this.#servers) {
      server.closeAllConnections();
      await new Promise((done) => server.close(done));
    }
    await this.#aws?.close();
    rmSync(this.folder, { recursive: true, force: true });
  }

  /** Starts a server on the loopback interface and gives its URL. */
  async serve(listener: RequestListener): Promise<string> {
    const server = createServer(listener);
    this.#servers.push(server);
    await new Promise<void>((ready) => server.listen(0, '127.0.0.1', ready));
    return `http://127.0.0.1:${(server.address() as AddressInfo).port}`;
  }

  async createBucket(name: string, region: BucketLocationConstraint): Promise<void> {
    const configuration = { CreateBucketConfiguration: { LocationConstraint: region } };
    await this.#s3(region).send(new CreateBucketCommand({ Bucket: name, ...configuration }));
  }

  /** Uploads a file and gives the variables that upload-script would. */
  async upload(
    content: string | Uint8Array,
    { bucket = BUCKET, region = REGION, key = 'crawl/crawl.sh', type = 'script' } = {},
  ): Promise<Record<string, string>> {
    const body = typeof content === 'string' ? Buffer.from(content) : content;
    await this.#s3(region).send(new PutObjectCommand({ Bucket: bucket, Key: key, Body: body }));
    const sha256 = createHash('sha256').update(body).digest('hex');
    return { BATCH_FILE_TYPE: type, BATCH_FILE_S3_URL: `s3://${bucket}/${key}`, BATCH_FILE_SHA256: sha256 };
  }

  /** The environment of a container on Fargate, with credentials of the job role. */
  environment(more: Readonly<Record<string, string | undefined>>): Record<string, string> {
    const all = {
      PATH: process.env['PATH'],
      TMPDIR: this.temp,
      AWS_REGION: REGION,
      AWS_ENDPOINT_URL: this.aws.endpoint,
      AWS_CONTAINER_CREDENTIALS_FULL_URI: `${this.#credentials}/credentials`,
      BATCH_FILE_RETRY_SECONDS: '0',
      ...more,
    };
    return Object.fromEntries(
      Object.entries(all).flatMap(([name, value]) => (value === undefined ? [] : [[name, value]])),
    );
  }

  /** Starts the entry point; `shell` is its interpreter in the image. */
  startJob(
    shell: readonly string[],
    environment: Readonly<Record<string, string | undefined>>,
    args: readonly string[] = [],
    options: { uid?: number; gid?: number; script?: string } = {},
  ): RunningJob {
    const [program = '', ...shellArgs] = shell;
    const { script = FETCH_AND_RUN, ...identity } = options;
    const child = spawn(program, [...shellArgs, script, ...args], {
      env: this.environment(environment),
      cwd: this.folder,
      ...identity,
    });
    const texts = { stdout: '', stderr: '' };
    child.stdout.setEncoding('utf8').on('data', (text: string) => (texts.stdout += text));
    child.stderr.setEncoding('utf8').on('data', (text: string) => (texts.stderr += text));
    const finished = new Promise<JobResult>((done, reject) => {
      child.on('error', reject).on('close', (code, signal) => done({ code, signal, ...texts }));
    });
    const printed = (text: string): Promise<void> =>
      new Promise((done, reject) => {
        const look = (): void => {
          if (texts.stdout.includes(text)) done();
        };
        child.stdout.on('data', look);
        void finished.then((result) => reject(new Error(`ended without it: ${JSON.stringify(result)}`)), reject);
        look();
      });
    return { child, finished, printed };
  }

  run(...job: Parameters<JobFixture['startJob']>): Promise<JobResult> {
    return this.startJob(...job).finished;
  }

  /** What the job left in its folder. */
  leftovers(): string[] {
    return readdirSync(this.temp);
  }

  #s3(region: string): S3Client {
    const client = s3Client(this.aws.endpoint, region);
    this.#clients.push(client);
    return client;
  }
}

/** How images have /bin/sh: Debian's dash, Amazon Linux's bash in its POSIX mode, and BusyBox where it is. */
export function shells(): [name: string, command: string[]][] {
  const busybox = whereIs('busybox');
  return [
    ['/bin/sh', ['/bin/sh']],
    ['bash', [whereIs('bash') ?? '/bin/bash', '--posix']],
    ...(busybox === undefined ? [] : [['BusyBox', [busybox, 'sh']] satisfies [string, string[]]]),
  ];
}

export function whereIs(program: string): string | undefined {
  const found = spawnSync('/bin/sh', ['-c', 'command -v "$1"', 'sh', program], { encoding: 'utf8' }).stdout.trim();
  return found === '' ? undefined : found;
}

/** Why these tests can't run here, or undefined. */
export function missingPrograms(): string | undefined {
  const missing = ['curl', 'unzip', 'sha256sum'].filter((program) => whereIs(program) === undefined);
  if (missing.length > 0) return `${missing.join(', ')} missing`;
  const version = /^curl (\d+)\.(\d+)/.exec(spawnSync('curl', ['--version'], { encoding: 'utf8' }).stdout);
  const [, major = 0, minor = 0] = (version ?? []).map(Number);
  return major > 7 || minor >= 88 ? undefined : `curl ${major}.${minor} is older than 7.88`;
}

/** The command lines of a process and all its descendants. */
export function commandLines(pid: number): string[] {
  const children = existsSync(`/proc/${pid}/task/${pid}/children`)
    ? readFileSync(`/proc/${pid}/task/${pid}/children`, 'utf8').split(' ').filter(Boolean).map(Number)
    : [];
  const own = existsSync(`/proc/${pid}/cmdline`) ? readFileSync(`/proc/${pid}/cmdline`, 'utf8') : '';
  return [own.replaceAll('\0', ' '), ...children.flatMap(commandLines)];
}
