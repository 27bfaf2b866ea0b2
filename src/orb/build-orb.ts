import type { Action } from '../actions/define-action.ts';
import { actionCommand, actionJob } from './action-elements.ts';
import { defaultExecutor } from './default-executor.ts';
import { installCommand } from './install-command.ts';
import type { Orb } from './orb-model.ts';
import { type ArchiveFacts, type PackageFacts, repositoryUrl } from './package-facts.ts';
import { usageExamples } from './usage-examples.ts';

export interface OrbSources {
  package: PackageFacts;
  archive: ArchiveFacts;
  catalog: readonly Action[];
  /** The text of scripts/install.sh. */
  installScript: string;
}

/** The orb for a catalog of actions. */
export function buildOrb(sources: OrbSources): Orb {
  const { catalog } = sources;
  const install = { fileName: 'install.sh', text: sources.installScript };
  return {
    description:
      'Release containers and nightly AWS Batch jobs: build and push images, upload job scripts, register job definition revisions. A job is green only when AWS holds what was asked for, proven by digest; running it twice is running it once.',
    display: { homeUrl: repositoryUrl(sources.package), sourceUrl: repositoryUrl(sources.package) },
    commands: [
      installCommand(sources.package, sources.archive, install),
      ...catalog.filter(({ surfaces }) => surfaces.includes('orb-command')).map(actionCommand),
    ],
    jobs: catalog.filter(({ surfaces }) => surfaces.includes('orb-job')).map(actionJob),
    executors: [defaultExecutor],
    examples: usageExamples(sources.package),
  };
}
