import { describe, expect, it } from '@jest/globals';
import { carryEnvironment, isOfClient } from '../../../../src/runner/docker/commands/command-environment.ts';

describe('the environment of a command', () => {
  it('is handed to docker by name, and what docker itself would listen to under other names', () => {
    const { args, env, script } = carryEnvironment({
      SECRET: "it's $x",
      HOME: '/job',
      DOCKER_HOST: 'tcp://x',
      'a.b': '1',
    });
    const [home, host] = ['AWS_DEPLOY_LOCAL_VALUE_0', 'AWS_DEPLOY_LOCAL_VALUE_1'] as const;
    expect(args).toEqual(['-e', 'SECRET', '-e', home, '-e', host, '-e', 'a.b']);
    expect(env).toEqual({ SECRET: "it's $x", [home]: '/job', [host]: 'tcp://x', 'a.b': '1' });
    expect(script).toBe(`export HOME="$${home}"; unset ${home}\nexport DOCKER_HOST="$${host}"; unset ${host}\n`);
  });

  it('leaves out what a shell refuses to set, and what has no name', () => {
    expect(carryEnvironment({ UID: '1', EUID: '1', PPID: '1', '': 'x' })).toEqual({ args: [], env: {}, script: '' });
  });

  it.each([
    'HOME',
    'PATH',
    'DOCKER_CONFIG',
    'https_proxy',
    'NO_PROXY',
    'LD_PRELOAD',
    'GODEBUG',
    'SSL_CERT_FILE',
    'XDG_RUNTIME_DIR',
    'CONTAINER_HOST',
  ])('%s means something to docker', (name) => expect(isOfClient(name)).toBe(true));

  it.each(['AWS_SECRET_ACCESS_KEY', 'CIRCLE_JOB', 'BASH_ENV', 'NODE_ENV', 'MY_HOME', 'PATH_OF_IT'])(
    '%s means nothing to docker',
    (name) => expect(isOfClient(name)).toBe(false),
  );
});
