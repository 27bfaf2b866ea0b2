import { afterEach, describe, expect, it } from '@jest/globals';
import { checkDockerfile } from '../../src/image/check-dockerfile.ts';
import { folderOf, removeFolder } from './local-registry.ts';

const folders: string[] = [];
afterEach(() => folders.splice(0).forEach(removeFolder));

function check(
  dockerfile: string,
  given: { target?: string; buildArgs?: Record<string, string> } = {},
): ReturnType<typeof checkDockerfile> {
  const contextDir = folderOf({ Dockerfile: dockerfile, a: 'a' });
  folders.push(contextDir);
  return checkDockerfile({ contextDir, ...given });
}

describe('checkDockerfile', () => {
  it('names the images that the target needs, and no others', async () => {
    const dockerfile =
      'ARG V=1\nFROM node:$V AS one\nFROM unused:1 AS two\nFROM one AS three\nCOPY --from=tools:2 /x /x\nCOPY --from=one /y /y\n';
    expect(await check(dockerfile)).toEqual({ bases: ['node:1', 'tools:2'] });
  });

  it.each([
    ['FROM scratch\nCOPY b /', 'Dockerfile:2: "b" does not exist in the build context'],
    ['FROM scratch\nARG N=b\nCOPY $N /', 'Dockerfile:3: "b" does not exist'],
    ['FROM scratch\nRUN true', 'Dockerfile:2: RUN runs a program'],
    ['FROM scratch\nCOPY --from=0 a /', 'Dockerfile:2: --from=0 is not a stage before this one'],
    ['ARG BASE\nFROM $BASE', 'Dockerfile:2: the base "$BASE" is empty'],
  ])('%j fails before anything is asked of a registry', async (dockerfile, why) => {
    await expect(check(dockerfile)).rejects.toThrow(why);
  });

  it('passes what only the base image can tell', async () => {
    expect(await check('FROM node:1\nCOPY $NODE_HOME/x /y\nCOPY a $HOME/\n')).toEqual({ bases: ['node:1'] });
  });

  it('says that there is no Dockerfile', async () => {
    await expect(checkDockerfile({ contextDir: '/nowhere' })).rejects.toMatchObject({
      code: 'dockerfile.not_found',
      exitCode: 5,
    });
  });

  it('refuses a base whose name is none', async () => {
    await expect(check('FROM Node:1\n')).rejects.toMatchObject({ exitCode: 7 });
  });
});
