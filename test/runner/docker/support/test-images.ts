import { execFileSync } from 'node:child_process';
import {
  chmodSync,
  copyFileSync,
  chownSync,
  existsSync,
  mkdirSync,
  mkdtempSync,
  rmSync,
  symlinkSync,
  writeFileSync,
} from 'node:fs';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { DeployError } from '../../../../src/core/errors.ts';
import { dockerProgram } from '../../../../src/runner/docker/engine/docker-program.ts';
import { findEngine } from '../../../../src/runner/docker/engine/find-engine.ts';

/** Why tests with containers can't run here; undefined when they can. */
export async function whyNoContainers(): Promise<string | undefined> {
  if (!findBusybox()) return 'there is no busybox to make images of';
  try {
    await findEngine(dockerProgram(process.env), process.env);
    return undefined;
  } catch (error) {
    if (error instanceof DeployError) return error.title;
    throw error;
  }
}

export interface TestImages {
  /** busybox, and nothing else. */
  readonly plain: string;
  /** With bash, and what Node.js of this machine needs. */
  readonly bash: string;
  /** With something like Node.js, and its user is `circleci`, as in CircleCI's own images. */
  readonly user: string;
  /** A program, and no shell. */
  readonly noShell: string;
  remove(): void;
}

/** Not a path of this machine: a script in place of Node.js, which tells who runs. */
const LIKE_NODE = 'like-node';

/** Images out of programs of this machine, so that none is pulled. */
export function makeTestImages(): TestImages {
  const name = `aws-deploy-test-${process.pid}`;
  const images = {
    plain: imageOf(`${name}:plain`, [], ['ENV OF_IMAGE="plain" PATH="/opt/own:/bin"']),
    bash: imageOf(`${name}:bash`, ['/bin/bash', process.execPath], ['ENV OF_IMAGE="with bash" PATH="/bin"']),
    user: imageOf(`${name}:user`, ['/bin/bash', LIKE_NODE], ['ENV PATH="/bin"', 'USER circleci']),
    noShell: imageOf(`${name}:no-shell`, [], ['ENTRYPOINT ["/bin/busybox", "sleep", "1000"]'], ['busybox']),
  };
  return { ...images, remove: () => void docker(['rmi', '--force', ...Object.values(images)]) };
}

export function docker(args: readonly string[], input?: Buffer): string {
  return execFileSync('docker', args, { input, stdio: ['pipe', 'pipe', 'ignore'], maxBuffer: 1 << 30 }).toString();
}

function imageOf(
  image: string,
  programs: readonly string[],
  changes: readonly string[],
  links: readonly string[] = busyboxPrograms(),
): string {
  const root = mkdtempSync(join(tmpdir(), 'test-image-'));
  try {
    chmodSync(root, 0o755);
    for (const folder of ['bin', 'etc', 'tmp', 'root', 'home/circleci'])
      mkdirSync(join(root, folder), { recursive: true });
    copyFileSync(findBusybox() ?? '', join(root, 'bin/busybox'));
    for (const link of links) if (link !== 'busybox') symlinkSync('busybox', join(root, 'bin', link));
    for (const program of programs) copyWithLibraries(program, root);
    writeFileSync(
      join(root, 'etc/passwd'),
      'root:x:0:0:root:/root:/bin/sh\ncircleci:x:1001:1001::/home/circleci:/bin/sh\n',
    );
    writeFileSync(join(root, 'etc/group'), 'root:x:0:\ncircleci:x:1001:\n');
    if (process.getuid?.() === 0) chownSync(join(root, 'home/circleci'), 1001, 1001);
    const layer = execFileSync('tar', ['-C', root, '-c', '.'], { maxBuffer: 1 << 30 });
    docker(['import', ...changes.flatMap((change) => ['--change', change]), '-', image], layer);
    return image;
  } finally {
    rmSync(root, { recursive: true });
  }
}

/** Only bash is put where it is looked for; the other programs only bring their libraries. */
function copyWithLibraries(program: string, root: string): void {
  if (program === LIKE_NODE) {
    const script = '#!/bin/sh\n[ "$1" = --version ] && echo v22.0.0 || echo "node of the image: $*"\n';
    writeFileSync(join(root, 'bin/node'), script, { mode: 0o755 });
    return;
  }
  const libraries = execFileSync('ldd', [program])
    .toString()
    .matchAll(/(\/\S+) \(0x/g);
  const files = [...libraries].map(([, path]) => path ?? '');
  if (program === '/bin/bash') files.push(program);
  for (const file of files) {
    mkdirSync(dirname(join(root, file)), { recursive: true });
    if (!existsSync(join(root, file))) copyFileSync(file, join(root, file));
  }
}

function busyboxPrograms(): string[] {
  return execFileSync(findBusybox() ?? '', ['--list'])
    .toString()
    .trim()
    .split('\n');
}

function findBusybox(): string | undefined {
  return ['/bin/busybox', '/usr/bin/busybox'].find((path) => existsSync(path));
}
