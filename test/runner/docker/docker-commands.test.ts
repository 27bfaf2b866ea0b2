import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { execFileSync } from 'node:child_process';
import { join } from 'node:path';
import { MARK } from '../../../src/runner/shell/marked-processes.ts';
import { dockerImage, jobWith } from '../support/job-fields.ts';
import { openForAll, openJob, ourContainers, type OpenJob } from './support/job-in-docker.ts';
import { docker, makeTestImages, whyNoContainers, type TestImages } from './support/test-images.ts';

const reason = await whyNoContainers();
const withEngine = reason === undefined ? describe : describe.skip;

withEngine(`commands in a container${reason === undefined ? '' : ` (skipped: ${reason})`}`, () => {
  let images: TestImages;
  let job: OpenJob;
  beforeAll(async () => {
    images = makeTestImages();
    job = await openForAll(jobWith([dockerImage(images.plain)]));
  });
  afterAll(async () => {
    await job?.close();
    images?.remove();
  });

  it('end with their exit codes, also when a signal ends them', async () => {
    const { sh } = job;
    const ends = [];
    for (const script of ['exit 0', 'exit 3', 'kill -9 $$', 'kill -15 $$', 'exit 125']) ends.push(await sh(script));
    expect(ends.map(({ exitCode }) => exitCode)).toEqual([0, 3, 137, 143, 125]);
    expect(ends.filter(({ failure }) => failure !== undefined)).toEqual([]);
  });

  it('write both outputs in the order in which they were written', async () => {
    const { sh } = job;
    const { text } = await sh('for i in 1 2 3 4 5 6 7 8 9; do echo o$i; echo e$i >&2; done');
    expect(text).toBe('123456789'.replace(/./g, (i) => `o${i}\ne${i}\n`));
  });

  it('write all that they wrote, also without a last line end', async () => {
    const { sh } = job;
    const { text } = await sh('head -c 3000000 /dev/zero | tr "\\0" x; echo; printf end');
    expect(text).toBe(`${'x'.repeat(3_000_000)}\nend`);
  });

  it('can open /dev/stderr and /dev/stdout, and have no input', async () => {
    const { sh } = job;
    expect(await sh('cat; echo a > /dev/stderr; echo b | tee /dev/stdout')).toEqual({ exitCode: 0, text: 'a\nb\nb\n' });
  });

  it('have values as they are, whatever is in them and whatever they are called', async () => {
    const { sh, environment } = job;
    const values = {
      ODD: ` '"$(id)\`id\`\\ \t\nsecond line\n`,
      EMPTY: '',
      HOME: '/somewhere else',
      PATH: '/bin:/$(id)',
      DOCKER_HOST: 'tcp://nowhere:1',
      DOCKER_CONFIG: '/nowhere',
      HTTPS_PROXY: 'http://nowhere:1',
      LD_PRELOAD: '',
      GODEBUG: 'nothing=1',
      UTF: 'ö – 🐳',
      AWS_DEPLOY_LOCAL_VALUE: 'x',
    };
    const { text } = await sh('cat /proc/self/environ', values);
    const found = new Map(
      text
        .split('\0')
        .filter((line) => line !== '')
        .map((line) => [line.slice(0, line.indexOf('=')), line.slice(line.indexOf('=') + 1)]),
    );
    for (const not of ['PWD', 'SHLVL', '_', 'HOSTNAME', MARK, ...Object.keys(environment)]) {
      if (!(not in values)) found.delete(not);
    }
    expect(Object.fromEntries(found)).toEqual(values);
  });

  it('show no value on a command line', async () => {
    const { start } = job;
    const { running, wrote } = start(['/bin/sh', '-c', 'echo on; read -r line < /dev/zero'], {
      SECRET: 'hunter-2-hunter',
      DOCKER_AUTH_CONFIG: 'hunter-3-hunter',
    });
    await wrote('on');
    const seen = execFileSync('ps', ['-axww', '-o', 'args=']).toString();
    await running.stop();
    expect(seen).toContain('-e SECRET');
    expect(seen).not.toMatch(/hunter-[23]/);
  });

  it('get their arguments as they are', async () => {
    const { start } = job;
    const { running, text } = start(['printf', '%s|', '$HOME', 'a b', '; rm x', '', '-e']);
    await running.ended;
    expect(text()).toBe('$HOME|a b|; rm x||-e|');
  });

  it('have a working directory that was missing', async () => {
    const { sh, place } = job;
    const cwd = join(place.home, "a/b 'c");
    expect(await sh('pwd', {}, cwd)).toEqual({ exitCode: 0, text: `${cwd}\n` });
  });

  it('say when the working directory can not be made', async () => {
    const { sh } = job;
    expect(await sh('pwd', {}, '/etc/passwd/below')).toEqual({
      exitCode: 1,
      failure: expect.stringContaining('the working directory can not be made in the container: /etc/passwd/below'),
      text: '',
    });
  });

  it('say which program the image does not have', async () => {
    const { start } = job;
    const { running } = start(['/usr/bin/python3', 'x']);
    expect(await running.ended).toEqual({
      exitCode: 127,
      failure: `there is no program /usr/bin/python3 in the image ${images.plain}`,
    });
  });

  it('do not wait for a daemon that they leave, which goes on', async () => {
    const { sh, place } = job;
    const daemon = `setsid sh -c "mkfifo ../go; echo up > ../up; read line < ../go; echo lives > ../alive" &`;
    expect(await sh(`${daemon} until [ -e ../up ]; do sleep 0.01; done`)).toMatchObject({ exitCode: 0 });
    const { text } = await sh('echo > ../go; until [ -s ../alive ]; do sleep 0.01; done; cat ../alive');
    expect(text).toBe('lives\n');
    expect(place.home).not.toBe('');
  });

  it('end what they leave in their group, as with a terminal', async () => {
    const { sh } = job;
    const inGroup = '(trap "echo hup > ../gone; exit" HUP; echo > ../on; while :; do sleep 0.01; done) &';
    await sh(`${inGroup} until [ -e ../on ]; do sleep 0.01; done`);
    const { text } = await sh('until [ -s ../gone ]; do sleep 0.01; done; cat ../gone');
    expect(text).toBe('hup\n');
  });

  describe('that are stopped', () => {
    it('are asked first', async () => {
      const { start } = job;
      const script = 'trap "echo asked; exit 5" TERM; echo ready; while :; do sleep 0.01; done';
      const { running, wrote, text } = start(['/bin/sh', '-c', script]);
      await wrote('ready');
      await running.stop();
      expect(text()).toContain('asked\n');
      expect(await running.ended).toEqual({ exitCode: 5 });
    });

    it('are killed when they do not listen, with their grandchildren in sessions of their own', async () => {
      const { start, sh } = job;
      const deaf = `trap "" TERM; setsid sh -c 'trap "" TERM; setsid sleep 54321 & echo ready; sleep 54321' & sleep 54321`;
      const { running, wrote } = start(['/bin/sh', '-c', deaf]);
      await wrote('ready');
      await running.stop();
      expect(await running.ended).toEqual({ exitCode: 137 });
      const left = await sh('ps | grep -c "[s]leep 54321"');
      expect(left.text).toBe('0\n');
    });

    it('end before they have really started', async () => {
      const { start } = job;
      const { running } = start(['/bin/sh', '-c', 'exec sleep 1000']);
      await running.stop();
      expect(await running.ended).toEqual({ exitCode: 143 });
    });

    it('leave others alone', async () => {
      const { start } = job;
      const one = start(['/bin/sh', '-c', 'echo one; exec sleep 1000']);
      const other = start(['/bin/sh', '-c', 'mkfifo ../go-on; echo other; read line < ../go-on; echo still here']);
      await Promise.all([one.wrote('one'), other.wrote('other')]);
      await one.running.stop();
      const go = start(['/bin/sh', '-c', 'echo > ../go-on']);
      expect(await Promise.all([go.running.ended, other.running.ended])).toEqual([{ exitCode: 0 }, { exitCode: 0 }]);
      expect(other.text()).toBe('other\nstill here\n');
    });
  });

  it('fail in words when their container is gone', async () => {
    const { start } = await openJob(jobWith([dockerImage(images.plain)]));
    const { running, wrote } = start(['/bin/sh', '-c', 'echo on; exec sleep 1000']);
    await wrote('on');
    docker(['rm', '--force', ...ourContainers().slice(0, 1)]);
    expect(await running.ended).toMatchObject({ failure: 'its container has ended' });
    expect(await start(['true']).running.ended).toMatchObject({
      failure: expect.stringContaining('No such container'),
    });
  });

  it('end with the job', async () => {
    const { start, host } = await openJob(jobWith([dockerImage(images.plain)]));
    const { running, wrote } = start(['/bin/sh', '-c', 'echo on; exec sleep 1000']);
    await wrote('on');
    await host.close();
    expect(await running.ended).toEqual({ exitCode: 137 });
    expect(ourContainers()).toHaveLength(1);
  });
});
