import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { mkdirSync, readFileSync, writeFileSync } from 'node:fs';
import { writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import type { DeployError } from '../../../src/core/errors.ts';
import { dockerImage, jobWith, stepOf } from '../support/job-fields.ts';
import { openJob, ourContainers, type OpenJob } from './support/job-in-docker.ts';
import { docker, makeTestImages, whyNoContainers, type TestImages } from './support/test-images.ts';

const reason = await whyNoContainers();
const withEngine = reason === undefined ? describe : describe.skip;

withEngine(`a job in its image${reason === undefined ? '' : ` (skipped: ${reason})`}`, () => {
  let images: TestImages;
  beforeAll(() => {
    images = makeTestImages();
  });
  afterAll(() => images?.remove());

  const open = (image: string, fields: Parameters<typeof dockerImage>[1] = {}): Promise<OpenJob> =>
    openJob(jobWith([dockerImage(image, fields)]));

  it('has the environment of the image, and over it that of the executor', async () => {
    const fields = { environment: new Map(Object.entries({ OF_IMAGE: 'said', MORE: 'a=b c' })) };
    const { environment } = await open(images.plain, fields);
    expect(environment).toEqual({ OF_IMAGE: 'said', MORE: 'a=b c', PATH: '/opt/own:/bin' });
  });

  it('sees its folder where it is here, and nothing else of this machine', async () => {
    const { sh, place } = await open(images.plain);
    writeFileSync(join(place.temp, 'from-here'), 'hello\n');
    const { text } = await sh(
      `cat "$0"; echo back > ../from-there; ls ${process.cwd()}`.replace('"$0"', join(place.temp, 'from-here')),
    );
    expect(text).toBe(`hello\nls: ${process.cwd()}: No such file or directory\n`);
    expect(readFileSync(join(place.home, 'from-there'), 'utf8')).toBe('back\n');
  });

  it('has a /tmp of its own, which this machine finds', async () => {
    const { sh, host } = await open(images.plain);
    await sh('echo found > /tmp/results');
    expect(readFileSync(host.hostPath?.('/tmp/results') ?? '', 'utf8')).toBe('found\n');
    expect(host.hostPath?.('/tmp/results')).not.toBe('/tmp/results');
    expect(() => host.hostPath?.('/etc/passwd')).toThrow('/etc/passwd is inside of the container');
  });

  it("has its working directory where the config says, for CircleCI's own steps too", async () => {
    const job = jobWith([dockerImage(images.user)], { workingDirectory: '/app', steps: [stepOf('checkout')] });
    const { sh, host } = await openJob(job);
    expect(await sh('echo made > file', {}, '/app')).toMatchObject({ exitCode: 0 });
    expect(readFileSync(host.hostPath?.('/app/file') ?? '', 'utf8')).toBe('made\n');
  });

  describe('user', () => {
    it('is that of the image, and can read and write all of the job', async () => {
      const { sh, place, start } = await open(images.user);
      const file = join(place.temp, 'step-1');
      await writeFile(file, 'echo step; echo "export A=b" >> "$BASH_ENV"; echo x > "$TMPDIR/x"; cat "$CONTROL/y"\n', {
        mode: 0o700,
      });
      writeFileSync(join(place.control, 'y'), 'y\n', { mode: 0o600 });
      const env = { BASH_ENV: place.bashEnv, TMPDIR: place.temp, CONTROL: place.control };
      const { running, text } = start(['/bin/bash', '-eo', 'pipefail', file], env);
      expect([await running.ended, text()]).toEqual([{ exitCode: 1 }, expect.stringContaining('step\n')]);
      expect(await sh('id -un; echo x > ~/file; mkdir -p /home/circleci/x', { HOME: place.home })).toEqual({
        exitCode: 0,
        text: 'circleci\n',
      });
      expect(readFileSync(place.bashEnv, 'utf8')).toBe('export A=b\n');
    });

    it('is the one of the executor, where it names one', async () => {
      const { sh } = await open(images.user, { user: 'root' });
      expect(await sh('id -un')).toMatchObject({ text: 'root\n' });
    });

    it('lends its files to this process, and has those that it made afterwards', async () => {
      const { sh, place, host } = await open(images.user);
      const project = join(place.home, 'project');
      await sh('echo mine > mine');
      await host.lendFiles?.(async () => {
        expect(readFileSync(join(project, 'mine'), 'utf8')).toBe('mine\n');
        mkdirSync(join(project, 'sub'));
        writeFileSync(join(project, 'sub/checked-out'), 'x\n', { mode: 0o600 });
      });
      expect(await sh('cat mine sub/checked-out; echo y >> sub/checked-out; touch sub/new')).toEqual({
        exitCode: 0,
        text: 'mine\nx\n',
      });
    });

    it('sees files lent and given back also when the work fails', async () => {
      const { sh, host } = await open(images.user);
      await sh('true');
      await expect(host.lendFiles?.(() => Promise.reject(new Error('full')))).rejects.toThrow('full');
      expect(await sh('echo > ../x')).toMatchObject({ exitCode: 0 });
    });
  });

  describe('tools', () => {
    it("run by this machine's Node.js in an image that has none, where it can", async () => {
      const { sh, toolsFolder } = await open(images.bash);
      const { text } = await sh(`circleci-agent step halt 'a b' '$x'`, { PATH: `${toolsFolder}:/bin` });
      expect(JSON.parse(text)).toEqual(['__tool', 'circleci-agent', 'step', 'halt', 'a b', '$x']);
    });

    it('run by Node.js of the image where it has one', async () => {
      const { sh, toolsFolder } = await open(images.user);
      const { text } = await sh(`circleci env subst`, { PATH: `${toolsFolder}:/bin` });
      expect(text).toMatch(/^node of the image: .*\/program\.js __tool circleci env subst\n$/);
    });

    it('say what is missing where they can not', async () => {
      const { sh, toolsFolder, said } = await open(images.plain);
      const why = `in a local run this tool needs Node.js 20 or newer: the image ${images.plain} has none, and that of this machine does not run in it`;
      expect(await sh('circleci env subst', { PATH: `${toolsFolder}:/bin` })).toEqual({
        exitCode: 127,
        text: `circleci: ${why}\n`,
      });
      expect(said).toContain(`circleci: ${why}.`);
    });

    it('can not be changed by a step', async () => {
      const { sh, toolsFolder } = await open(images.bash);
      expect(await sh(`echo x > ${toolsFolder}/circleci`)).toMatchObject({
        exitCode: 1,
        text: expect.stringContaining('Read-only'),
      });
    });
  });

  describe('container', () => {
    it('runs what the config says, with its environment, and steps run in it', async () => {
      const { sh } = await open(images.plain, {
        entrypoint: ['/bin/sh', '-c', 'echo "$GIVEN" > /started; exec sleep "$0"'],
        command: ['1000'],
        environment: new Map([['GIVEN', 'value of it']]),
      });
      const { text } = await sh('until [ -s /started ]; do sleep 0.01; done; cat /started');
      expect(text).toBe('value of it\n');
    });

    it('is told when what the config says does not go on', async () => {
      await expect(open(images.plain, { command: ['/bin/true'] })).rejects.toMatchObject({
        title: expect.stringContaining(`steps can not run in the container of ${images.plain}`),
        hints: [expect.stringContaining('has to go on as long as the job does')],
      });
    });

    it('is told when there is no shell in the image', async () => {
      await expect(open(images.noShell)).rejects.toMatchObject({
        title: `steps can not run in the image ${images.noShell}: it has no /bin/sh`,
      });
    });

    it('is told when the user is none of the image', async () => {
      await expect(open(images.plain, { user: 'nobody-here' })).rejects.toMatchObject({
        title: expect.stringContaining('nobody-here'),
      });
    });
  });

  describe('services', () => {
    it('are on localhost, and by their names', async () => {
      const port = 20_000 + (process.pid % 10_000);
      const script = `while :; do echo "$WORD" | nc -l -p ${port}; done`;
      const service = dockerImage(images.plain, {
        name: 'db',
        entrypoint: ['/bin/sh', '-c', script],
        environment: new Map([['WORD', 'from the service']]),
      });
      const { sh } = await openJob(jobWith([dockerImage(images.plain), service]));
      const { text } = await sh(`until nc db ${port} < /dev/null; do sleep 0.05; done`);
      expect(text).toContain('from the service\n');
    });

    it('run what their image says, also without a shell', async () => {
      await openJob(jobWith([dockerImage(images.plain), dockerImage(images.noShell)]));
      expect(ourContainers()).toHaveLength(2);
    });

    it('are told when they end before the job', async () => {
      let heard: (text: string) => void = () => {};
      const said = new Promise<string>((resolve) => (heard = resolve));
      const service = dockerImage(images.plain, { name: 'db', command: ['sh', '-c', 'echo address in use; exit 3'] });
      await openJob(jobWith([dockerImage(images.bash), service]), { say: (text) => heard(text) });
      expect(await said).toMatch(/^The service db \(.*\) ended with exit code 3\..*\naddress in use$/s);
    });

    it('leave nothing behind when one of them can not be started', async () => {
      const services = [dockerImage(images.noShell), dockerImage(images.plain, { command: ['/no/such'] })];
      await expect(openJob(jobWith([dockerImage(images.plain), ...services]))).rejects.toMatchObject({
        title: expect.stringMatching(/a container of the image .* can not be started: .*\/no\/such/),
      });
    });
  });

  it('offers the engine to a job with setup_remote_docker, and to no other', async () => {
    const look = 'ls /var/run/docker.sock';
    const without = await open(images.user);
    expect(await without.sh(look)).toMatchObject({ exitCode: 1 });
    const job = jobWith([dockerImage(images.user)], { steps: [stepOf('setup_remote_docker')] });
    const { sh, said } = await openJob(job);
    expect(await sh(`${look} && [ -w /var/run/docker.sock ]`)).toMatchObject({ exitCode: 0 });
    expect(said).toContainEqual(expect.stringMatching(/`docker` reaches the engine of this machine, Docker \d/));
  });

  describe('is not opened, with the reason,', () => {
    const errorOf = (opening: Promise<unknown>): Promise<DeployError> =>
      opening.then(
        () => {
          throw new Error('it was opened');
        },
        (error: DeployError) => error,
      );

    it('when its image can not be pulled', async () => {
      const image = '127.0.0.1:1/nothing/here:1';
      const said: string[] = [];
      const { title, hints } = await errorOf(
        openJob(jobWith([dockerImage(images.plain), dockerImage(image)]), { say: (text) => void said.push(text) }),
      );
      expect(title).toMatch(`the image ${image} can not be pulled: `);
      expect(title).toMatch(/connection refused/);
      expect(hints).toContainEqual(expect.stringContaining('docker login'));
      expect(said).toContain(`Pulling ${image}`);
    });

    it('when no engine answers', async () => {
      const env = { ...process.env, DOCKER_HOST: 'unix:///nowhere/at/all' };
      const error = await errorOf(openJob(jobWith([dockerImage(images.plain)]), { env }));
      expect(error).toMatchObject({ code: 'docker.no_engine', exitCode: 1 });
      expect(error.title).toContain('unix:///nowhere/at/all');
    });

    it('when there is no docker', async () => {
      const error = await errorOf(openJob(jobWith([dockerImage(images.plain)]), { env: { PATH: '/nowhere' } }));
      expect(error).toMatchObject({ code: 'docker.missing', exitCode: 5 });
    });
  });

  it('is opened with an image that is here, and says that its tag may have moved', async () => {
    const latest = images.plain.replace(/:.*/, ':latest');
    docker(['tag', images.plain, latest]);
    try {
      const { said } = await open(latest);
      expect(said).toContainEqual(
        `${latest} is here already and not pulled again; \`docker pull ${latest}\` brings what its tag names by now.`,
      );
    } finally {
      docker(['rmi', latest]);
    }
  });
});

describe('a job without an image', () => {
  it.each([
    ['machine', 'the machine image ubuntu-2404:current'],
    ['macos', 'macOS with Xcode ubuntu-2404:current'],
  ] as const)('for %s runs on this machine, and says so', async (kind, what) => {
    const { said, start } = await openJob(jobWith({ kind, image: 'ubuntu-2404:current' }), {
      env: { PATH: '/nowhere' },
    });
    const { running, text } = start(['/bin/sh', '-c', 'echo here']);
    await running.ended;
    expect(text()).toBe('here\n');
    expect(said).toEqual([expect.stringContaining(what)]);
  });
});
