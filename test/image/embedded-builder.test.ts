import { chmodSync, cpSync, mkdirSync, mkdtempSync, symlinkSync, utimesSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, describe, expect, it } from '@jest/globals';
import { buildEmbedded } from '../../src/image/embedded-builder.ts';
import { buildFolder, buildText, fileIn } from './built-files.ts';
import { folderOf, removeFolder } from './local-registry.ts';

const folders: string[] = [];
const keep = (folder: string): string => {
  folders.push(folder);
  return folder;
};
afterEach(() => folders.splice(0).forEach(removeFolder));

// What docker 28 with BuildKit 0.29 made of the same Dockerfiles, but for the modes of files from the context.
describe('COPY', () => {
  const files = { 'a.txt': 'a', 'b.txt': 'b', 'd/x': 'x', 'd/sub/y': 'y', 'run.sh': ['#!', 0o755] as [string, number] };

  it.each([
    ['a file to a path', 'COPY a.txt /x', ['0644 0:0 x']],
    ['a file into a folder that is made', 'COPY a.txt /new/', ['0755 0:0 new/', '0644 0:0 new/a.txt']],
    ['a file to a path ending in /.', 'COPY a.txt /new/.', ['0755 0:0 new/', '0644 0:0 new/a.txt']],
    ['an executable', 'COPY run.sh /', ['0755 0:0 run.sh']],
    ['several files', 'COPY a.txt b.txt /', ['0644 0:0 a.txt', '0644 0:0 b.txt']],
    ['the JSON form', 'COPY ["a.txt", "/with space/"]', ['0755 0:0 with space/', '0644 0:0 with space/a.txt']],
    ['contents of a folder', 'COPY d /t', ['0755 0:0 t/', '0755 0:0 t/sub/', '0644 0:0 t/sub/y', '0644 0:0 t/x']],
    ['matches of a pattern', 'COPY *.txt /t/', ['0755 0:0 t/', '0644 0:0 t/a.txt', '0644 0:0 t/b.txt']],
    ['contents of matching folders', 'COPY d/s* /t/', ['0755 0:0 t/', '0644 0:0 t/y']],
    ['with an owner', 'COPY --chown=5:6 a.txt /o/p', ['0755 5:6 o/', '0644 5:6 o/p']],
    ['with an owner whose group is not given', 'COPY --chown=9 a.txt /p', ['0644 9:9 p']],
    [
      'with a mode, for new folders as well',
      'COPY --chmod=640 d /m/n',
      ['0640 0:0 m/', '0640 0:0 m/n/', '0640 0:0 m/n/sub/', '0640 0:0 m/n/sub/y', '0640 0:0 m/n/x'],
    ],
    ['with a name from a variable', 'ARG N=a\nENV E=.txt\nCOPY $N${E} /', ['0644 0:0 a.txt']],
    ['ADD of a file', 'ADD a.txt /', ['0644 0:0 a.txt']],
  ])('%s', async (_what, instruction, expected) => {
    const { layers } = await buildText(`FROM scratch\n${instruction}\n`, files);
    expect(layers).toEqual([expected]);
  });

  it('goes relative to WORKDIR, which is made for the user that is set', async () => {
    const { layers } = await buildText('FROM scratch\nUSER 7:8\nWORKDIR /w/x\nWORKDIR y\nCOPY a.txt .\n', files);
    expect(layers).toEqual([
      ['0755 7:8 w/', '0755 7:8 w/x/'],
      ['0755 7:8 w/', '0755 7:8 w/x/', '0755 7:8 w/x/y/'],
      ['0755 7:8 w/', '0755 7:8 w/x/', '0755 7:8 w/x/y/', '0644 0:0 w/x/y/a.txt'],
    ]);
  });

  it('makes no layer for a pattern without matches or a WORKDIR that is there', async () => {
    const { layers, config } = await buildText('FROM scratch\nCOPY d /d\nCOPY nothing* /t/\nWORKDIR /d\n', files);
    expect(layers).toHaveLength(1);
    expect(config.history?.map(({ empty_layer: empty }) => empty ?? false)).toEqual([false, true, true]);
  });

  it('looks owners up in the files of the image', async () => {
    const accounts = { passwd: 'root:x:0:0::/:\napp:x:100:200::/:\n', group: 'ops:x:300:\n', f: '' };
    const { layers } = await buildText(
      'FROM scratch\nCOPY passwd group /etc/\nCOPY --chown=app f /1\nCOPY --chown=app:ops f /2\nCOPY --chown=:ops f /3\n',
      accounts,
    );
    expect(layers.slice(1)).toEqual([['0644 100:200 1'], ['0644 100:300 2'], ['0644 0:300 3']]);
  });

  it('keeps owners and modes of another stage, but not those of the copied folder itself', async () => {
    const { layers } = await buildText(
      'FROM scratch AS one\nCOPY --chown=5:6 --chmod=700 d /t\nFROM scratch\nCOPY --from=one /t /u\nCOPY --from=0 --chown=1:1 /t/x /v\n',
      files,
    );
    expect(layers).toEqual([['0755 0:0 u/', '0700 5:6 u/sub/', '0700 5:6 u/sub/y', '0700 5:6 u/x'], ['0700 1:1 v']]);
  });

  it('keeps links inside a folder, follows a link that is the source, and writes through one in the destination', async () => {
    const folder = keep(folderOf({ 'd/real': 'r', 'd/sub/y': 'y', new: 'n' }));
    symlinkSync('real', join(folder, 'd/link'));
    symlinkSync('sub', join(folder, 'd/folder'));
    symlinkSync('d/real', join(folder, 'top'));
    writeFileSync(
      join(folder, 'Dockerfile'),
      'FROM scratch\nCOPY d /d\nCOPY top /t\nCOPY new /d/link\nCOPY new /d/folder/z\n',
    );
    const { layers } = await buildFolder(folder);
    expect(layers).toEqual([
      ['0755 0:0 d/', 'd/folder -> sub', 'd/link -> real', '0644 0:0 d/real', '0755 0:0 d/sub/', '0644 0:0 d/sub/y'],
      ['0644 0:0 t'],
      ['0755 0:0 d/', '0644 0:0 d/real'],
      ['0755 0:0 d/', '0755 0:0 d/sub/', '0644 0:0 d/sub/z'],
    ]);
  });

  it('writes heredocs, with variables unless the delimiter is quoted', async () => {
    const contextDir = keep(
      folderOf({ Dockerfile: 'FROM scratch\nENV V=val\nCOPY <<one <<-"two" /h/\n"$V" \\$V ${N:-x}\none\n\t$V\ntwo\n' }),
    );
    const image = await buildEmbedded({ contextDir, bases: () => Promise.reject(new Error('no base')) });
    const written = [await fileIn(image, 'h/one'), await fileIn(image, 'h/two')];
    await image.dispose();
    expect(written).toEqual(['"val" $V x\n', '$V\n']);
  });

  it('leaves out what .dockerignore names', async () => {
    const { layers } = await buildText('FROM scratch\nCOPY . /\n', { '.dockerignore': '*\n!d\nd/sub\n', ...files });
    expect(layers).toEqual([['0755 0:0 d/', '0644 0:0 d/x']]);
  });

  it('prefers the ignore file of the Dockerfile', async () => {
    const { layers } = await buildText('FROM scratch\nCOPY . /\n', {
      '.dockerignore': '*\n',
      'Dockerfile.dockerignore': 'Dockerfile*\n.dockerignore\nd\nrun.sh\n*.txt\n!a.txt\n',
      ...files,
    });
    expect(layers).toEqual([['0644 0:0 a.txt']]);
  });
});

describe('what can not be built', () => {
  it.each([
    ['RUN true', 2, 'RUN runs a program'],
    ['ONBUILD COPY a /', 2, 'ONBUILD is not known'],
    ['COPPY a /', 2, '"COPPY" is not an instruction'],
    ['COPY --parents a /', 2, 'does not know the flag --parents of COPY'],
    ['COPY --chmod=u+x a /', 2, 'octal numbers only'],
    ['\nCOPY missing /', 3, '"missing" does not exist in the build context'],
    ['COPY missing/* /', 2, '"missing" does not exist in the build context'],
    ['COPY hidden /', 2, '"hidden" does not exist in the build context (line 1 of .dockerignore leaves it out)'],
    ['COPY ../a /', 2, '"../a" leads out of the build context'],
    ['COPY a b /x', 2, 'the destination has to be a folder: write "/x/"'],
    ['COPY --chown=nobody a /', 2, 'the image has no user "nobody" in /etc/passwd'],
    ['COPY --from=1 a /', 2, '--from=1 is not a stage before this one'],
    ['COPY --from=0 a /', 2, '--from=0 is not a stage before this one'],
    ['ADD https://example.com/x /', 2, 'would have to be downloaded'],
    ['COPY a /f\nCOPY d /f', 3, '"/f" is no folder in the image'],
    ['COPY d /f\nCOPY a /f/a\nCOPY d /f/a', 4, '"/f/a" is no folder in the image'],
    ['COPY a /x\nCOPY b /x/y', 3, '"/x" is no folder in the image'],
    ['COPY "a /', 2, 'a double quote is not closed'],
    ['ENV A="${B:?is needed}"', 2, 'B: is needed'],
    ['EXPOSE http', 2, '"http" is not a port'],
    ['STOPSIGNAL SIGFOO', 2, '"SIGFOO" is not a signal'],
    ['CMD ["a", 1]', 2, 'the array may hold strings only'],
  ])('%s', async (instruction, line, why) => {
    const files = { a: '', b: '', 'd/x': '', hidden: '', '.dockerignore': 'hidden\n' };
    const failure = await buildText(`FROM scratch\n${instruction}\n`, files).catch((error: unknown) => error);
    expect(failure).toMatchObject({ exitCode: 7 });
    expect((failure as Error).message).toContain(`Dockerfile:${line}: `);
    expect((failure as Error).message).toContain(why);
  });

  it('ADD of an archive, which Docker would unpack', async () => {
    const folder = keep(folderOf({ Dockerfile: 'FROM scratch\nADD x.tgz /\n' }));
    writeFileSync(join(folder, 'x.tgz'), Buffer.from('1f8b0800', 'hex'));
    await expect(buildFolder(folder)).rejects.toThrow('ADD would unpack "x.tgz"');
  });

  it('a stage that is not there', async () => {
    const failure = buildText('FROM scratch AS one\n', {}, { target: 'two' });
    await expect(failure).rejects.toMatchObject({ exitCode: 2, hints: ['Its stages are: one.'] });
  });
});

describe('the configuration', () => {
  const configOf = async (dockerfile: string, options = {}): Promise<object> =>
    (await buildText(`FROM scratch\n${dockerfile}\n`, {}, options)).config.config ?? {};

  it('starts from the PATH and folder that BuildKit gives an empty image', async () => {
    expect(await configOf('')).toEqual({
      Env: ['PATH=/usr/local/sbin:/usr/local/bin:/usr/sbin:/usr/bin:/sbin:/bin'],
      WorkingDir: '/',
    });
  });

  it.each([
    ['ENV A=1 B="two words"\nENV A=3', { Env: [expect.stringMatching('^PATH='), 'A=3', 'B=two words'] }],
    ['ENV A the rest  of it', { Env: [expect.anything(), 'A=the rest  of it'] }],
    ['ENV A=1\nENV A=2 B=$A', { Env: [expect.anything(), 'A=2', 'B=1'] }],
    ['LABEL b=2 "a c"=\'1\'', { Labels: { 'a c': '1', b: '2' } }],
    ['USER app', { User: 'app' }],
    ['WORKDIR a\nWORKDIR b/../c', { WorkingDir: '/a/c' }],
    ['EXPOSE 80 53/udp 90-91', { ExposedPorts: { '53/udp': {}, '80/tcp': {}, '90/tcp': {}, '91/tcp': {} } }],
    ['VOLUME /b /a\nVOLUME ["/c d"]', { Volumes: { '/a': {}, '/b': {}, '/c d': {} } }],
    ['STOPSIGNAL SIGTERM', { StopSignal: 'SIGTERM' }],
    ['CMD ["a", "b"]', { Cmd: ['a', 'b'] }],
    ['CMD echo "$HOME"', { Cmd: ['/bin/sh', '-c', 'echo "$HOME"'] }],
    [
      'SHELL ["/bin/bash", "-c"]\nENTRYPOINT run it',
      { Entrypoint: ['/bin/bash', '-c', 'run it'], Shell: ['/bin/bash', '-c'] },
    ],
    ['ENTRYPOINT ["a"]\nCMD ["b"]', { Entrypoint: ['a'], Cmd: ['b'] }],
    ['CMD ["b"]\nENTRYPOINT ["a"]', { Entrypoint: ['a'], Cmd: ['b'] }],
    ['HEALTHCHECK NONE', { Healthcheck: { Test: ['NONE'] } }],
    [
      'HEALTHCHECK --interval=1m30s --retries=3 CMD ["/check"]',
      { Healthcheck: { Test: ['CMD', '/check'], Interval: 90e9, Retries: 3 } },
    ],
    ['HEALTHCHECK --timeout=500ms CMD check it', { Healthcheck: { Test: ['CMD-SHELL', 'check it'], Timeout: 500e6 } }],
  ])('%s', async (dockerfile, expected) => {
    expect(await configOf(dockerfile)).toMatchObject(expected);
  });

  it('drops an inherited CMD when a stage sets its own ENTRYPOINT', async () => {
    const { config } = await buildText('FROM scratch AS one\nCMD ["b"]\nFROM one\nENTRYPOINT ["a"]\n');
    expect(config.config).toMatchObject({ Entrypoint: ['a'] });
    expect(config.config).not.toHaveProperty('Cmd');
  });

  it('takes arguments from outside before defaults, and those before FROM only when they are declared again', async () => {
    const dockerfile =
      'ARG G=global\nARG H=hidden\nFROM scratch\nARG G\nARG D=default\nARG O=default\nENV X=$G,$H,$D,$O\n';
    const { config } = await buildText(dockerfile, {}, { buildArgs: { O: 'outside' } });
    expect(config.config?.Env).toContain('X=global,,default,outside');
  });

  it('knows the platform that is built for', async () => {
    const dockerfile = 'FROM scratch\nARG TARGETPLATFORM\nARG TARGETARCH\nENV P=$TARGETPLATFORM-$TARGETARCH\n';
    const { config } = await buildText(dockerfile, {}, { platform: 'linux/arm/v7' });
    expect(config).toMatchObject({ os: 'linux', architecture: 'arm', variant: 'v7' });
    expect(config.config?.Env).toContain('P=linux/arm/v7-arm');
  });

  it('does not hold the value of an argument in its history', async () => {
    const { config } = await buildText('FROM scratch\nARG TOKEN\n', {}, { buildArgs: { TOKEN: 'hush' } });
    expect(JSON.stringify(config)).not.toContain('hush');
  });

  it('has the given time everywhere', async () => {
    const { config } = await buildText('FROM scratch\nCOPY a /\n', { a: '' }, { sourceDateEpoch: 86_400 });
    expect([config.created, config.history?.[0]?.created]).toEqual(['1970-01-02T00:00:00Z', '1970-01-02T00:00:00Z']);
  });

  it('names arguments that nothing asks for', async () => {
    const warnings: string[] = [];
    const progress = { step: () => {}, info: () => {}, warn: (text: string) => void warnings.push(text) };
    await buildText('FROM scratch\n', {}, { buildArgs: { TYPO: '1' }, progress });
    expect(warnings).toEqual(['No ARG of the Dockerfile asks for the build argument TYPO.']);
  });
});

describe('the digest', () => {
  const dockerfile = 'FROM scratch\nWORKDIR /app\nCOPY . .\nCMD ["/app/run.sh"]\n';
  const files: [string, string, number][] = [
    ['run.sh', '#!/bin/sh\n', 0o755],
    ['data/ä.txt', 'umlaut', 0o644],
    ['data/b.txt', 'b'.repeat(100_000), 0o644],
    [`data/${'long-name-'.repeat(12)}`, 'l', 0o644],
    ['Dockerfile', dockerfile, 0o644],
  ];

  const written = (order: typeof files, modeOf: (mode: number) => number): string => {
    const folder = keep(mkdtempSync(join(tmpdir(), 'image-digest-')));
    mkdirSync(join(folder, 'data'));
    for (const [name, content, mode] of order) {
      writeFileSync(join(folder, name), content);
      chmodSync(join(folder, name), modeOf(mode));
    }
    symlinkSync('run.sh', join(folder, 'start'));
    return folder;
  };

  it('is the same from another folder, with another umask, other times and another order of files', async () => {
    const one = written(files, (mode) => mode);
    const two = written(files.toReversed(), (mode) => mode & 0o700);
    chmodSync(join(two, 'data'), 0o700);
    for (const [name] of files) utimesSync(join(two, name), 1, 1);
    const three = keep(mkdtempSync(join(tmpdir(), 'image-copy-')));
    cpSync(one, three, { recursive: true, verbatimSymlinks: true });
    const digests = new Set(
      [await buildFolder(one), await buildFolder(two), await buildFolder(three)].map(({ digest }) => digest),
    );
    expect(digests.size).toBe(1);
  });

  it('changes with one byte of one file', async () => {
    const one = written(files, (mode) => mode);
    const two = written(files, (mode) => mode);
    writeFileSync(join(two, 'data/ä.txt'), 'umlauts');
    expect((await buildFolder(one)).digest).not.toBe((await buildFolder(two)).digest);
  });

  // Pinned, so that a version of Node (or of the compressor) that gives other bytes shows.
  it('is the one that it was when this was written', async () => {
    const { digest } = await buildFolder(written(files, (mode) => mode));
    expect(digest).toBe('sha256:eab622dde7c15f21907f108dcaa0f5ad2a40dadc43c2709021a3ce0199e43f0d');
  });
});
