import type { Params } from '../../params/declaration.ts';
import { resolveInputs } from '../../params/resolve.ts';
import type { LocalCommand } from '../local-command.ts';

export const packCommand: LocalCommand = {
  name: 'orb pack',
  summary: 'Print the folder of an unpacked orb as one file, as "circleci orb pack" does.',
  operands: [
    { name: 'FOLDER', description: 'The folder with @orb.yml, commands/, jobs/, executors/ and what they include.' },
  ],
  params: {},
  async run(_flags, world, [folder = '']) {
    const { printPacked } = await import('./orb-work.ts');
    return printPacked(folder, world);
  },
};

const diffParams = {
  format: { type: 'enum', values: ['text', 'json'], default: 'text', description: 'How changes are printed.' },
} as const satisfies Params;

const WHAT = 'a packed orb, or the folder of an unpacked one.';

export const diffCommand: LocalCommand = {
  name: 'orb diff',
  summary: 'Say what changed for users from one version of an orb to another, and which version that asks for.',
  details: ['The exit code is 0 with or without changes; "version" in the JSON is major, minor, patch or none.'],
  operands: [
    { name: 'OLD', description: `The older version: ${WHAT}` },
    { name: 'NEW', description: `The newer version: ${WHAT}` },
  ],
  params: diffParams,
  async run(flags, world, [older = '', newer = '']) {
    const { inputs } = resolveInputs(diffParams, { flags, env: {} });
    const { printChanges } = await import('./orb-work.ts');
    return printChanges(older, newer, inputs.format, world);
  },
};
