import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import type { ResolvedOrb } from '../../config/compile.ts';
import type { RegistryReference } from '../../config/orbs/orb-reference.ts';

/** The orb that this package is the CLI of, where the reference means the version that the package has. */
export function packageOrb(folder: string, { namespace, orb, version }: RegistryReference): ResolvedOrb | undefined {
  const facts = JSON.parse(readFileSync(join(folder, 'package.json'), 'utf8')) as {
    version: string;
    circleci: { orb: string };
  };
  const fits = version === 'volatile' || facts.version === version || facts.version.startsWith(`${version}.`);
  if (!fits || facts.circleci.orb !== `${namespace}/${orb}`) return undefined;
  const text = readFileSync(join(folder, 'orb', 'orb.yml'), 'utf8');
  return { text, reference: `${facts.circleci.orb}@${facts.version}` };
}
