import { versionFor, type OrbChange, type VersionPart } from '../config/orbs/changes/orb-change.ts';

const TITLES: Readonly<Record<VersionPart, string>> = {
  major: 'Major: some configs that use the orb break or do something else',
  minor: 'Minor: there is more than before',
  patch: 'Patch: nothing that a config has to know of',
};

/** The changes of an orb, the gravest first, and which version they ask for. */
export function orbChangesText(changes: readonly OrbChange[]): string {
  const asked = versionFor(changes);
  if (asked === 'none') return 'Nothing changed for users of the orb.\n';
  const parts = (['major', 'minor', 'patch'] as const)
    .map((part) => [part, changes.filter(({ version }) => version === part)] as const)
    .filter(([, some]) => some.length > 0)
    .map(([part, some]) =>
      [TITLES[part], ...some.flatMap(({ text, why }) => [`  ${text}`, `      ${why}`])].join('\n'),
    );
  return `${parts.join('\n\n')}\n\nThis asks for a new ${asked} version.\n`;
}
