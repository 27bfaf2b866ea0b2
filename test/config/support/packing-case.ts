import { readdirSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { packOrb } from '../../../src/config/orbs/packing/pack-orb.ts';
import { Report } from '../../../src/config/problem.ts';
import { problemsAsHead, writesAnew } from './case-file.ts';

/*
 * A case is the folder of an unpacked orb in one file: what is told as comments at its head, then the files, each below its
 * path as in `==> commands/greet.yml <==`.
 */

export function packingCases(folder: string): string[] {
  return readdirSync(folder).toSorted();
}

/** Packs the orb of a case, and writes what was told into its file where that is asked for. */
export function checkPacking(folder: string, name: string): { expected: string; found: string } {
  const path = join(folder, name);
  const text = readFileSync(path, 'utf8');
  const orb = orbIn(text);
  const found = toldOf(orb);
  if (writesAnew) writeFileSync(path, found + orb);
  return { expected: writesAnew ? found : text.slice(0, text.length - orb.length), found };
}

/** What a case is told, without looking at what it expects. */
export function toldByPacking(folder: string, name: string): string {
  return toldOf(orbIn(readFileSync(join(folder, name), 'utf8')));
}

function orbIn(text: string): string {
  return text.slice(text.indexOf('==> '));
}

function toldOf(orb: string): string {
  const report = new Report();
  packOrb(filesIn(orb), report);
  return problemsAsHead(report.problems);
}

function filesIn(orb: string): Map<string, string> {
  const files = orb.split(/^(?===> )/m);
  return new Map(
    files.map((file) => {
      const [head = '', ...lines] = file.split(/(?<=\n)/);
      return [head.replace(/^==> (.*) <==\n$/, '$1'), lines.join('')] as const;
    }),
  );
}
