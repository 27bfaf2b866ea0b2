import { invalidFile, type DeployError } from '../../core/errors.ts';

/** Where an instruction stands. */
export interface Location {
  /** As the user named it. */
  file: string;
  /** From 1. */
  line: number;
}

/** Something in a Dockerfile that can't be built: exit code 7. `why` is a sentence without its full stop. */
export function dockerfileError({ file, line }: Location, why: string, hints: readonly string[] = []): DeployError {
  return invalidFile('The Dockerfile can not be built', `${file}:${line}: ${why}.`, hints);
}

/** Valid for Docker, and more than the embedded builder does. */
export function needsDocker(location: Location, why: string): DeployError {
  return dockerfileError(location, why, ['Build it with a Docker engine: builder: docker (--builder docker).']);
}
