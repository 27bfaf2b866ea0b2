import { afterAll, afterEach, beforeAll, describe, expect } from '@jest/globals';
import { JobFixture, missingPrograms, shells } from './job-fixture.ts';

/** A script that says what it was given. */
export const HELLO = '#!/bin/sh\necho "hello $*"\n';

/**
 * Describes the entry point under each shell that an image may have as /bin/sh. No test may leave a file behind. Skipped,
 * with the reason in the name, where the programs are missing that an image must have.
 */
export function describeInShells(title: string, body: (shell: readonly string[], fixture: JobFixture) => void): void {
  const missing = missingPrograms();
  const describeHere = missing === undefined ? describe : describe.skip;
  const reason = missing === undefined ? '' : ` (skipped: ${missing})`;
  describeHere.each(shells())(`${title} in %s${reason}`, (_name, shell) => {
    const fixture = new JobFixture();
    beforeAll(() => fixture.start());
    afterAll(() => fixture.stop());
    afterEach(() => {
      expect(fixture.leftovers()).toEqual([]);
      fixture.aws.control.clearFaults();
    });
    body(shell, fixture);
  });
}
