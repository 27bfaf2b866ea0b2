import { afterAll, afterEach, beforeAll, describe, expect, it } from '@jest/globals';
import { copyFileSync, mkdirSync, writeFileSync, chmodSync } from 'node:fs';
import type { IncomingMessage } from 'node:http';
import { join } from 'node:path';
import { readScript } from '../../../src/actions/script/script-bundle.ts';
import {
  BUCKET,
  commandLines,
  FETCH_AND_RUN,
  JobFixture,
  missingPrograms,
  REGION,
  ROLE,
  shells,
} from './job-fixture.ts';
import { signatureOf } from './signature.ts';

const missing = missingPrograms();
const describeHere = missing === undefined ? describe : describe.skip;
if (missing !== undefined) console.warn(`The tests of fetch-and-run.sh are skipped: ${missing}`);

let fixture: JobFixture;

beforeAll(async () => {
  fixture = new JobFixture();
  await fixture.start();
});

afterAll(() => fixture.stop());

afterEach(() => {
  expect(fixture.leftovers()).toEqual([]);
  fixture.aws.control.clearFaults();
});

const HELLO = '#!/bin/sh\necho "hello $*"\n';

describeHere.each(shells())('fetch-and-run.sh in %s', (_name, shell) => {
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
      const folder = join(fixture.folder, `jobs-${Math.random()}`);
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

  describe('refuses, and runs nothing', () => {
    it('what has another hash', async () => {
      const job = await fixture.upload(HELLO);
      const result = await fixture.run(shell, { ...job, BATCH_FILE_SHA256: '0'.repeat(64) });
      expect(result).toMatchObject({
        code: 206,
        stdout: '',
        stderr: expect.stringContaining(job['BATCH_FILE_SHA256']!),
      });
    });

    it.each([
      [{ BATCH_FILE_SHA256: undefined }, 'BATCH_FILE_SHA256 is not set'],
      [{ BATCH_FILE_SHA256: 'abc' }, '64 digits of lower-case hex'],
      [{ BATCH_FILE_SHA256: 'A'.repeat(64) }, '64 digits of lower-case hex'],
      [{ BATCH_FILE_TYPE: undefined }, 'BATCH_FILE_TYPE must be script or zip'],
      [{ BATCH_FILE_TYPE: 'tar' }, 'it is "tar"'],
      [{ BATCH_FILE_S3_URL: undefined }, 'BATCH_FILE_S3_URL must be s3://bucket/key'],
      [{ BATCH_FILE_S3_URL: 'https://example.com/x' }, 'https://example.com/x'],
      [{ BATCH_FILE_S3_URL: 's3://bucket-only' }, 's3://bucket-only'],
      [{ BATCH_FILE_S3_URL: 's3://buc ket/key' }, 's3://buc ket/key'],
      [{ BATCH_FILE_S3_URL: 's3://bucket/folder/' }, 's3://bucket/folder/'],
      [{ BATCH_FILE_S3_URL: 's3://bucket/a/../b' }, 's3://bucket/a/../b'],
      [{ BATCH_FILE_S3_URL: 's3://bucket/a\nb' }, 's3://bucket/key'],
      [{ AWS_REGION: 'eu-central-1"' }, 'not the name of a region'],
      [{ AWS_MAX_ATTEMPTS: 'many' }, 'must be numbers'],
    ])('%j', async (change, message) => {
      const job = await fixture.upload(HELLO);
      const result = await fixture.run(shell, { ...job, ...change });
      expect(result).toMatchObject({ code: 200, stdout: '', stderr: expect.stringContaining(message) });
    });

    it('an image without curl', async () => {
      const bin = join(fixture.folder, `bin-${Math.random()}`);
      mkdirSync(bin);
      const result = await fixture.run(shell, { ...(await fixture.upload(HELLO)), PATH: bin });
      expect(result).toMatchObject({ code: 201, stderr: expect.stringContaining('curl is missing') });
    });

    it('an image whose curl does not sign everything', async () => {
      const bin = join(fixture.folder, `bin-${Math.random()}`);
      mkdirSync(bin);
      writeFileSync(join(bin, 'curl'), '#!/bin/sh\necho "curl 7.81.0 (x86_64-pc-linux-gnu)"\n', { mode: 0o755 });
      const result = await fixture.run(shell, {
        ...(await fixture.upload(HELLO)),
        PATH: `${bin}:${process.env['PATH']}`,
      });
      expect(result).toMatchObject({ code: 201, stderr: expect.stringContaining('curl 7.81 is too old') });
    });
  });

  describe('answers of S3', () => {
    it('that there is no such object are final', async () => {
      const job = { ...(await fixture.upload(HELLO)), BATCH_FILE_S3_URL: `s3://${BUCKET}/other.sh` };
      const before = gets();
      expect(await fixture.run(shell, job)).toMatchObject({ code: 204, stderr: expect.stringContaining('NoSuchKey') });
      expect(gets() - before).toBe(1);
    });

    it('that it is not allowed are final, and name the remedy', async () => {
      fixture.aws.control.setScenario({ iam: { deny: [{ action: 's3:GetObject' }] } });
      const before = gets();
      const result = await fixture.run(shell, await fixture.upload(HELLO));
      fixture.aws.control.setScenario({});
      expect(result).toMatchObject({ code: 203, stderr: expect.stringContaining('s3:GetObject') });
      expect(gets() - before).toBe(1);
    });

    it.each(['500', 'throttle', 'reset-before'] as const)('that may change are asked for again: %s', async (kind) => {
      const job = await fixture.upload(HELLO);
      fixture.aws.control.addFault({ operation: 's3:GetObject', kind, times: 2 });
      expect(await fixture.run(shell, job)).toMatchObject({ code: 0, stdout: 'hello \n' });
    });

    it('are given up after so many attempts', async () => {
      const job = await fixture.upload(HELLO);
      fixture.aws.control.addFault({ operation: 's3:GetObject', kind: '500', times: 9 });
      const before = gets();
      const result = await fixture.run(shell, { ...job, AWS_MAX_ATTEMPTS: '3' });
      expect(result).toMatchObject({ code: 211, stderr: expect.stringContaining('given up after 3 attempts') });
      expect(gets() - before).toBe(3);
    });

    it('lead to the region of the bucket', async () => {
      await fixture.createBucket(`elsewhere-${shell.join('').length}`, 'ap-southeast-2');
      const bucket = `elsewhere-${shell.join('').length}`;
      const job = await fixture.upload(HELLO, { bucket, region: 'ap-southeast-2' });
      const result = await fixture.run(shell, { ...job, AWS_REGION: undefined });
      expect(result).toMatchObject({ code: 0, stdout: 'hello \n' });
      expect(result.stderr).toContain('the bucket is in ap-southeast-2, not in us-east-1');
    });

    it('that were cut off are none', async () => {
      let answers = 0;
      const endpoint = await fixture.serve((_request, response) => {
        response.writeHead(200, { 'content-length': HELLO.length });
        if (++answers === 1) response.write(HELLO.slice(0, 9), () => response.destroy());
        else response.end(HELLO);
      });
      const job = await fixture.upload(HELLO);
      expect(await fixture.run(shell, { ...job, AWS_ENDPOINT_URL_S3: endpoint })).toMatchObject({ code: 0 });
      expect(answers).toBe(2);
    });
  });

  describe('credentials', () => {
    it('of the job role sign everything that S3 wants signed', async () => {
      const requests: IncomingMessage[] = [];
      const endpoint = await fixture.serve((request, response) => {
        requests.push(request);
        response.end(HELLO);
      });
      const job = await fixture.upload(HELLO, { key: `pre fix/ü(1)*~'job.sh` });
      expect(await fixture.run(shell, { ...job, AWS_ENDPOINT_URL_S3: endpoint })).toMatchObject({ code: 0 });
      const [request] = requests;
      const { claimed, expected, signedHeaders, scope } = signatureOf(request!, ROLE.SecretAccessKey);
      expect(claimed).toBe(expected);
      expect(signedHeaders).toEqual(['host', 'x-amz-content-sha256', 'x-amz-date', 'x-amz-security-token']);
      expect(request!.headers['x-amz-security-token']).toBe(ROLE.Token);
      expect(scope).toMatch(new RegExp(`^\\d{8}/${REGION}/s3/aws4_request$`));
    });

    it('come with the token that the endpoint wants, from a variable or a file', async () => {
      const seen: (string | undefined)[] = [];
      const url = await fixture.serve((request, response) => {
        seen.push(request.headers.authorization);
        response.end(JSON.stringify(ROLE));
      });
      const job = { ...(await fixture.upload(HELLO)), AWS_CONTAINER_CREDENTIALS_FULL_URI: `${url}/x?y=1` };
      const file = join(fixture.folder, 'authorization-token');
      writeFileSync(file, 'Bearer from-file\n');
      await fixture.run(shell, { ...job, AWS_CONTAINER_AUTHORIZATION_TOKEN: 'Bearer from-variable' });
      await fixture.run(shell, { ...job, AWS_CONTAINER_AUTHORIZATION_TOKEN_FILE: file });
      expect(seen).toEqual(['Bearer from-variable', 'Bearer from-file']);
    });

    it('may be late: an error, half an answer, expired ones', async () => {
      const answers = [
        [500, 'sorry'],
        [200, '{"AccessKeyId": "ASIA'],
        [200, JSON.stringify(ROLE)],
      ] as const;
      let asked = 0;
      const credentials = await fixture.serve((_request, response) => {
        const [status, body] = answers[Math.min(asked++, 2)]!;
        response.writeHead(status).end(body);
      });
      let fetched = 0;
      const endpoint = await fixture.serve((_request, response) => {
        if (++fetched === 1)
          response.writeHead(400).end('<Error><Code>ExpiredToken</Code><Message>Old.</Message></Error>');
        else response.end(HELLO);
      });
      const result = await fixture.run(shell, {
        ...(await fixture.upload(HELLO)),
        AWS_CONTAINER_CREDENTIALS_FULL_URI: credentials,
        AWS_ENDPOINT_URL_S3: endpoint,
      });
      expect(result).toMatchObject({ code: 0, stdout: 'hello \n' });
      expect([asked, fetched]).toEqual([4, 2]);
    });

    it('that never come are told apart from an S3 that does not answer', async () => {
      const url = await fixture.serve((_request, response) => response.writeHead(503).end());
      const job = { ...(await fixture.upload(HELLO)), AWS_CONTAINER_CREDENTIALS_FULL_URI: url, AWS_MAX_ATTEMPTS: '2' };
      expect(await fixture.run(shell, job)).toMatchObject({
        code: 210,
        stderr: expect.stringContaining('no credentials'),
      });
    });

    it('are taken from the environment where it has them', async () => {
      const requests: IncomingMessage[] = [];
      const endpoint = await fixture.serve((request, response) => {
        requests.push(request);
        response.end(HELLO);
      });
      const secret = 'what "quoting" \\ could lose';
      const keys = { AWS_ACCESS_KEY_ID: 'AKIAKEY', AWS_SECRET_ACCESS_KEY: secret };
      await fixture.run(shell, { ...(await fixture.upload(HELLO)), ...keys, AWS_ENDPOINT_URL_S3: endpoint });
      const { claimed, expected, signedHeaders } = signatureOf(requests[0]!, secret);
      expect(claimed).toBe(expected);
      expect(signedHeaders).not.toContain('x-amz-security-token');
    });

    it.each([
      [undefined, 'jobRoleArn'],
      ['http://169.254.170.2.example.com/x', 'must be an https URL'],
      ['http://127.0.0.1:x@example.com/x', 'must not hold a user'],
      ['ftp://127.0.0.1/x', 'must be an https URL'],
    ])('are not asked of %s', async (url, message) => {
      const job = { ...(await fixture.upload(HELLO)), AWS_CONTAINER_CREDENTIALS_FULL_URI: url };
      expect(await fixture.run(shell, job)).toMatchObject({ code: 202, stderr: expect.stringContaining(message) });
    });

    it('are on no command line and in no output', async () => {
      let lines: string[] = [];
      const endpoint = await fixture.serve((_request, response) => {
        lines = commandLines(job.child.pid!);
        response.writeHead(403).end(`<Error><Code>SignatureDoesNotMatch</Code><CanonicalRequest>${ROLE.Token}`);
      });
      const variables = await fixture.upload(HELLO);
      const job = fixture.startJob(shell, { ...variables, AWS_ENDPOINT_URL_S3: endpoint });
      const { stdout, stderr } = await job.finished;
      expect(lines.join('\n')).toContain('curl -q');
      const written = [...lines, stdout, stderr].join('\n');
      for (const secret of [ROLE.SecretAccessKey, ROLE.Token]) expect(written).not.toContain(secret);
    });
  });

  it('says when there is no folder to write to', async () => {
    const result = await fixture.run(shell, { ...(await fixture.upload(HELLO)), TMPDIR: join(fixture.folder, 'none') });
    expect(result).toMatchObject({ code: 208, stderr: expect.stringContaining('no folder can be made') });
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

function gets(): number {
  return fixture.aws.control.requests().filter(({ operation }) => operation === 's3:GetObject').length;
}
