import { shellWords } from '../../job-run/follow-up-commands.ts';

/** Where a service is, as commands name it. */
export interface CommandPlace {
  cluster: string;
  service: string;
  region: string;
}

/** The command that follows a deployment. @param deployment undefined: the one in flight, else the newest */
export function watchCommand(place: CommandPlace, deployment: string | undefined): string {
  return command('watch-deployment', place, deployment === undefined ? [] : ['--deployment', deployment]);
}

/** The command that takes a service back: what is in flight, else to the last verified revision. */
export function rollbackCommand(place: CommandPlace): string {
  return command('rollback-service', place, []);
}

/** The command that ends the pause of a deployment. */
export function continueCommand(place: CommandPlace, deployment: string, decision: 'continue' | 'reject'): string {
  const decided = decision === 'continue' ? [] : ['--decision', decision];
  return command('continue-deployment', place, ['--deployment', deployment, ...decided]);
}

function command(name: string, { cluster, service, region }: CommandPlace, more: readonly string[]): string {
  return shellWords(['aws-deploy', name, '--cluster', cluster, '--service', service, ...more, '--region', region]);
}
