import { execFileSync, spawnSync } from 'node:child_process';
import { readFileSync } from 'node:fs';
import { describe, expect, it } from '@jest/globals';

const missing = spawnSync('shellcheck', ['--version']).error !== undefined;

/** Every file of the project that says in its first line that a shell runs it. */
const scripts = execFileSync('git', ['ls-files'], { encoding: 'utf8' })
  .split('\n')
  .filter((path) => path !== '' && !path.startsWith('orb/') && /^#!.*\b(ba)?sh\b/.test(firstLine(path)));

function firstLine(path: string): string {
  return readFileSync(path, 'latin1').split('\n', 1)[0] ?? '';
}

(missing ? describe.skip : describe)(`shell scripts${missing ? ' (skipped: shellcheck is not installed)' : ''}`, () => {
  it('are looked for', () => {
    expect(scripts).toEqual(expect.arrayContaining(['.ci/run', 'src/orb/scripts/install.sh']));
  });

  it.each(scripts)('%s has nothing that shellcheck warns about', (path) => {
    expect(spawnSync('shellcheck', ['--severity=warning', path], { encoding: 'utf8' }).stdout).toBe('');
  });
});
