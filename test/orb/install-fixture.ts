import { spawn, spawnSync } from 'node:child_process';
import { createHash } from 'node:crypto';
import { chmodSync, existsSync, mkdirSync, mkdtempSync, rmSync, symlinkSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { brotliCompressSync } from 'node:zlib';

export interface FakeArchive {
  /** Folder that holds the archive, as a mirror does. */
  folder: string;
  fileName: string;
  bytes: Buffer;
  sha256: string;
  sumsSha256: string;
}

export interface InstallResult {
  code: number | null;
  stdout: string;
  stderr: string;
}

const FILES: Record<string, string> = {
  'bin/aws-deploy': '#!/bin/sh\necho "fake 9.9.9"\n',
  'lib/chunk one.js': 'export const one = 1;\n',
};

const SCRIPT = 'src/orb/scripts/install.sh';

/** With a socket as its input, bash takes itself for a remote shell and reads .bashrc instead of BASH_ENV. */
const NO_INPUT: ['ignore', 'pipe', 'pipe'] = ['ignore', 'pipe', 'pipe'];

/** Programs that the script may use besides the ones that it asks for. */
const BASICS = ['bash', 'cat', 'env', 'find', 'grep', 'head', 'mkdir', 'mktemp', 'rm', 'sh', 'sleep', 'wc'];
export const TOOLS = ['node', 'curl', 'tar', 'sha256sum'];

/** A home, a mirror with a small archive, and the script run as a CircleCI step runs it. */
export class InstallFixture {
  readonly root = mkdtempSync(join(tmpdir(), 'install-test-'));
  readonly home = join(this.root, 'home');
  readonly bashEnv = join(this.root, 'bash-env');
  readonly archive: FakeArchive = this.makeArchive(FILES);

  constructor() {
    mkdirSync(this.home);
    writeFileSync(this.bashEnv, '');
  }

  get installed(): string {
    return join(this.home, '.aws-deploy/cli', `9.9.9-${this.archive.sha256.slice(0, 12)}`);
  }

  get mirror(): string {
    return `file://${this.archive.folder}`;
  }

  remove(): void {
    rmSync(this.root, { recursive: true, force: true });
  }

  /** Variables of the step, as the orb sets them; `more` is what the job's environment adds or takes away. */
  environment(more: Record<string, string | undefined> = {}): Record<string, string> {
    const all: Record<string, string | undefined> = {
      PATH: process.env['PATH'],
      HOME: this.home,
      BASH_ENV: this.bashEnv,
      AWS_DEPLOY_CLI_VERSION: '9.9.9',
      AWS_DEPLOY_CLI_URL: `https://releases.invalid/v9.9.9/${this.archive.fileName}`,
      AWS_DEPLOY_CLI_SHA256: this.archive.sha256,
      AWS_DEPLOY_CLI_SUMS_SHA256: this.archive.sumsSha256,
      AWS_DEPLOY_CLI_NODE: '20.19',
      AWS_DEPLOY_CLI_TIMEOUT: '60',
      AWS_DEPLOY_MIRROR: this.mirror,
      ...more,
    };
    return Object.fromEntries(
      Object.entries(all).flatMap(([name, value]) => (value === undefined ? [] : [[name, value]])),
    );
  }

  run(more: Record<string, string | undefined> = {}): Promise<InstallResult> {
    return new Promise((resolve, reject) => {
      const child = spawn('/bin/bash', ['-eo', 'pipefail', SCRIPT], { env: this.environment(more), stdio: NO_INPUT });
      const texts = { stdout: '', stderr: '' };
      child.stdout.setEncoding('utf8').on('data', (text: string) => (texts.stdout += text));
      child.stderr.setEncoding('utf8').on('data', (text: string) => (texts.stderr += text));
      child.on('error', reject).on('close', (code) => resolve({ code, ...texts }));
    });
  }

  /** What a later step of the job prints; it reads BASH_ENV as every bash of a job does. */
  laterStep(command: string): string {
    const env = { PATH: process.env['PATH'], HOME: this.home, BASH_ENV: this.bashEnv };
    return spawnSync('/bin/bash', ['-c', command], { env, encoding: 'utf8', stdio: NO_INPUT }).stdout;
  }

  /** A PATH on which only the given programs are. */
  pathWith(programs: readonly string[]): string {
    const folder = mkdtempSync(join(this.root, 'path-'));
    for (const program of [...BASICS, ...programs]) symlinkSync(whereIs(program), join(folder, program));
    return folder;
  }

  /** A folder with one program that prints `text`. */
  programThatPrints(name: string, text: string): string {
    const folder = mkdtempSync(join(this.root, 'program-'));
    writeFileSync(join(folder, name), `#!/bin/sh\necho '${text}'\n`);
    chmodSync(join(folder, name), 0o755);
    return folder;
  }

  nothingIsInstalled(): boolean {
    return !existsSync(this.installed) && this.leftovers() === '';
  }

  /** Names of unfinished installations. */
  leftovers(): string {
    return spawnSync('find', [join(this.home, '.aws-deploy/cli'), '-name', '.install-*'], { encoding: 'utf8' }).stdout;
  }

  makeArchive(files: Record<string, string>): FakeArchive {
    const folder = mkdtempSync(join(this.root, 'mirror-'));
    const content = mkdtempSync(join(this.root, 'content-'));
    for (const [path, text] of Object.entries(files)) {
      mkdirSync(dirname(join(content, path)), { recursive: true });
      writeFileSync(join(content, path), text, { mode: 0o755 });
    }
    const sums = Object.entries(files).map(([path, text]) => `${sha256(text)}  ${path}\n`);
    writeFileSync(join(content, 'SHA256SUMS'), sums.join(''));
    const fileName = 'aws-deploy-cli.tar.br';
    const tar = spawnSync('tar', ['-cf', '-', '-C', content, '.'], { maxBuffer: 1 << 26 }).stdout;
    const bytes = brotliCompressSync(tar);
    writeFileSync(join(folder, fileName), bytes);
    return { folder, fileName, bytes, sha256: sha256(bytes), sumsSha256: sha256(sums.join('')) };
  }
}

export function sha256(data: string | Buffer): string {
  return createHash('sha256').update(data).digest('hex');
}

function whereIs(program: string): string {
  const found = spawnSync('/bin/sh', ['-c', 'command -v "$1"', 'sh', program], { encoding: 'utf8' }).stdout.trim();
  return program === 'node' ? process.execPath : found;
}
