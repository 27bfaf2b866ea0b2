import type { CompiledConfig, ImportedOrb } from '../compile.ts';
import { emitYaml } from './emit-yaml.ts';

/** A compiled config as `circleci config process` prints it: a line for each registry orb, then the document. */
export function renderConfig({ orbs, document }: Pick<CompiledConfig, 'orbs' | 'document'>): string {
  return orbs.map(headerLine).join('') + emitYaml(document);
}

function headerLine({ written, resolved }: ImportedOrb): string {
  return `# Orb '${written}' resolved to '${resolved}'\n`;
}
