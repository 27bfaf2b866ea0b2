import { runProgram } from '../../../src/image/run-program.ts';

/** Removes the images that the engine has from a registry, or was going to push to it. What can't be removed stays. */
export async function removeImages(registry: string, env: NodeJS.ProcessEnv): Promise<void> {
  const listed = await runProgram('docker', ['image', 'ls', '--format', '{{.Repository}} {{.ID}}'], { env });
  if (listed.kind !== 'exited') return;
  const rows = listed.stdout.split('\n').map((line) => line.split(' '));
  const ids = rows.flatMap(([repository = '', id = '']) => (repository.startsWith(`${registry}/`) ? [id] : []));
  if (ids.length > 0) await runProgram('docker', ['image', 'rm', '--force', ...new Set(ids)], { env });
}
