import { describe, expect, it } from '@jest/globals';
import { writeFileSync } from 'node:fs';
import type { IncomingMessage } from 'node:http';
import { join } from 'node:path';
import { describeInShells, HELLO } from './describe-in-shells.ts';
import { BUCKET, commandLines, REGION, ROLE, type JobFixture } from './job-fixture.ts';
import { signatureOf } from './signature.ts';

describeInShells('fetch-and-run.sh', (shell, fixture) => {
  describe('answers of S3', () => {
    it('that there is no such object are final', async () => {
      const job = { ...(await fixture.upload(HELLO)), BATCH_FILE_S3_URL: `s3://${BUCKET}/other.sh` };
      const before = gets(fixture);
      expect(await fixture.run(shell, job)).toMatchObject({ code: 204, stderr: expect.stringContaining('NoSuchKey') });
      expect(gets(fixture) - before).toBe(1);
    });

    it('that it is not allowed are final, and name the remedy', async () => {
      fixture.aws.control.setScenario({ iam: { deny: [{ action: 's3:GetObject' }] } });
      const before = gets(fixture);
      const result = await fixture.run(shell, await fixture.upload(HELLO));
      fixture.aws.control.setScenario({});
      expect(result).toMatchObject({ code: 203, stderr: expect.stringContaining('s3:GetObject') });
      expect(gets(fixture) - before).toBe(1);
    });

    it.each(['500', 'throttle', 'reset-before'] as const)('that may change are asked for again: %s', async (kind) => {
      const job = await fixture.upload(HELLO);
      fixture.aws.control.addFault({ operation: 's3:GetObject', kind, times: 2 });
      expect(await fixture.run(shell, job)).toMatchObject({ code: 0, stdout: 'hello \n' });
    });

    it('are given up after so many attempts', async () => {
      const job = await fixture.upload(HELLO);
      fixture.aws.control.addFault({ operation: 's3:GetObject', kind: '500', times: 9 });
      const before = gets(fixture);
      const result = await fixture.run(shell, { ...job, AWS_MAX_ATTEMPTS: '3' });
      expect(result).toMatchObject({ code: 211, stderr: expect.stringContaining('given up after 3 attempts') });
      expect(gets(fixture) - before).toBe(3);
    });

    it('lead to the region of the bucket', async () => {
      const bucket = 'elsewhere';
      await fixture.createBucket(bucket, 'ap-southeast-2');
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
});

/** How often S3 was asked for an object. */
function gets(fixture: JobFixture): number {
  return fixture.aws.control.requests().filter(({ operation }) => operation === 's3:GetObject').length;
}
