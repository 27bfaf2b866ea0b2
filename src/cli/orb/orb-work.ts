import type { MapNode } from '../../config/node.ts';
import { diffOrbs } from '../../config/orbs/changes/diff-orbs.ts';
import { versionFor } from '../../config/orbs/changes/orb-change.ts';
import { packOrb } from '../../config/orbs/packing/pack-orb.ts';
import { Report } from '../../config/problem.ts';
import { checkOrbShape } from '../../config/shape/check-orb-shape.ts';
import { readYaml } from '../../config/yaml/read-yaml.ts';
import { invalidFile } from '../../core/errors.ts';
import { EXIT, type ExitCode } from '../../core/exit-codes.ts';
import { orbChangesText } from '../../report/orb-changes-text.ts';
import { problemsText } from '../../report/problem-text.ts';
import { readOrb, readOrbFolder } from '../config/orb-files.ts';
import { tellProblems } from '../config/tell-problems.ts';
import type { World } from '../world.ts';

export function printPacked(folder: string, world: World): ExitCode {
  const report = new Report();
  const packed = packOrb(readOrbFolder(folder, world.cwd), report);
  tellProblems(report.problems, world);
  if (packed === undefined || report.hasErrors) return EXIT.invalidFile;
  world.stdout(packed);
  return EXIT.ok;
}

export function printChanges(older: string, newer: string, format: string, world: World): ExitCode {
  const changes = diffOrbs(readValidOrb(older, world.cwd), readValidOrb(newer, world.cwd));
  world.stdout(
    format === 'json'
      ? `${JSON.stringify({ version: versionFor(changes), changes }, null, 2)}\n`
      : orbChangesText(changes),
  );
  return EXIT.ok;
}

/** An orb that a config could import: what is wrong with it is told before anything is compared. */
function readValidOrb(path: string, cwd: string): MapNode {
  const report = new Report();
  const orb = readOrb(path, cwd);
  const root = 'kind' in orb ? orb : readYaml(orb, report);
  if (root) checkOrbShape(root, report);
  if (root?.kind === 'map' && !report.hasErrors) return root;
  throw invalidFile(`${path} is no valid orb`, problemsText(report.problems).trimEnd());
}
