import { execFile } from 'node:child_process';
import { promisify } from 'node:util';
import type { CliArchive } from '../cli-archive.ts';
import { bytesText, type Row } from './table.ts';

const GOALS = { archive: 260_000, unpacked: 1_000_000, files: 40, npmPackage: 1_500_000 };

/** What a job downloads and unpacks, and what npm does. dist/ has to be there. */
export async function sizeRows(root: string, archive: CliArchive): Promise<Row[]> {
  const unpacked = [...archive.files.values()].reduce((sum, { length }) => sum + length, 0);
  return [
    sizeRow('CLI archive, packed', archive.bytes.length, GOALS.archive),
    sizeRow('CLI archive, unpacked', unpacked, GOALS.unpacked),
    {
      what: 'CLI archive, files',
      ours: `${archive.files.size} files`,
      theirs: '',
      measured: { value: archive.files.size, goal: GOALS.files, unit: 'files' },
    },
    sizeRow('npm package, packed', await npmPackageSize(root), GOALS.npmPackage),
  ];
}

function sizeRow(what: string, value: number, goal: number): Row {
  return { what, ours: bytesText(value), theirs: '', measured: { value, goal, unit: 'bytes' } };
}

async function npmPackageSize(root: string): Promise<number> {
  const pack = ['pack', '--dry-run', '--json', '--ignore-scripts'];
  const { stdout } = await promisify(execFile)('npm', pack, { cwd: root, maxBuffer: 16 * 2 ** 20 });
  const [packed] = JSON.parse(stdout) as { size: number }[];
  if (!packed) throw new Error('npm pack named no package');
  return packed.size;
}
