import { describe, expect, it } from '@jest/globals';
import { chmodSync, copyFileSync, mkdirSync, mkdtempSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { readScript } from '../../../src/actions/script/script-bundle.ts';
import { describeInShells, HELLO } from './describe-in-shells.ts';
import { FETCH_AND_RUN } from './job-fixture.ts';

describeInShells('fetch-and-run.sh', (shell, fixture) => {
  describe('a script', () => {
    it('gets the arguments, and nothing else is on its stdout', async () => {
      const job = await fixture.upload(HELLO);
      const result = await fixture.run(shell, job, ['a b', '$(touch x)', '*']);
      expect(result).toMatchObject({ code: 0, stdout: 'hello a b $(touch x) *\n' });
      expect(result.stderr).toContain('SHA-256 as expected');
    });

    it.each([0, 1, 3, 126, 127, 255])('passes its exit code %i on', async (code) => {
      const job = await fixture.upload(`#!/bin/sh\nexit ${code}\n`);
      expect(await fixture.run(shell, job)).toMatchObject({ code });
    });

    it('gets the variables of the job as they are', async () => {
      const job = await fixture.upload('#!/bin/sh\necho "$code $region $key $work $LC_ALL $(umask)"\n');
      const result = await fixture.run(shell, {
        ...job,
        code: '1',
        region: 'x',
        key: 'y',
        work: 'z',
        LC_ALL: 'C.UTF-8',
      });
      expect(result.stdout).toMatch(/^1 x y z C\.UTF-8 0022\n$/);
    });

    it('has a name that needs quoting and encoding everywhere', async () => {
      const job = await fixture.upload(HELLO, { key: `pre fix/ü+%41/it's "a" job?.sh` });
      expect(await fixture.run(shell, job)).toMatchObject({ code: 0, stdout: 'hello \n' });
    });
  });

  describe('a zip', () => {
    it('is unpacked, and the named file runs in it', async () => {
      const folder = mkdtempSync(join(fixture.folder, 'jobs-'));
      mkdirSync(join(folder, 'bin'), { recursive: true });
      writeFileSync(join(folder, 'bin', 'main.sh'), '#!/bin/sh\ncat data.txt\necho "$1"\nexit 4\n');
      writeFileSync(join(folder, 'data.txt'), 'from the zip\n');
      const { bytes } = await readScript(folder, '/');
      const job = await fixture.upload(bytes, { key: 'jobs.zip', type: 'zip' });
      const result = await fixture.run(shell, job, ['bin/main.sh', 'one']);
      expect(result).toMatchObject({ code: 4, stdout: 'from the zip\none\n' });
      expect(await fixture.run(shell, job, ['bin/other.sh'])).toMatchObject({
        code: 207,
        stderr: expect.stringContaining('there is no bin/other.sh in s3://'),
      });
      expect(await fixture.run(shell, job, ['../main.sh'])).toMatchObject({ code: 200 });
      expect(await fixture.run(shell, job)).toMatchObject({ code: 200 });
    });

    it('that is none is told', async () => {
      const job = await fixture.upload('no zip at all', { key: 'jobs.zip', type: 'zip' });
      const result = await fixture.run(shell, job, ['main.sh']);
      expect(result).toMatchObject({ code: 207, stderr: expect.stringContaining('can not be unpacked') });
    });
  });

  describe('signals', () => {
    const CAREFUL = `#!/bin/sh
trap 'echo cleaning up; exit 42' TERM
echo ready
while :; do sleep 0.05; done
`;

    it.each(['SIGTERM', 'SIGINT'] as const)('pass %s to the script and wait for it', async (signal) => {
      const job = fixture.startJob(shell, await fixture.upload(CAREFUL));
      await job.printed('ready');
      job.child.kill(signal);
      expect(await job.finished).toMatchObject({ code: 42, stdout: 'ready\ncleaning up\n' });
    });

    it('pass each one on, however often', async () => {
      const patient = `#!/bin/sh
n=0
trap 'n=$((n + 1)); echo "signal $n"; [ $n -lt 3 ] || exit 5' TERM
echo ready
while :; do sleep 0.05; done
`;
      const job = fixture.startJob(shell, await fixture.upload(patient));
      await job.printed('ready');
      for (const count of [1, 2, 3]) {
        job.child.kill('SIGTERM');
        if (count < 3) await job.printed(`signal ${count}`);
      }
      expect(await job.finished).toMatchObject({ code: 5 });
    });

    it('end a fetch at once', async () => {
      let arrived = (): void => undefined;
      const asked = new Promise<void>((done) => (arrived = done));
      const endpoint = await fixture.serve(() => arrived());
      const job = fixture.startJob(shell, { ...(await fixture.upload(HELLO)), AWS_ENDPOINT_URL_S3: endpoint });
      await asked;
      job.child.kill('SIGTERM');
      expect(await job.finished).toMatchObject({ code: 143, stdout: '' });
    });
  });

  const itAsRoot = process.getuid?.() === 0 ? it : it.skip;
  itAsRoot('works as a user who owns nothing', async () => {
    chmodSync(fixture.folder, 0o755);
    chmodSync(fixture.temp, 0o777);
    const script = join(fixture.folder, 'fetch-and-run.sh');
    copyFileSync(FETCH_AND_RUN, script);
    const nobody = { uid: 65534, gid: 65534, script };
    const job = await fixture.upload('#!/bin/sh\nid -u\n');
    expect(await fixture.run(shell, job, [], nobody)).toMatchObject({ code: 0, stdout: '65534\n' });
  });
});
